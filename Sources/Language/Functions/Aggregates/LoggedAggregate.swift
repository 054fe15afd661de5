import Expressions
import Values
import Vectors

/// What an aggregate does whose result needs all rows of a group at once (`array_agg`, `histogram`, `listagg` …).
struct LogDefinition: Sendable {
  /// What a row of the log holds.
  var types: [DataType]
  /// Rows where this argument is null are not logged.
  var skipsNullsOf: Int?
  /// Arguments to log columns; `rows[i]` is the input row that log row i came from, nil: one each.
  var record: @Sendable (_ arguments: [Vector], _ count: Int) throws -> (columns: [Vector], rows: [UInt32]?) = { arguments, _ in
    (arguments, nil)
  }
  /// A shorter log that leads to the same results, tried whenever the log has doubled.
  var shorten: (@Sendable (Segments) throws -> Segments)?
  /// One result per segment.
  var finish: @Sendable (Segments, DataType) throws -> Vector
}

/// States as a log of all rows, sorted by group only when results are asked for: no object per group, no copy per row.
///
///     columns   | batch | batch | …        vectors as they came
///     groups    | 3 0 3 1 … | 0 2 … |      one group number per row
final class LoggedAggregate: AggregateState {
  private let definition: LogDefinition
  private let type: DataType
  private var columns: [[Vector]]
  private var groups: [UInt32] = []
  private var groupCount = 0
  private var bytes = 0
  private var shortenedRows = 0
  private var sortedLog: (columns: [Vector], order: [UInt32], offsets: [Int])?

  init(_ definition: LogDefinition, _ type: DataType) {
    self.definition = definition
    self.type = type
    columns = definition.types.map { _ in [] }
  }

  func resize(to count: Int) {
    if count > groupCount {
      groupCount = count
      sortedLog = nil
    }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { try log(arguments, count) { groups[$0] } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try log(arguments, count) { _ in 0 }
  }

  private func log(_ arguments: [Vector], _ count: Int, _ group: (Int) -> UInt32) throws {
    var arguments = arguments, count = count
    var kept: [UInt32]?
    if let index = definition.skipsNullsOf, let validity = arguments[index].rowValidity {
      var rows: [UInt32] = []
      forEachRow(count, validity.readable) { rows.append(UInt32(truncatingIfNeeded: $0)) }
      if rows.count < count {
        if rows.isEmpty { return }
        arguments = arguments.map { $0.picked(rows) }
        count = rows.count
        kept = rows
      }
    }
    let (logged, sources) = try definition.record(arguments, count)
    let added = sources?.count ?? count
    if added == 0 { return }
    if groups.count + added >= Int(Int32.max) {
      throw PrestoError(.exceededFunctionMemoryLimit, "Aggregation of more than \(Int32.max) rows")
    }
    for i in 0..<added {
      let row = sources.map { Int($0[i]) } ?? i
      groups.append(group(kept.map { Int($0[row]) } ?? row))
    }
    append(logged)
    if let shorten = definition.shorten, groups.count > 2 * shortenedRows + 65536 { try replace(shorten(segments(0..<groupCount))) }
  }

  private func append(_ logged: [Vector]) {
    for (index, vector) in logged.enumerated() {
      // dictionaries often are selections out of much larger batches: not to be held on to
      let own = if case .dictionary = vector.encoding { vector.flattened() } else { vector }
      columns[index].append(own)
      bytes += own.byteCount
    }
    sortedLog = nil
  }

  private func replace(_ segments: Segments) {
    groups = []
    groups.reserveCapacity(segments.rowCount)
    for group in 0..<segments.count {
      groups.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: group), count: segments.range(group).count))
    }
    columns = columns.map { _ in [] }
    bytes = 0
    append(segments.columns)
    shortenedRows = groups.count
  }

  /// The log of a range of groups, group by group, rows in order of arrival.
  private func segments(_ range: Range<Int>) -> Segments {
    let log: (columns: [Vector], order: [UInt32], offsets: [Int])
    if let sortedLog {
      log = sortedLog
    } else {
      var offsets = [Int](repeating: 0, count: groupCount + 1)
      for group in groups { offsets[Int(group) + 1] += 1 }
      for group in 0..<groupCount { offsets[group + 1] += offsets[group] }
      var next = offsets
      var order = [UInt32](repeating: 0, count: groups.count)
      for (row, group) in groups.enumerated() {
        order[next[Int(group)]] = UInt32(truncatingIfNeeded: row)
        next[Int(group)] += 1
      }
      let whole = zip(columns, definition.types).map { parts, type in
        parts.isEmpty ? VectorBuilder(type, capacity: 0).finish() : Vector.concatenated(parts, type: type)
      }
      log = (whole, order, offsets)
      sortedLog = log
    }
    let first = log.offsets[range.lowerBound], last = log.offsets[range.upperBound]
    let rows = Array(log.order[first..<last])
    return Segments(
      columns: log.columns.map { $0.picked(rows) }, offsets: log.offsets[range.lowerBound...range.upperBound].map { $0 - first })
  }

  func results(_ groups: Range<Int>) throws -> Vector { try definition.finish(segments(groups), type) }

  /// An array of logged rows per group.
  func partials(_ groups: Range<Int>) throws -> Vector {
    let log = segments(groups)
    let rowType = DataType.row(definition.types.map { DataType.Field(nil, $0) })
    return try listVector(.array(rowType), Vector(rowType, count: log.rowCount, .row(fields: log.columns, validity: nil)), log.offsets)
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? LoggedAggregate, other.definition.types == definition.types else { throw mismatchedStates() }
    take(other.segments(0..<count), groups)
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let lists = ListReader(partials.flattened()) else { throw mismatchedStates() }
    let rows = RowReader(lists.elements.flattened())
    guard rows.fields.map(\.type) == definition.types else { throw mismatchedStates() }
    var offsets = [0], chosen: [UInt32] = []
    for row in 0..<count {
      for element in lists.range(row) { chosen.append(UInt32(truncatingIfNeeded: element)) }
      offsets.append(chosen.count)
    }
    take(Segments(columns: rows.fields.map { $0.picked(chosen) }, offsets: offsets), groups)
  }

  private func take(_ log: Segments, _ target: UnsafePointer<UInt32>) {
    if log.rowCount == 0 { return }
    for segment in 0..<log.count { groups.append(contentsOf: repeatElement(target[segment], count: log.range(segment).count)) }
    append(log.columns)
  }

  var byteCount: Int { bytes + groups.count * 4 + (sortedLog.map { $0.order.count * 4 + $0.columns.reduce(0) { $0 + $1.byteCount } } ?? 0) }
}

extension LogDefinition {
  /// As a function's implementation.
  func maker(_ result: DataType) -> AggregateMaker { { LoggedAggregate(self, result) } }
}
