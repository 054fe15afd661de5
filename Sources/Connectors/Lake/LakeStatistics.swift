import Expressions
import Federation
import ObjectStore
import Parquet
import Values

/// What footers say of a table: rows, nulls, bounds, and a guess of distinct values from how many bits a value takes.
struct LakeStatistics {
  let table: LakeTable
  let footers: FooterCache

  /// Footers read for one estimate; the others are taken to be like them.
  private static let sample = 48

  private struct Tally {
    var rows = 0
    var nulls = 0
    var bytes = 0
    var low: Constant?
    var high: Constant?
    var isKnown = true
    var distinct: Int?
  }

  func estimate(_ files: [LakeFile]) async throws -> TableStatistics<LakeColumn> {
    guard !files.isEmpty else { return TableStatistics(rows: 0) }
    let step = max(1, files.count / LakeStatistics.sample)
    let chosen = stride(from: 0, to: files.count, by: step).map { files[$0] }
    let conditions = LakeConditions(table.filter)
    let stored = table.columns.filter { $0.source == .file }
    var tallies = [Tally](repeating: Tally(), count: stored.count)
    var rows = 0, sampledBytes = 0
    for (file, footer) in zip(chosen, try await footers.footers(chosen.map(\.entry))) {
      let mapping = FileMapping(file, footer, table)
      let parquet = mapping.footer.parquet
      let pruning = conditions.columns(of: mapping)
      sampledBytes += file.entry.size
      for group in 0..<parquet.rowGroupCount where parquet.survives(rowGroup: group, pruning) {
        let count = parquet.rowCount(ofGroup: group)
        rows += count
        for (place, column) in stored.enumerated() { add(column, mapping, group, count, &tallies[place]) }
      }
    }
    let allBytes = files.reduce(0) { $0 + $1.entry.size }
    let scale = chosen.count == files.count ? 1 : Double(allBytes) / Double(max(1, sampledBytes))
    let total = Double(rows) * scale
    var statistics = TableStatistics<LakeColumn>(rows: total)
    for (column, tally) in zip(stored, tallies) { statistics.columns[column] = summary(tally, column, total) }
    for column in table.partitionColumns { statistics.columns[column] = partition(column, files) }
    if table.filter != nil { LakeSelectivity(table.filter).narrow(&statistics, isPruned: true) }
    if let limit = table.limit { statistics.rows = statistics.rows.map { min($0, Double(limit)) } }
    return statistics
  }

  private func add(_ column: LakeColumn, _ mapping: FileMapping, _ group: Int, _ rows: Int, _ tally: inout Tally) {
    tally.rows += rows
    if mapping.isMissing(column) {
      tally.nulls += rows
      return
    }
    guard let index = mapping.plainIndex(of: column) else {
      tally.isKnown = false
      return
    }
    let parquet = mapping.footer.parquet
    tally.bytes += parquet.uncompressedSize(ofGroup: group, columns: [index])
    guard let statistics = parquet.statistics(rowGroup: group, column: index) else {
      tally.isKnown = false
      return
    }
    tally.nulls += statistics.nullCount ?? 0
    if let count = statistics.distinctCount { tally.distinct = max(tally.distinct ?? 0, count) }
    if statistics.nullCount == rows { return }
    guard let low = statistics.minimum, let high = statistics.maximum else {
      tally.isKnown = false
      return
    }
    if tally.low.map({ LakeStatistics.precedes(low, $0) }) ?? true { tally.low = low }
    if tally.high.map({ LakeStatistics.precedes($0, high) }) ?? true { tally.high = high }
  }

  private func summary(_ tally: Tally, _ column: LakeColumn, _ total: Double) -> ColumnStatistics {
    guard tally.rows > 0 else { return ColumnStatistics() }
    let nullFraction = Double(tally.nulls) / Double(tally.rows)
    var statistics = ColumnStatistics(nullFraction: nullFraction)
    if tally.isKnown {
      statistics.low = tally.low
      statistics.high = tally.high
    }
    let values = max(1, total * (1 - nullFraction))
    // a dictionary-encoded value takes as many bits as its dictionary has powers of two; past 20 bits writers give dictionaries up
    let bits = Double(tally.bytes) * 8 / Double(tally.rows)
    var distinct = bits < 20 ? min(values, exp2(bits)) : values
    if let low = statistics.low?.wideValue, let high = statistics.high?.wideValue, column.type.layout != .bytes {
      distinct = bits < 20 ? min(distinct, Double(high - low) + 1) : min(values, Double(high - low) + 1)
    } else if column.type == .boolean {
      distinct = 2
    }
    if let known = tally.distinct { distinct = max(Double(known), min(distinct, values)) }
    statistics.distinct = max(1, min(distinct, values))
    if column.type.layout == .bytes && bits >= 20 { statistics.width = max(1, bits / 8 - 4) }
    return statistics
  }

  /// 2^x without a library call.
  private func exp2(_ x: Double) -> Double {
    let whole = Int(x)
    return Double(1 << max(0, min(whole, 62))) * (1 + (x - Double(whole)))
  }

  private func partition(_ column: LakeColumn, _ files: [LakeFile]) -> ColumnStatistics {
    var values: Set<Constant> = []
    var nulls = 0
    for file in files {
      let value = file.value(of: column, in: table) ?? .null
      if value.isNull { nulls += 1 } else { values.insert(value) }
    }
    var statistics = ColumnStatistics(distinct: Double(max(1, values.count)), nullFraction: Double(nulls) / Double(max(1, files.count)))
    statistics.low = values.min { LakeStatistics.precedes($0, $1) }
    statistics.high = values.max { LakeStatistics.precedes($0, $1) }
    return statistics
  }

  static func precedes(_ a: Constant, _ b: Constant) -> Bool {
    switch (a, b) {
    case (.double(let x), .double(let y)): return x < y
    case (.real(let x), .real(let y)): return x < y
    case (.bytes(let x), .bytes(let y)): return x.lexicographicallyPrecedes(y)
    case (.boolean(let x), .boolean(let y)): return !x && y
    default:
      guard let x = a.wideValue, let y = b.wideValue else { return false }
      return x < y
    }
  }
}

/// How many rows a filter leaves, guessed from distinct values and bounds; the customary constants where nothing is known.
struct LakeSelectivity {
  private let conjuncts: [Expr<LakeColumn>]

  init(_ filter: Expr<LakeColumn>?) { conjuncts = filter?.conjuncts ?? [] }

  /// `isPruned`: the rows are those of row groups that statistics left.
  func narrow(_ statistics: inout TableStatistics<LakeColumn>, isPruned: Bool) {
    guard let rows = statistics.rows, rows > 0 else { return }
    let share = conjuncts.reduce(1.0) { $0 * max(1e-6, selectivity($1, statistics)) }
    let left = max(1, rows * share)
    statistics.rows = left
    for (column, known) in statistics.columns {
      if let distinct = known.distinct { statistics.columns[column]?.distinct = min(distinct, left) }
    }
  }

  private typealias Operator = FunctionID.Operator

  private func selectivity(_ expression: Expr<LakeColumn>, _ statistics: TableStatistics<LakeColumn>) -> Double {
    switch expression {
    case .and(let all): return all.reduce(1) { $0 * selectivity($1, statistics) }
    case .or(let any): return 1 - any.reduce(1) { $0 * (1 - selectivity($1, statistics)) }
    case .not(let inner): return 1 - selectivity(inner, statistics)
    case .isNull(.reference(let column, _)): return statistics.columns[column]?.nullFraction ?? 0.05
    case .among(.reference(let column, _), let list): return min(1, Double(list.count) * equality(column, statistics))
    case .call(let id, let arguments, _) where arguments.count >= 2:
      guard case .reference(let column, _) = arguments[0], case .constant(let value, _) = arguments[1] else { return 1 / 3 }
      switch id.name {
      case Operator.equal: return equality(column, statistics)
      case Operator.notEqual: return 1 - equality(column, statistics)
      case Operator.lessThan, Operator.lessThanOrEqual: return below(value, column, statistics)
      case Operator.greaterThan, Operator.greaterThanOrEqual: return 1 - below(value, column, statistics)
      case Operator.like, Operator.ilike: return 0.1
      default: return 1 / 3
      }
    default: return 0.5
    }
  }

  private func equality(_ column: LakeColumn, _ statistics: TableStatistics<LakeColumn>) -> Double {
    statistics.columns[column]?.distinct.map { 1 / max($0, 1) } ?? 0.1
  }

  private func below(_ value: Constant, _ column: LakeColumn, _ statistics: TableStatistics<LakeColumn>) -> Double {
    guard let known = statistics.columns[column], let low = number(known.low), let high = number(known.high), high > low,
      let x = number(value)
    else { return 1 / 3 }
    return min(1, max(0, (x - low) / (high - low)))
  }

  private func number(_ constant: Constant?) -> Double? {
    switch constant {
    case .double(let value): value
    case .real(let value): Double(value)
    case .integer(let value): Double(value)
    case .wide(let value): Double(value)
    default: nil
    }
  }
}
