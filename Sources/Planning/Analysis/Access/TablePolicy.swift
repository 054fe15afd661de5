import Expressions
import Plans
import SQL
import Values

/// A table's filter and masks, parsed, and the columns that are refused.
struct TablePolicy: Sendable {
  var filter: Syntax.Expression?
  /// By name of column, lower-cased.
  var masks: [String: Syntax.Expression] = [:]
  var refused: Set<String> = []
  /// Where names inside of it are looked up: the table's own schema.
  var defaults: NameDefaults

  static let none = TablePolicy()

  private init() { defaults = NameDefaults(catalog: nil, schema: nil) }

  /// Throws INVALID_ROW_FILTER and INVALID_COLUMN_MASK.
  init(_ access: TableAccess, of table: ObjectName) throws {
    defaults = NameDefaults(catalog: table.catalog, schema: table.schema)
    refused = access.refusedColumns
    if let text = access.filter {
      do { filter = try Parser.expression(text) } catch { throw TablePolicy.invalidFilter(table, error) }
    }
    for (column, text) in access.masks {
      do { masks[column] = try Parser.expression(text) } catch { throw TablePolicy.invalidMask(table, column, error) }
    }
  }

  var isEmpty: Bool { filter == nil && masks.isEmpty && refused.isEmpty }
  var expressions: [Syntax.Expression] { (filter.map { [$0] } ?? []) + masks.sorted { $0.key < $1.key }.map(\.value) }

  /// Whether a column may be read as it is: statistics tell of its values.
  func shows(_ column: String) -> Bool { !refused.contains(column.lowercased()) && masks[column.lowercased()] == nil && filter == nil }

  static func invalidFilter(_ table: ObjectName, _ error: any Error) -> PrestoError {
    PrestoError(.invalidRowFilter, "Invalid row filter for '\(table)': \(PrestoError(error).message)")
  }

  static func invalidMask(_ table: ObjectName, _ column: String, _ error: any Error) -> PrestoError {
    PrestoError(.invalidColumnMask, "Invalid column mask for '\(table).\(column)': \(PrestoError(error).message)")
  }
}

extension QueryAnalyzer {
  /// The relation as the user sees it: rows filtered, then columns masked, refused columns out of reach.
  ///
  ///     Project(phone := mask(phone)) ◀─ Filter(country = 'EG') ◀─ Scan
  ///
  /// A refused column keeps its name, so that using it is refused and not unknown, but stands for a symbol that no plan produces: should a use slip
  /// through, the query fails.
  func restricted(_ relation: RelationPlan, _ table: ObjectName, _ policy: TablePolicy, at location: SourceLocation) throws -> RelationPlan
  {
    if policy.isEmpty { return relation }
    if isDescribing {
      var relation = relation
      relation.fields.removeAll { $0.canonical.map(policy.refused.contains) ?? false }
      return relation
    }
    if policiesUnderWay.contains(table) {
      throw PrestoError.at(location, .invalidRowFilter, "The row filter or a column mask of '\(table)' reads the table itself")
    }
    policiesUnderWay.append(table)
    defer { policiesUnderWay.removeLast() }
    let surroundings = Surroundings(scope: nil, named: nil, defaults: policy.defaults)
    var relation = relation
    if let filter = policy.filter {
      do { relation = try filtered(relation, filter, .where, "Row filter", surroundings) } catch let error as PrestoError
        where error.code != .permissionDenied
      { throw TablePolicy.invalidFilter(table, error) }
    }
    relation = try masked(relation, table, policy, surroundings)
    for index in relation.fields.indices {
      guard let name = relation.fields[index].canonical, policy.refused.contains(name) else { continue }
      let symbol = symbols.fresh(name, relation.fields[index].type)
      refusedColumns[symbol] = (table, name)
      relation.fields[index].value = .symbol(symbol)
    }
    return relation
  }

  private func masked(_ relation: RelationPlan, _ table: ObjectName, _ policy: TablePolicy, _ surroundings: Surroundings) throws
    -> RelationPlan
  {
    if policy.masks.isEmpty { return relation }
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope(relation.fields), clause: .select, subqueries: subqueries)
    var values: [(index: Int, value: Expression)] = []
    for (index, field) in relation.fields.enumerated() {
      guard let name = field.canonical, let mask = policy.masks[name] else { continue }
      do {
        let value = try analyzer.analyze(mask)
        guard Coercion.canCoerce(value.type, to: field.type) || value.type == field.type else {
          throw PrestoError(.typeMismatch, "Expected column mask to be of type \(field.type), but was \(value.type)")
        }
        values.append((index, value.coerced(to: field.type)))
      } catch let error as PrestoError where error.code != .permissionDenied { throw TablePolicy.invalidMask(table, name, error) }
    }
    var relation = relation
    var builder = columns(over: subqueries.attach(to: relation.plan, self))
    for (index, value) in values {
      relation.fields[index].value = .symbol(builder.symbol(for: value, named: relation.fields[index].name ?? "column"))
    }
    relation.plan = builder.extended
    return relation
  }

  /// Throws PERMISSION_DENIED when the relation uses columns that are refused.
  func checkColumns(_ relation: RelationPlan) throws {
    if refusedColumns.isEmpty { return }
    var used = Set(relation.visible.flatMap { $0.value.references })
    func visit(_ plan: Plan) {
      used.formUnion(plan.node.usedSymbols)
      if case .values(let node) = plan.node { for row in node.rows { for cell in row { used.formUnion(cell.references) } } }
      for input in plan.inputs { visit(input) }
    }
    visit(relation.plan)
    let found = refusedColumns.filter { used.contains($0.key) }.values.sorted {
      ($0.table.description, $0.column) < ($1.table.description, $1.column)
    }
    guard let first = found.first else { return }
    var names: [String] = []
    for one in found where one.table == first.table && !names.contains(one.column) { names.append(one.column) }
    throw AccessRequest.selectColumns(first.table, names).denial(for: access.identity)
  }
}
