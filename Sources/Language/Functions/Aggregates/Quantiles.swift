import Expressions
import Values
import Vectors

extension Function {
  static let quantiles: [Function] =
    [DataType.bigint, .double, .real].flatMap { type -> [Function] in
      let x = Signature.Pattern.exact(type)
      return ["approx_percentile", "approx_quantile"].flatMap { name -> [Function] in
        [
          quantile(name, [x, .double], x, type, .init(percentage: 1)),
          quantile(name, [x, .double, .double], x, type, .init(weight: 1, percentage: 2)),
          quantile(name, [x, .double, .double, .double], x, type, .init(weight: 1, percentage: 2)),
          quantile(name, [x, .array(.double)], .array(x), type, .init(percentage: 1)),
          quantile(name, [x, .double, .array(.double)], .array(x), type, .init(weight: 1, percentage: 2)),
          quantile(name, [x, .double, .array(.double), .double], .array(x), type, .init(weight: 1, percentage: 2)),
        ]
      }
    } + [
      .aggregate("tdigest_agg", [.double], .tdigest, "A t-digest of the values") { _, _ in { Quantiles(.tdigest, .init()) } },
      .aggregate("tdigest_agg", [.double, .double], .tdigest, "A t-digest of weighted values") { _, _ in
        { Quantiles(.tdigest, .init(weight: 1)) }
      },
      .aggregate("tdigest_agg", [.double, .double, .double], .tdigest, "A t-digest of weighted values with the given compression") { _, _ in
        { Quantiles(.tdigest, .init(weight: 1, compression: 2)) }
      },
      .aggregate("merge", [.tdigest], .tdigest, "The union of t-digests") { _, _ in { Quantiles(.tdigest, .init(isMerge: true)) } },
    ]

  private static func quantile(
    _ name: String, _ arguments: [Signature.Pattern], _ result: Signature.Pattern, _ type: DataType, _ form: Quantiles.Form
  ) -> Function {
    .aggregate(name, arguments, result, "Approximate percentile of the values") { _, result in { Quantiles(result, form, value: type) } }
  }
}

/// Percentiles by t-digests. Rows wait in a common log; when it is full, or results are wanted, they are sorted by group and each digest takes
/// its run at once.
final class Quantiles: AggregateState {
  /// Which argument is which.
  struct Form: Sendable {
    var weight: Int?
    var percentage: Int?
    var compression: Int?
    var isMerge = false
  }

  private let type: DataType
  private let form: Form
  private let valueType: DataType
  private var digests: [TDigest?] = []
  private var percentages: [Double]?
  private var compression = TDigest.standardCompression
  private var values: [Double] = []
  private var weights: [Double] = []
  private var groups: [UInt32] = []

  private static let logLimit = 1 << 16

  init(_ type: DataType, _ form: Form, value: DataType = .double) {
    self.type = type
    self.form = form
    valueType = value
  }

  func resize(to count: Int) { if count > digests.count { digests.append(contentsOf: repeatElement(nil, count: count - digests.count)) } }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { try take(arguments, groups, count) }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try take(arguments, nil, count)
  }

  private func take(_ arguments: [Vector], _ target: UnsafePointer<UInt32>?, _ count: Int) throws {
    if count == 0 { return }
    if form.isMerge {
      let zeros = Buffer(zeroed: count * 4)
      return try mergeDigests(arguments[0], target ?? UnsafePointer(zeros.pointer(as: UInt32.self)), count)
    }
    try readParameters(arguments, count)
    var validity = arguments[0].rowValidity
    if let index = form.weight { validity = Bitmap.both(validity, arguments[index].rowValidity) }
    let weight = form.weight.map { arguments[$0].reader(as: Double.self) }
    var bad: Double?
    @inline(__always) func log<T: Measurable>(_: T.Type) {
      let reader = arguments[0].reader(as: T.self)
      forEachRow(count, validity?.readable) { row in
        let w = weight.map { $0[row] } ?? 1
        if !(w > 0) {
          bad = w
          return
        }
        values.append(reader[row].measure)
        if form.weight != nil { weights.append(w) }
        if let target { groups.append(target[row]) }
      }
    }
    switch valueType {
    case .bigint: log(Int64.self)
    case .real: log(Float.self)
    default: log(Double.self)
    }
    withExtendedLifetime((arguments, validity)) {}
    if let bad, bad < 0 || bad.isNaN || form.percentage != nil {
      throw PrestoError(.invalidFunctionArgument, "percentile weight must be > 0")
    }
    if target == nil || values.count >= Quantiles.logLimit { flush() }
  }

  private func readParameters(_ arguments: [Vector], _ count: Int) throws {
    if let index = form.compression, arguments[index].count > 0, !arguments[index].isNull(at: 0) {
      let wanted = arguments[index].reader(as: Double.self)[0]
      if !(wanted > 0) { throw PrestoError(.invalidFunctionArgument, "compression factor must be positive: \(wanted)") }
      compression = wanted
    }
    guard percentages == nil, let index = form.percentage else { return }
    let vector = arguments[index]
    if vector.isNull(at: 0) { throw PrestoError(.invalidFunctionArgument, "Percentile cannot be null") }
    var read: [Double] = []
    if let lists = ListReader(vector) {
      let elements = lists.elements.reader(as: Double.self)
      for element in lists.range(0) {
        if lists.elements.isNull(at: element) { throw PrestoError(.invalidFunctionArgument, "Percentile cannot be null") }
        read.append(elements[element])
      }
    } else {
      read = [vector.reader(as: Double.self)[0]]
    }
    if read.contains(where: { !($0 >= 0 && $0 <= 1) }) { throw PrestoError(.invalidFunctionArgument, "Percentile must be between 0 and 1") }
    percentages = read
  }

  /// Empties the log into the digests.
  private func flush() {
    if values.isEmpty { return }
    if groups.isEmpty {
      digest(0).add(values, weights: form.weight == nil ? nil : weights)
    } else {
      for (i, group) in groups.enumerated() { digest(Int(group)).add(values[i], weight: form.weight == nil ? 1 : weights[i]) }
    }
    values.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    groups.removeAll(keepingCapacity: true)
  }

  private func digest(_ group: Int) -> TDigest {
    if let digest = digests[group] { return digest }
    let fresh = TDigest(compression: compression)
    digests[group] = fresh
    return fresh
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? Quantiles else { throw mismatchedStates() }
    flush()
    other.flush()
    percentages = percentages ?? other.percentages
    for i in 0..<count { if let from = other.digests[i] { digest(Int(groups[i])).merge(from) } }
  }

  func results(_ groups: Range<Int>) throws -> Vector {
    flush()
    let builder = VectorBuilder(type, capacity: groups.count)
    for group in groups {
      guard let digest = digests[group], !digest.isEmpty else {
        builder.appendNull()
        continue
      }
      if type == .tdigest {
        digest.bytes().withUnsafeBytes { builder.append($0) }
      } else if case .array = type {
        for p in percentages ?? [] { append(digest.value(at: p), to: builder.children[0]) }
        builder.closeList()
      } else {
        append(digest.value(at: percentages?.first ?? 0.5), to: builder)
      }
    }
    return builder.finish()
  }

  private func append(_ value: Double, to builder: VectorBuilder) {
    switch valueType {
    case .bigint: builder.append(Int64(exactly: value.rounded()) ?? (value < 0 ? Int64.min : Int64.max))
    case .real: builder.append(Float(value))
    default: builder.append(value)
    }
  }

  /// Digest and percentages per group.
  func partials(_ groups: Range<Int>) throws -> Vector {
    flush()
    let builder = VectorBuilder(.row([.init(nil, .varbinary), .init(nil, .array(.double))]), capacity: groups.count)
    for group in groups {
      if let digest = digests[group] {
        digest.bytes().withUnsafeBytes { builder.children[0].append($0) }
      } else {
        builder.children[0].appendNull()
      }
      for p in percentages ?? [] { builder.children[1].children[0].append(p) }
      builder.children[1].closeList()
      builder.closeRow()
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard case .row(let fields, _) = partials.flattened().encoding, fields.count == 2, let lists = ListReader(fields[1]) else {
      throw mismatchedStates()
    }
    let elements = lists.elements.reader(as: Double.self)
    if percentages == nil, count > 0, !lists.range(0).isEmpty { percentages = lists.range(0).map { elements[$0] } }
    try mergeDigests(fields[0], groups, count)
  }

  private func mergeDigests(_ vector: Vector, _ groups: UnsafePointer<UInt32>, _ count: Int) throws {
    flush()
    let reader = vector.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      let stored = try reader[row].withBytes { try TDigest(bytes: $0) }
      if let own = digests[Int(groups[row])] { own.merge(stored) } else { digests[Int(groups[row])] = stored }
    }
    withExtendedLifetime(vector) {}
  }

  var byteCount: Int { digests.reduce(digests.count * 8 + values.capacity * 20) { $0 + ($1?.byteCount ?? 0) } }
}
