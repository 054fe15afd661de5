import Expressions
import Federation
import Parquet
import Values
import Vectors

/// A filter taken apart for one table: what folders and file names decide, and what rows decide.
struct LakeScan: Sendable {
  let table: LakeTable
  /// Conjuncts over columns that are the same for all rows of a file.
  let perFile: [Expr<LakeColumn>]
  /// All others, cheap ones that cannot fail first.
  let perRow: [Expr<LakeColumn>]
  let conditions: LakeConditions

  init(_ table: LakeTable) {
    self.table = table
    let conjuncts = table.filter?.conjuncts ?? []
    perFile = conjuncts.filter { $0.references.allSatisfy(\.isPerFile) }
    let rest = conjuncts.filter { !$0.references.allSatisfy(\.isPerFile) }
    perRow = rest.enumerated().sorted { a, b in
      let x = LakeScan.cost(a.element), y = LakeScan.cost(b.element)
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
    conditions = LakeConditions(table.filter)
  }

  /// Comparisons with constants cannot fail, so they may go first. Everything else keeps its order among itself.
  static func cost(_ expression: Expr<LakeColumn>) -> Int {
    switch expression {
    case .call(let id, let arguments, _) where arguments.count == 2 && id.name.hasPrefix("$"):
      guard case .reference(_, let type) = arguments[0], case .constant = arguments[1] else { return 4 }
      switch id.name {
      case FunctionID.Operator.equal, FunctionID.Operator.lessThan, FunctionID.Operator.lessThanOrEqual, FunctionID.Operator.greaterThan,
        FunctionID.Operator.greaterThanOrEqual, FunctionID.Operator.notEqual:
        return type.layout == .bytes ? 2 : 0
      default: return 4
      }
    case .among(.reference(_, let type), let list):
      return list.allSatisfy { if case .constant = $0 { true } else { false } } ? (type.layout == .bytes ? 2 : 1) : 4
    case .isNull(.reference), .not(.isNull(.reference)), .reference: return 1
    default: return 4
    }
  }

  /// Whether any row of a file can satisfy the filter, by what is known without opening it. Exact for `perFile`.
  func mayHold(_ file: LakeFile, _ context: ScanContext) throws -> Bool {
    for conjunct in perFile {
      let columns = Array(conjunct.references)
      let vectors = columns.map { Vector.constant(file.value(of: $0, in: table) ?? .null, $0.type, count: 1) }
      let expression = conjunct.rebased { column in columns.firstIndex(of: column) ?? 0 }
      let evaluator = try Evaluator(expression, functions: context.functions, context: context.evaluation)
      if try evaluator.select(Batch(vectors, count: 1)).count == 0 { return false }
    }
    return true
  }

  /// Whether any row of a file can match what joins have told of their keys, by its folders alone.
  func mayMatch(_ file: LakeFile, _ keys: [(column: LakeColumn, filter: KeyFilter)]) -> Bool {
    for (column, filter) in keys where column.isPerFile {
      let value = file.value(of: column, in: table) ?? .null
      if value.isNull || filter.isEmpty { return false }
      if filter.type == column.type, let alive = filter.select(Vector.constant(value, column.type, count: 1)), alive.count == 0 {
        return false
      }
    }
    return true
  }
}
