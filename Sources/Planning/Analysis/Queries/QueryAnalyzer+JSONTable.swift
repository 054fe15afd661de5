import Expressions
import Plans
import SQL
import Values

extension QueryAnalyzer {
  /// JSON_TABLE beside the columns of `left`, whose names its input and parameters may use. The items a path finds become an array of texts, and its
  /// elements rows, of which JSON_VALUE and JSON_QUERY make the columns; NESTED does the same with each of the items.
  ///
  ///     '[{"a": 1, "b": [2, 3]}, …]'   ─▶   {"a": 1, "b": [2, 3]}   ─▶   a = 1 | 2
  ///                                         …                            a = 1 | 3
  func jsonTable(_ table: Syntax.JSONTable, from left: RelationPlan, isOuter: Bool, _ surroundings: Surroundings) throws -> RelationPlan {
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope(left.fields, parent: surroundings.scope), clause: .unnest, subqueries: subqueries)
    var call = try analyzer.pathArguments(table.call)
    var builder = columns(over: subqueries.attach(to: left.plan, self))
    // columns' paths may use the parameters, too
    if call[2].type != .unknown { call[2] = .symbol(builder.symbol(for: call[2], named: "parameters")) }
    let columns = try JSONTableColumns(self, analyzer, table, parameters: call[2])
    let (plan, values) = try columns.rows(of: [(call, table.columns)], beside: builder.extended, isOuter: isOuter, under: nil)
    var shown = self.columns(over: plan)
    let fields = values[0].map { name, value in Field(name: name.text, value: .symbol(shown.symbol(for: value, named: name.text))) }
    return RelationPlan(plan: shown.extended, fields: fields)
  }
}

private struct JSONTableColumns {
  typealias Named = (name: Syntax.Identifier, value: Expression)

  let queries: QueryAnalyzer
  let analyzer: ExpressionAnalyzer
  let parameters: Expression
  let isErrorOnError: Bool
  /// Whether an item without nested ones has a row.
  let keepsParents: Bool

  init(_ queries: QueryAnalyzer, _ analyzer: ExpressionAnalyzer, _ table: Syntax.JSONTable, parameters: Expression) throws {
    self.queries = queries
    self.analyzer = analyzer
    self.parameters = parameters
    isErrorOnError = table.isErrorOnError ?? false
    switch table.plan {
    case nil: keepsParents = true
    case .standard(let parentChild, let siblings):
      guard siblings != .cross else { throw PrestoError.at(table.location, .notSupported, "JSON_TABLE with CROSS is not supported") }
      keepsParents = parentChild != .inner
    case .leaf, .parent, .siblings:
      throw PrestoError.at(table.location, .notSupported, "JSON_TABLE with a specific PLAN is not supported")
    }
    var seen = Set<String>()
    try JSONTableColumns.checkNames(table.columns, &seen)
  }

  private static func checkNames(_ columns: [Syntax.JSONTableColumn], _ seen: inout Set<String>) throws {
    for column in columns {
      switch column {
      case .ordinality(let name), .value(let name, _, _, _, _), .query(let name, _, _, _, _, _, _, _):
        guard seen.insert(name.canonical).inserted else {
          throw PrestoError.at(
            name.location, .duplicateColumnOrPathName, "All column and path names in JSON_TABLE invocation must be unique")
        }
      case .nested(_, let name, let inner):
        if let name, !seen.insert(name.canonical).inserted {
          throw PrestoError.at(
            name.location, .duplicateColumnOrPathName, "All column and path names in JSON_TABLE invocation must be unique")
        }
        try checkNames(inner, &seen)
      }
    }
  }

  private func text(_ text: String) -> Expression { .constant(.text(text), .varchar) }

  /// A row for each item of each of the siblings beside each row of `plan`, and each sibling's columns: null in the rows of the others.
  /// `parent`: the item that the siblings' paths start from; null where it has none.
  func rows(
    of siblings: [(call: [Expression], columns: [Syntax.JSONTableColumn])], beside plan: Plan, isOuter: Bool, under parent: Expression?
  ) throws -> (Plan, [[Named]]) {
    let symbols = queries.symbols
    let lists = siblings.map {
      analyzer.jsonQuery($0.call, .varchar, .unconditional, nil, .emptyArray, isErrorOnError ? .error : .emptyArray)
    }
    let type = DataType.row([.init(nil, .integer), .init(nil, .varchar), .init(nil, .bigint)])
    var builder = queries.columns(over: plan)
    let list = builder.symbol(for: analyzer.jsonCall("$json_elements", lists, .array(type)), named: "elements")
    let sibling = symbols.fresh("sibling", .integer), item = symbols.fresh("item", .varchar), ordinal = symbols.fresh("ordinality", .bigint)
    var result = Plan(
      .unnest(
        .init(
          input: builder.extended, kept: plan.outputs, items: [(list, [sibling, item, ordinal])], ordinality: nil,
          isOuter: isOuter || parent != nil)))
    // rows of the parent's own siblings have no item and stay
    if let parent, !isOuter { result = result.filtered(.or([.isNull(parent), .not(.isNull(.symbol(sibling)))])) }
    var columns: [[Named]] = []
    for (index, one) in siblings.enumerated() {
      func own(_ symbol: Symbol) -> Expression {
        if siblings.count == 1 { return .symbol(symbol) }
        let isOwn = Expression.comparison(FunctionID.Operator.equal, .symbol(sibling), .constant(.integer(Int64(index)), .integer))
        return .if(isOwn, then: .symbol(symbol), else: .null(symbol.type))
      }
      let (next, values) = try self.columns(one.columns, item: own(item), ordinal: own(ordinal), over: result)
      result = next
      columns.append(values)
    }
    return (result, columns)
  }

  private func columns(_ columns: [Syntax.JSONTableColumn], item: Expression, ordinal: Expression, over plan: Plan) throws -> (
    Plan, [Named]
  ) {
    let input = analyzer.jsonCall("$json_input", [item, text("")], .json)
    let names = parameters.type.fieldNames
    func call(_ path: String, at place: Syntax.Place) throws -> [Expression] {
      try analyzer.checkPath(path, parameters: names, at: place)
      return [input, text(path), parameters]
    }
    func path(_ path: String?, _ name: Syntax.Identifier) -> String {
      path ?? "lax $.\"" + name.text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    let nested = try columns.compactMap { column -> (call: [Expression], columns: [Syntax.JSONTableColumn])? in
      guard case .nested(let path, _, let inner) = column else { return nil }
      return (try call(path, at: .nowhere), inner)
    }
    var plan = plan
    var inner: ArraySlice<[Named]> = []
    if !nested.isEmpty {
      let (wider, values) = try rows(of: nested, beside: plan, isOuter: keepsParents, under: item)
      plan = wider
      inner = values[...]
    }
    var values: [Named] = []
    for column in columns {
      switch column {
      case .ordinality(let name): values.append((name, ordinal))
      case .value(let name, let written, let own, let onEmpty, let onError):
        let type = try TypeResolution.type(written)
        guard type.isText || type.isNumeric || type == .boolean || type.isTemporal else {
          throw PrestoError.at(written.location, .typeMismatch, "Invalid type of column \(name) of JSON_TABLE: \(type)")
        }
        let value = try analyzer.jsonScalar(
          try call(path(own, name), at: name.place), type, onEmpty, onError ?? (isErrorOnError ? .error : .null))
        values.append((name, value))
      case .query(let name, let written, _, let own, let wrapper, let quotes, let onEmpty, let onError):
        let type = try TypeResolution.type(written)
        guard type.isText || type == .json else {
          throw PrestoError.at(written.location, .typeMismatch, "Cannot output JSON value as \(type) using formatting JSON")
        }
        let value = analyzer.jsonQuery(
          try call(path(own, name), at: name.place), type, wrapper, quotes, onEmpty, onError ?? (isErrorOnError ? .error : .null))
        values.append((name, value))
      case .nested: values += inner.popFirst() ?? []
      }
    }
    return (plan, values)
  }
}

extension DataType {
  fileprivate var fieldNames: [String] { if case .row(let fields) = self { fields.compactMap(\.name) } else { [] } }
}
