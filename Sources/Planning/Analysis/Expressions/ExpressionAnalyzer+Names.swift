import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// A column by its (qualified) name. Throws COLUMN_NOT_FOUND, AMBIGUOUS_NAME.
  func column(_ parts: [Syntax.Identifier]) throws -> Expression {
    if let found = try resolve(parts) { return found }
    throw missing(parts)
  }

  private func resolve(_ parts: [Syntax.Identifier]) throws -> Expression? {
    switch scope.resolve(parts) {
    case .found(let field): return field.value
    case .ambiguous: throw ambiguous(parts)
    case .missing: break
    }
    switch fallback?.resolve(parts) {
    case .found(let field): return field.value
    case .ambiguous: throw ambiguous(parts)
    case .missing, nil: return nil
    }
  }

  private func ambiguous(_ parts: [Syntax.Identifier]) -> PrestoError {
    .at(
      location(parts), .ambiguousName, "Column '\(text(parts))' is ambiguous",
      hint: "Write the table's name before it: table.\(parts.last?.text ?? "column")")
  }

  private func missing(_ parts: [Syntax.Identifier]) -> PrestoError {
    let name = parts.last?.text ?? ""
    var hint: String?
    let prefix = parts.dropLast().map(\.canonical)
    if prefix.isEmpty {
      hint = NearestName.find(name, among: scope.visibleNames).map { "Did you mean '\($0)'?" }
      if hint == nil, parts[0].isQuoted { hint = "Text stands in single quotes: '\(name)'" }
    } else if let fields = scope.fields(ofRelation: parts.dropLast()) {
      hint = NearestName.find(name, among: fields.compactMap(\.name)).map { "Did you mean '\($0)'?" }
    } else if let relation = parts.first {
      let names = scope.visibleRelations
      hint =
        NearestName.find(relation.text, among: names).map { "Did you mean '\($0).\(name)'?" }
        ?? (names.isEmpty ? nil : "Relations here: " + names.joined(separator: ", "))
    }
    return .at(location(parts), .columnNotFound, "Column '\(text(parts))' cannot be resolved", hint: hint)
  }

  private func text(_ parts: [Syntax.Identifier]) -> String { parts.map(\.canonical).joined(separator: ".") }
  private func location(_ parts: [Syntax.Identifier]) -> SourceLocation { parts.first?.location ?? SourceLocation(line: 1, column: 1) }

  /// `a.b.c`: a qualified column if there is one of that name, else a field of the row `a.b`.
  func dereference(_ node: Syntax.Dereference, _ expression: Syntax.Expression) throws -> Expression {
    if let parts = expression.nameParts {
      if let found = try resolve(parts) { return found }
      if !scope.isColumn(parts), fallback?.isColumn(parts) != true { throw missing(parts) }
    }
    if let access = try jsonAccess(expression) { return access }
    let base = try analyze(node.base)
    guard case .row(let fields) = base.type else {
      throw PrestoError.at(node.base.location, .typeMismatch, "Expression \(text(node.base)) is not of type ROW")
    }
    let matching = fields.indices.filter { fields[$0].name?.lowercased() == node.field.canonical }
    guard let index = matching.first else {
      throw PrestoError.at(
        node.location, .columnNotFound, "Column '\(text(expression))' cannot be resolved",
        hint: NearestName.find(node.field.text, among: fields.compactMap(\.name)).map { "Did you mean '\($0)'?" })
    }
    if matching.count > 1 {
      throw PrestoError.at(node.location, .ambiguousName, "Ambiguous row field reference: \(node.field)")
    }
    return .field(base, index: index, fields[index].type)
  }

  /// A column that USING names, on one side of the join.
  func usingField(_ name: Syntax.Identifier, in side: Scope, _ sideName: String) throws -> Field {
    switch side.resolve([name]) {
    case .found(let field): return field
    case .ambiguous: throw PrestoError.at(name.location, .ambiguousName, "Column '\(name)' is ambiguous")
    case .missing: throw PrestoError.at(name.location, .columnNotFound, "Column '\(name)' is missing from \(sideName) side of join")
    }
  }
}
