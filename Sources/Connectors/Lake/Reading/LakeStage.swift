import Expressions
import Federation
import Parquet
import Values
import Vectors

/// One conjunct, or one join's keys, as a stage of decoding.
struct LakeStage {
  let filter: RowFilter
  /// No row of the file can pass.
  var isImpossible = false

  /// Cheap comparisons, then what joins have told, then everything else.
  static func stages(_ scan: LakeScan, _ mapping: FileMapping, _ filter: DynamicFilter<LakeColumn>, _ context: ScanContext) throws
    -> [LakeStage]
  {
    var cheap: [LakeStage] = [], dear: [LakeStage] = []
    var rest = scan.perRow[...]
    while let first = rest.popFirst() {
      // bounds of one column are one stage: decoded once anyway, and the evaluator narrows as it goes
      var conjuncts = [first]
      let columns = first.references
      while let next = rest.first, columns.count == 1, next.references == columns, (LakeScan.cost(next) < 4) == (LakeScan.cost(first) < 4) {
        conjuncts.append(next)
        rest = rest.dropFirst()
      }
      let stage = try conjunction(.all(conjuncts), mapping, context)
      if LakeScan.cost(first) < 4 { cheap.append(stage) } else { dear.append(stage) }
    }
    var keys: [LakeStage] = []
    for entry in filter.slots where !entry.column.isPerFile {
      if let stage = try Self.keys(entry.column, entry.slot, mapping, context) { keys.append(stage) }
    }
    return cheap + keys + dear
  }

  private static func conjunction(_ expression: Expr<LakeColumn>, _ mapping: FileMapping, _ context: ScanContext) throws -> LakeStage {
    var stored: [Int] = []
    let columns = Array(expression.references)
    var places: [LakeColumn: Expr<Int>] = [:]
    for column in columns {
      switch try mapping.place(of: column) {
      case .stored(let index):
        stored.append(index)
        places[column] = .reference(stored.count - 1, column.type)
      case .converted(let index, let type):
        stored.append(index)
        places[column] = .cast(.reference(stored.count - 1, type), to: column.type, safe: false)
      case .constant(let value): places[column] = .constant(value, column.type)
      }
    }
    // references become numbers first, then what stands for them
    let numbered = expression.rebased { column in columns.firstIndex(of: column) ?? 0 }
    let placed = numbered.replacing { inner in
      if case .reference(let number, _) = inner { places[columns[number]] } else { nil }
    }
    let evaluator = try Evaluator(placed, functions: context.functions, context: context.evaluation)
    if stored.isEmpty {
      // the file lacks all its columns: one answer for every row
      let isTrue = try evaluator.select(Batch([], count: 1)).count == 1
      return LakeStage(filter: RowFilter(columns: []) { _ in nil }, isImpossible: !isTrue)
    }
    return LakeStage(filter: RowFilter(columns: stored) { batch in try evaluator.select(batch) })
  }

  /// Sharpens while the scan runs: asks for the keys at every batch until they are known, and stops asking where they exclude too little.
  private static func keys(_ column: LakeColumn, _ slot: KeyFilterSlot, _ mapping: FileMapping, _ context: ScanContext) throws -> LakeStage?
  {
    // keys that are settled on nothing help nobody
    if slot.isSettled && !slot.sharpens && slot.current == nil { return nil }
    let conversion: Projection?
    let index: Int
    switch try mapping.place(of: column) {
    case .stored(let found): (index, conversion) = (found, nil)
    case .converted(let found, let type): (index, conversion) = (found, try Self.conversion(from: type, to: column.type, context))
    case .constant(let value):
      // null matches no key
      return value.isNull && slot.current != nil ? LakeStage(filter: RowFilter(columns: []) { _ in nil }, isImpossible: true) : nil
    }
    var seen = 0, kept = 0
    return LakeStage(
      filter: RowFilter(columns: [index]) { batch in
        guard let filter = slot.current, filter.type == column.type, seen < 65_536 || kept < seen / 10 * 9 else { return nil }
        let values = try conversion?.evaluate(batch)[0] ?? batch.columns[0]
        guard let alive = filter.select(values) else { return nil }
        seen += batch.count
        kept += alive.count
        return alive
      })
  }

  static func conversion(from: DataType, to: DataType, _ context: ScanContext) throws -> Projection {
    try Projection([.cast(.reference(0, from), to: to, safe: false)], functions: context.functions, context: context.evaluation)
  }
}
