// Shell: what a person at a terminal sees.
//
// In come lines typed or a script; out go tables, CSV, JSON. The shell knows the engine through `Engine.query` and its results alone: it keeps the
// session (what USE, SET SESSION and PREPARE changed), prints rows as they arrive, shows progress while it waits, and turns Ctrl-C into a cancelled
// query, never a lost shell.

/// Presto CLI's output formats.
public enum OutputFormat: String, CaseIterable, Sendable {
  case aligned = "ALIGNED"
  case vertical = "VERTICAL"
  case tsv = "TSV"
  case tsvHeader = "TSV_HEADER"
  case csv = "CSV"
  case csvHeader = "CSV_HEADER"
  case csvUnquoted = "CSV_UNQUOTED"
  case csvHeaderUnquoted = "CSV_HEADER_UNQUOTED"
  case json = "JSON"
  case markdown = "MARKDOWN"
  /// Aligned, or vertical where a row is wider than the terminal.
  case auto = "AUTO"
  /// Runs the query and prints nothing.
  case null = "NULL"
}
