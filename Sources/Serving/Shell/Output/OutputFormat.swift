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
