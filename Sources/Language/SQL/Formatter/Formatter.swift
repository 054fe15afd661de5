/// Prints any syntax tree as SQL that parses to an equal tree.
///
/// Expressions print as Presto prints them in messages: every operator in parentheses, keywords in capitals, names as they were written.
/// The line style puts a statement on one line; the indented style is for people, as in `SHOW CREATE VIEW`.
public struct Formatter {
  public enum Style: Hashable, Sendable {
    /// Everything on one line.
    case line
    /// Clauses on lines of their own, two columns deeper for each sub-query.
    case indented
  }

  private(set) var output = ""
  private var indentation = 0
  private let style: Style

  init(style: Style) { self.style = style }

  /// A statement without a semicolon.
  public static func format(_ statement: Syntax.Statement, style: Style = .line) -> String {
    var formatter = Formatter(style: style)
    formatter.write(statement)
    return formatter.output
  }

  public static func format(_ query: Syntax.Query, style: Style = .line) -> String {
    var formatter = Formatter(style: style)
    formatter.write(query)
    return formatter.output
  }

  public static func format(_ relation: Syntax.Relation, style: Style = .line) -> String {
    var formatter = Formatter(style: style)
    formatter.write(relation)
    return formatter.output
  }

  public static func format(_ expression: Syntax.Expression) -> String {
    var formatter = Formatter(style: .line)
    formatter.writeWhole(expression)
    return formatter.output
  }

  public static func format(_ type: Syntax.TypeName) -> String {
    var formatter = Formatter(style: .line)
    formatter.write(type)
    return formatter.output
  }

  public static func format(_ name: Syntax.QualifiedName) -> String {
    var formatter = Formatter(style: .line)
    formatter.write(name)
    return formatter.output
  }

  // MARK: Pieces

  mutating func write(_ text: String) { output += text }

  /// A blank, or a new line in the indented style.
  mutating func breakLine() {
    switch style {
    case .line: output += " "
    case .indented:
      output += "\n"
      for _ in 0..<indentation { output += "  " }
    }
  }

  /// Nothing, or a new line in the indented style: after `(` and before `)`.
  mutating func softBreak() {
    if style == .indented { breakLine() }
  }

  mutating func indent() { indentation += 1 }
  mutating func outdent() { indentation -= 1 }

  /// `a, b, c`
  mutating func list<Element>(_ elements: [Element], _ write: (inout Formatter, Element) -> Void) {
    for (index, element) in elements.enumerated() {
      if index > 0 { output += ", " }
      write(&self, element)
    }
  }

  /// `(a, b, c)`
  mutating func parenthesized<Element>(_ elements: [Element], _ write: (inout Formatter, Element) -> Void) {
    output += "("
    list(elements, write)
    output += ")"
  }

  /// `( query )`, the query deeper.
  mutating func parenthesized(_ query: Syntax.Query) {
    output += "("
    indent()
    softBreak()
    write(query)
    outdent()
    softBreak()
    output += ")"
  }

  mutating func write(_ name: Syntax.QualifiedName) {
    for (index, part) in name.parts.enumerated() {
      if index > 0 { output += "." }
      write(part)
    }
  }

  /// The name as it was written, quoted where it must be.
  mutating func write(_ identifier: Syntax.Identifier) {
    if identifier.isQuoted || !Formatter.isPlain(identifier.text) {
      quote(identifier)
    } else {
      output += identifier.text
    }
  }

  mutating func quote(_ identifier: Syntax.Identifier) {
    output += "\""
    for scalar in identifier.text.unicodeScalars {
      if scalar == "\"" { output += "\"" }
      output.unicodeScalars.append(scalar)
    }
    output += "\""
  }

  /// Whether a name needs no quotes: a letter or underscore, then letters, digits, underscores, and no reserved word.
  static func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, isWordStart(first), bytes.allSatisfy(isWordPart) else { return false }
    return Keyword(word: text)?.isReserved != true
  }

  /// `'text'`
  mutating func write(string text: String) {
    output += "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { output += "'" }
      output.unicodeScalars.append(scalar)
    }
    output += "'"
  }

  /// `(a, b)`
  mutating func write(columns: [Syntax.Identifier]) {
    parenthesized(columns) { $0.write($1) }
  }
}
