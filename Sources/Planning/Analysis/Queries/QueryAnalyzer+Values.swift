import Expressions
import Plans
import SQL
import Values

extension QueryAnalyzer {
  /// `VALUES (1, 'a'), (2, 'b')`: the columns' types are the common types of their cells.
  func values(_ table: Syntax.ValuesTable, _ surroundings: Surroundings) throws -> RelationPlan {
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope([], parent: surroundings.scope), clause: .values, subqueries: subqueries)
    var rows: [[Expression]] = []
    var names: [String?]?
    rows.reserveCapacity(table.rows.count)
    for row in table.rows {
      let cells: [Expression]
      if case .row(let constructor) = row {
        cells = try constructor.fields.map { try analyzer.analyze($0.value) }
      } else {
        let value = try analyzer.analyze(row)
        if case .row(let fields) = value.type {
          // a row that is computed is taken apart like one that is written out
          try analyzer.checkCopies(of: value, times: fields.count, at: row.place)
          cells = fields.indices.map { .field(value, index: $0, fields[$0].type) }
          names = names ?? fields.map(\.name)
        } else {
          cells = [value]
        }
      }
      if let first = rows.first, first.count != cells.count {
        throw PrestoError.at(
          row.location, .typeMismatch, "Values rows have mismatched sizes: \(first.count) vs \(cells.count)")
      }
      rows.append(cells)
    }
    let width = rows.first?.count ?? 0
    for column in 0..<width {
      let cells = try analyzer.unified(rows.map { $0[column] }, at: table.place) {
        "Values rows have mismatched types: \($0) vs \($1)"
      }
      for (row, cell) in cells.enumerated() { rows[row][column] = cell }
    }
    let outputs = (0..<width).map { symbols.fresh("_col\($0)", rows[0][$0].type) }
    let isNamed = names?.count == outputs.count && rows.count == 1
    let fields = outputs.enumerated().map { Field(name: isNamed ? names?[$0] : nil, value: .symbol($1)) }
    let isSelfContained = rows.allSatisfy { $0.allSatisfy { $0.references.isEmpty } }
    if isSelfContained, subqueries.pending.isEmpty {
      return RelationPlan(plan: Plan(.values(.init(outputs: outputs, rows: rows))), fields: fields)
    }
    return RelationPlan(plan: computed(rows, outputs, over: subqueries.attach(to: .oneRow, self)), fields: fields)
  }

  /// Rows that depend on sub-queries or outer columns: one projection a row over a plan of one row that has what they need.
  private func computed(_ rows: [[Expression]], _ outputs: [Symbol], over oneRow: Plan) -> Plan {
    guard rows.count > 1 else {
      return Plan(.project(.init(input: oneRow, assignments: zip(outputs, rows[0]).map { ($0, $1) })))
    }
    // Several rows are the elements of an array of rows over that one row, so that its sub-queries run once.
    let type = DataType.row(outputs.map { DataType.Field(nil, $0.type) })
    let elements = rows.map { Expression.call(FunctionID(FunctionID.Operator.row, $0.map(\.type)), $0, type) }
    let array = Expression.call(
      FunctionID(FunctionID.Operator.array, elements.map(\.type)), elements, .array(type))
    let symbol = symbols.fresh("rows", array.type)
    return Plan(
      .unnest(.init(input: oneRow.adding([(symbol, array)]), kept: [], items: [(value: symbol, outputs: outputs)])))
  }
}
