import RemoteSQL
import Values

/// What is known of a table's size and values without reading it: ANALYZE's figures, the ends of its indexes, and a few rows from several places.
struct TableEstimates: Sendable {
  var rows: Double?
  var columns: [String: RemoteEstimate] = [:]
}

extension SQLiteConnection {
  func estimates(of table: TableDescription) throws -> TableEstimates {
    guard table.kind == .table else { return TableEstimates() }
    var estimates = TableEstimates()
    let analyzed = try analyzedFigures(table.name)
    let name = SQLiteConnection.quoted(table.name)
    if let rows = analyzed.values.compactMap(\.first).max() {
      estimates.rows = rows
    } else if !table.isWithoutRowID {
      // without ANALYZE: the span of row numbers, which is exact for tables nobody deletes from
      let ends = try rows("SELECT (SELECT min(rowid) FROM \(name)), (SELECT max(rowid) FROM \(name))") {
        $0.isNull(1) ? nil : ($0.integer(0), $0.integer(1))
      }
      estimates.rows = ends.first.flatMap { $0 }.map { max(1, Double($0.1) - Double($0.0) + 1) } ?? 0
    }
    if let rows = estimates.rows, rows > 0 { try sample(table, rows, &estimates) }
    for index in table.indexes where !index.isPartial {
      guard let first = index.parts.first?.column, let column = table.columns.first(where: { $0.name == first }) else { continue }
      var estimate = estimates.columns[first] ?? RemoteEstimate()
      if index.isUnique && index.parts.count == 1 {
        estimate.distinct = estimates.rows
      } else if let figures = analyzed[index.name], figures.count > 1, figures[1] > 0 {
        estimate.distinct = max(1, figures[0] / figures[1])
      }
      try ends(of: column, name, &estimate)
      estimates.columns[first] = estimate
    }
    if let key = table.rowIDColumn {
      var estimate = RemoteEstimate(distinct: estimates.rows, nullFraction: 0)
      try ends(of: key, name, &estimate)
      estimates.columns[key.name] = estimate
    }
    return estimates
  }

  /// Index name (or "" for the table itself) → rows, then rows for each distinct prefix of the index.
  private func analyzedFigures(_ table: String) throws -> [String: [Double]] {
    let exists = try rows("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'") { $0.integer(0) }
    if exists.isEmpty { return [:] }
    let listed = try rows("SELECT coalesce(idx, ''), stat FROM sqlite_stat1 WHERE tbl = ?", [table]) {
      ($0.text(0) ?? "", $0.text(1) ?? "")
    }
    return Dictionary(
      listed.map { ($0.0, $0.1.split(separator: " ").compactMap { Double($0) }) }, uniquingKeysWith: { first, _ in first })
  }

  /// Both ends of an index are a few pages away.
  private func ends(of column: TableDescription.Column, _ table: String, _ estimate: inout RemoteEstimate) throws {
    guard column.type == .bigint || column.type == .double || column.type == .date else { return }
    let name = SQLiteConnection.quoted(column.name)
    let found = try rows("SELECT (SELECT min(\(name)) FROM \(table)), (SELECT max(\(name)) FROM \(table))") {
      (constant($0.value(0), column.type), constant($0.value(1), column.type))
    }
    guard let (low, high) = found.first, let low, let high else { return }
    estimate.low = low
    estimate.high = high
  }

  private func constant(_ value: StoredValue, _ type: DataType) -> Constant? {
    switch (value, type) {
    case (.integer(let number), .bigint): return .integer(number)
    case (.integer(let number), .double): return .double(Double(number))
    case (.real(let number), .double): return .double(number)
    case (.text(let text), .date):
      return text.baseAddress.flatMap { TextForm.days($0.assumingMemoryBound(to: UInt8.self), text.count) }.map { .integer(Int64($0)) }
    default: return nil
    }
  }

  /// Runs of rows at evenly spread row numbers: null fractions, widths, bounds, and distinct values where they are few or all.
  private func sample(_ table: TableDescription, _ rows: Double, _ estimates: inout TableEstimates) throws {
    let columns = table.columns.filter { !$0.isVirtual }
    guard !table.isWithoutRowID, !columns.isEmpty, columns.count <= 200 else { return }
    let list = columns.map { SQLiteConnection.quoted($0.name) }.joined(separator: ", ")
    let places = 12, run = 64
    let statement = try prepare(
      "SELECT \(list) FROM \(SQLiteConnection.quoted(table.name)) WHERE rowid >= ?1 + (SELECT min(rowid) FROM "
        + "\(SQLiteConnection.quoted(table.name))) LIMIT \(run)")
    var tallies = columns.map { SampleTally($0.type) }
    var count = 0
    let step = rows / Double(places)
    for place in 0..<places {
      statement.reset()
      // row numbers may span more than 63 bits
      try statement.bind(.integer(Int64(exactly: (Double(place) * step).rounded(.down)) ?? .max), .bigint, at: 1)
      while try statement.step() {
        for (index, column) in columns.enumerated() { tallies[index].add(statement.value(index), column.type) }
        count += 1
      }
      if rows <= Double(run) { break }
    }
    guard count > 0 else { return }
    for (column, tally) in zip(columns, tallies) { estimates.columns[column.name] = tally.estimate(of: count, rows: rows) }
  }
}

/// What a sample says of one column.
private struct SampleTally {
  private var nulls = 0
  private var bytes = 0
  private var low: Double?
  private var high: Double?
  private var seen: [KeptValue: Int] = [:]
  private let type: DataType

  init(_ type: DataType) { self.type = type }

  mutating func add(_ value: StoredValue, _ type: DataType) {
    switch value {
    case .null:
      nulls += 1
      return
    case .integer(let number): widen(Double(number))
    case .real(let number): widen(number)
    case .text(let text):
      bytes += text.count
      if type == .date, let base = text.baseAddress, let days = TextForm.days(base.assumingMemoryBound(to: UInt8.self), text.count) {
        widen(Double(days))
      }
    case .blob(let blob): bytes += blob.count
    }
    seen[value.kept, default: 0] += 1
  }

  private mutating func widen(_ number: Double) {
    low = min(low ?? number, number)
    high = max(high ?? number, number)
  }

  /// Distinct values by Haas and Stokes' Duj1: d / (1 − (1 − q) f1 / n), with f1 the values seen once and q the sampled share.
  func estimate(of count: Int, rows: Double) -> RemoteEstimate {
    let values = count - nulls
    var estimate = RemoteEstimate(nullFraction: Double(nulls) / Double(count))
    if values > 0 {
      let once = Double(seen.values.count { $0 == 1 })
      let share = min(1, Double(count) / max(rows, 1))
      let distinct = Double(seen.count) / max(1 - (1 - share) * once / Double(values), Double(values) / max(rows, 1) * 0.5)
      estimate.distinct = min(max(distinct, Double(seen.count)), max(rows * Double(values) / Double(count), 1))
      if bytes > 0 { estimate.width = Double(bytes) / Double(values) }
    }
    switch type {
    case .bigint, .date:
      estimate.low = low.flatMap { Int64(exactly: $0.rounded()) }.map { .integer($0) }
      estimate.high = high.flatMap { Int64(exactly: $0.rounded()) }.map { .integer($0) }
    case .double:
      estimate.low = low.map { .double($0) }
      estimate.high = high.map { .double($0) }
    default: break
    }
    return estimate
  }
}
