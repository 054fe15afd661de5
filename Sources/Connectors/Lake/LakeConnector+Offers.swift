import Expressions
import Federation
import Values

extension LakeConnector {
  /// Takes every conjunct that is the same however often it is evaluated: folders and statistics skip by it, and the rows that are left are
  /// filtered while they are decoded.
  public func apply(filter: Expr<LakeColumn>, to table: LakeTable) throws -> FilterAnswer<LakeTable, LakeColumn>? {
    guard table.limit == nil, table.summary == nil else { return nil }
    // text has neither statistics nor columns by themselves: folders alone can skip it
    func isTaken(_ conjunct: Expr<LakeColumn>) -> Bool {
      LakeConnector.isDeterministic(conjunct) && (!table.format.isText || conjunct.references.allSatisfy(\.isPerFile))
    }
    let taken = filter.conjuncts.filter { isTaken($0) }
    let residual = filter.conjuncts.filter { !isTaken($0) }
    if taken.isEmpty { return nil }
    var answer = table
    answer.filter = .all((table.filter?.conjuncts ?? []) + taken)
    return FilterAnswer(table: answer, residual: residual.isEmpty ? nil : .all(residual))
  }

  private static func isDeterministic(_ expression: Expr<LakeColumn>) -> Bool {
    !expression.contains { inner in
      if case .call(let id, _, _) = inner {
        ["random", "rand", "uuid", "shuffle", "secure_random", "secure_rand"].contains(id.name)
      } else {
        false
      }
    }
  }

  /// Every split stops there; together they may still be more.
  public func apply(limit: Int, to table: LakeTable) throws -> RowsAnswer<LakeTable>? {
    guard limit >= 0, table.summary == nil, table.limit.map({ $0 > limit }) ?? true else { return nil }
    var answer = table
    answer.limit = limit
    return RowsAnswer(table: answer, isGuaranteed: false)
  }

  /// What footers know exactly, over all rows or over whole files.
  public func apply(aggregation: Aggregation<LakeColumn>, to table: LakeTable) throws -> ProjectionAnswer<LakeTable, LakeColumn>? {
    guard !table.format.isText, aggregation.keys.isEmpty, !aggregation.calls.isEmpty, table.limit == nil, table.summary == nil,
      (table.filter?.references ?? []).allSatisfy(\.isPerFile)
    else { return nil }
    var summaries: [LakeSummary] = []
    var outputs: [Expr<LakeColumn>] = []
    for call in aggregation.calls {
      guard let summary = LakeConnector.summary(call), summary.type == call.type else { return nil }
      let place = summaries.firstIndex(of: summary) ?? summaries.count
      if place == summaries.count { summaries.append(summary) }
      outputs.append(.reference(LakeColumn(name: "_\(place)", type: summary.type, source: .summary(place)), summary.type))
    }
    var answer = table
    answer.summary = summaries
    return ProjectionAnswer(table: answer, outputs: outputs)
  }

  private static func summary(_ call: Aggregation<LakeColumn>.Call) -> LakeSummary? {
    guard call.filter == nil else { return nil }
    guard let argument = call.arguments.first else { return call.function.name == "count" && !call.isDistinct ? .rowCount : nil }
    guard call.arguments.count == 1, case .reference(let column, _) = argument else { return nil }
    switch call.function.name {
    case "count": return call.isDistinct ? nil : .valueCount(column)
    // floating numbers have NaN and two zeros, texts may be cut: what footers say of them need not be a value
    case "min" where isOrderedExactly(column.type): return .minimum(column)
    case "max" where isOrderedExactly(column.type): return .maximum(column)
    default: return nil
    }
  }

  private static func isOrderedExactly(_ type: DataType) -> Bool {
    switch type {
    case .tinyint, .smallint, .integer, .bigint, .date, .timestamp, .decimal: true
    default: false
    }
  }

  public func explain(_ table: LakeTable, columns: [LakeColumn]) -> ScanExplanation {
    var explanation = ScanExplanation(table: "lake \(table.name)")
    explanation.notes.append("files: \(table.location.path)")
    if case .text(let format) = table.format {
      explanation.notes.append(format.isJSON ? "lines of JSON, read whole" : "delimited text, read whole")
    }
    if let summary = table.summary { explanation.notes.append("answered from footers: \(summary.map(\.text).joined(separator: ", "))") }
    if let filter = table.filter {
      let conditions = LakeConditions(filter).conditions
      let scan = LakeScan(table)
      if !scan.perFile.isEmpty {
        explanation.notes.append(
          "files chosen by \(Set(scan.perFile.flatMap { $0.references.map(\.name) }).sorted().joined(separator: ", "))")
      }
      if !scan.perRow.isEmpty {
        explanation.notes.append(
          "filtered while decoding by \(Set(scan.perRow.flatMap { $0.references.map(\.name) }).sorted().joined(separator: ", "))")
      }
      let pruning = Set(conditions.filter { $0.column.source == .file }.map(\.column.name)).sorted()
      if !pruning.isEmpty { explanation.notes.append("row groups and pages skipped by \(pruning.joined(separator: ", "))") }
    }
    return explanation
  }
}

extension LakeSummary {
  var text: String {
    switch self {
    case .rowCount: "count(*)"
    case .valueCount(let column): "count(\(column))"
    case .minimum(let column): "min(\(column))"
    case .maximum(let column): "max(\(column))"
    }
  }
}
