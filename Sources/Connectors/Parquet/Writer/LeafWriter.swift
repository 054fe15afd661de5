import Values
import Vectors

/// A page that is encoded and compressed, waiting for its row group to be written.
struct FinishedPage {
  var header: [UInt8]
  var body: Buffer
  var uncompressedSize: Int
  var rowCount: Int
  var firstRow: Int
  var bounds: Bounds
  var nullCount: Int
  var isNullPage: Bool
}

/// Gathers one leaf's entries into pages. Owned by one thread.
///
/// Values are dictionary indices until the dictionary grows too large or turns out not to pay; then plain bytes.
final class LeafWriter {
  let form: LeafForm
  let options: ParquetWriterOptions
  let compressor: Compressor

  // the page
  var definitions: [UInt32] = []
  var repetitions: [UInt32] = []
  var indices: [UInt32] = []
  var plain = ByteSink()
  var booleans: [UInt8] = []
  var pageValues = 0
  var pageRowCount = 0
  var pageBounds: Bounds

  // the chunk
  var pages: [FinishedPage] = []
  var dictionary: ValueDictionary?
  var hasPlainPages = false
  var hasDictionaryPages = false
  var chunkRows = 0
  var chunkEntries = 0
  var chunkBounds: Bounds
  var chunkNulls = 0
  var bufferedBytes = 0

  private let numbers = Scratch()
  private let views = Scratch()
  private let fixed = Scratch()

  init(_ form: LeafForm, _ options: ParquetWriterOptions, _ compressor: Compressor) {
    self.form = form
    self.options = options
    self.compressor = compressor
    pageBounds = Bounds(form.order)
    chunkBounds = Bounds(form.order)
    dictionary = options.usesDictionaries && form.hasDictionary ? ValueDictionary() : nil
  }

  /// Bytes that the chunk holds so far, roughly.
  var pendingBytes: Int { bufferedBytes + plain.count + indices.count * 2 }

  /// Entries of whole rows: levels of each (empty where there is only one level), and the rows of `vector` that hold the values, in order.
  func append(
    rowCount: Int, definitions levels: ArraySlice<UInt32>, repetitions: ArraySlice<UInt32>, values: UnsafePointer<UInt32>, _ count: Int,
    of vector: Vector
  ) throws {
    if form.maximumDefinition > 0 { definitions.append(contentsOf: levels) }
    if form.maximumRepetition > 0 { self.repetitions.append(contentsOf: repetitions) }
    if count > 0 { try withExtendedLifetime(vector) { try appendValues(vector, values, count) } }
    pageValues += count
    pageRowCount += rowCount
    let pageBytes = plain.count + (dictionary == nil ? 0 : indices.count * 2) + booleans.count / 8
    if pageRowCount >= options.pageRows || pageBytes >= options.pageBytes { try closePage() }
    if let dictionary, dictionary.textBytes + dictionary.count * 8 > options.dictionaryBytes {
      try closePage()
      isGivenUp = true
    }
  }

  /// The dictionary grows no further: new pages are plain.
  var isGivenUp = false
  private var writesIndices: Bool { dictionary != nil && !isGivenUp }

  private func appendValues(_ vector: Vector, _ rows: UnsafePointer<UInt32>, _ count: Int) throws {
    switch form.source {
    case .boolean:
      let reader = vector.reader(as: UInt8.self)
      booleans.append(contentsOf: (0..<count).lazy.map { reader[Int(rows[$0])] & 1 })
    case .nothing: break
    case .texts: appendTexts(vector.reader(as: Bytes.self), rows, count)
    case .uuid, .decimal: try appendFixed(vector, rows, count)
    case .int8, .int16, .int32, .int64, .float, .double, .divided, .dividedWide:
      let out = numbers.reserve(count * 8).assumingMemoryBound(to: UInt64.self)
      try form.extract(vector, rows, count, into: out)
      pageBounds.add(numbers: out, count)
      appendNumbers(out, count)
    }
  }

  private func appendNumbers(_ numbers: UnsafePointer<UInt64>, _ count: Int) {
    if writesIndices {
      withDictionary { dictionary, indices in
        for i in 0..<count { indices.append(dictionary.index(of: numbers[i])) }
      }
    } else {
      LeafWriter.write(numbers, count, size: form.size, to: &plain)
    }
  }

  /// Fields of a class cost a check at each access: the loop owns both for its time.
  private func withDictionary(_ body: (inout ValueDictionary, inout [UInt32]) -> Void) {
    guard var known = dictionary else { return }
    var gathered: [UInt32] = []
    dictionary = nil
    swap(&gathered, &indices)
    body(&known, &gathered)
    swap(&gathered, &indices)
    dictionary = known
  }

  static func write(_ numbers: UnsafePointer<UInt64>, _ count: Int, size: Int, to sink: inout ByteSink) {
    let raw = sink.reserve(count * size)
    if size == 4 {
      for i in 0..<count { raw.storeBytes(of: UInt32(truncatingIfNeeded: numbers[i]), toByteOffset: i * 4, as: UInt32.self) }
    } else {
      raw.copyMemory(from: numbers, byteCount: count * 8)
    }
    sink.advance(count * size)
  }

  private func appendTexts(_ reader: Reader<Bytes>, _ rows: UnsafePointer<UInt32>, _ count: Int) {
    let out = views.reserve(count * 16).assumingMemoryBound(to: Bytes.self)
    for i in 0..<count { out[i] = reader[Int(rows[i])] }
    appendViews(out, count)
  }

  private func appendViews(_ out: UnsafePointer<Bytes>, _ count: Int) {
    pageBounds.add(texts: out, count)
    if writesIndices {
      withDictionary { dictionary, indices in
        for i in 0..<count { indices.append(dictionary.index(of: out[i])) }
      }
    } else {
      for i in 0..<count { LeafWriter.write(out[i], hasLength: form.physical == .byteArray, to: &plain) }
    }
  }

  static func write(_ text: Bytes, hasLength: Bool, to sink: inout ByteSink) {
    if hasLength { sink.append(little: UInt32(truncatingIfNeeded: text.count)) }
    text.withBytes { raw in if let base = raw.baseAddress { sink.append(base, raw.count) } }
  }

  /// Fixed-length values, laid out in working memory and then treated as texts.
  private func appendFixed(_ vector: Vector, _ rows: UnsafePointer<UInt32>, _ count: Int) throws {
    let length = form.length
    let bytes = fixed.reserve(count * length + 16).assumingMemoryBound(to: UInt8.self)
    let out = views.reserve(count * 16).assumingMemoryBound(to: Bytes.self)
    if case .uuid = form.source {
      let reader = vector.reader(as: Bytes.self)
      for i in 0..<count {
        let value = reader[Int(rows[i])]
        guard value.count == 16 else { throw PrestoError(.parquetWriterFailed, "a uuid of \(value.count) bytes") }
        value.withBytes { raw in UnsafeMutableRawBufferPointer(start: bytes + i * 16, count: 16).copyMemory(from: raw) }
      }
    } else {
      let reader = vector.reader(as: Int128.self)
      for i in 0..<count {
        let value = reader[Int(rows[i])]
        let target = bytes + i * length
        for k in 0..<length { target[k] = UInt8(truncatingIfNeeded: value >> Int128((length - 1 - k) * 8)) }
      }
    }
    for i in 0..<count { out[i] = Bytes(padded: bytes + i * length, count: length) }
    appendViews(out, count)
  }
}

extension LeafForm {
  /// Bytes of a fixed-width value.
  var size: Int {
    switch physical {
    case .int32, .float: 4
    case .int64, .double: 8
    case .fixedLengthByteArray: length
    case .boolean, .int96, .byteArray: 0
    }
  }

  var hasDictionary: Bool {
    switch source {
    case .boolean, .nothing: false
    case .int8, .int16, .int32, .int64, .float, .double, .divided, .dividedWide, .texts, .uuid, .decimal: true
    }
  }

  var order: Bounds.Order {
    switch source {
    case .int8, .int16, .int32, .int64, .divided, .dividedWide: .signed
    case .float: .float
    case .double: .double
    case .texts, .uuid: .text
    case .decimal: .decimal
    case .boolean, .nothing: .none
    }
  }

  /// Slots as 64-bit patterns, integers sign-extended.
  func extract(_ vector: Vector, _ rows: UnsafePointer<UInt32>, _ count: Int, into out: UnsafeMutablePointer<UInt64>) throws {
    switch source {
    case .int8: integers(vector.reader(as: Int8.self), rows, count, out)
    case .int16: integers(vector.reader(as: Int16.self), rows, count, out)
    case .int32: integers(vector.reader(as: Int32.self), rows, count, out)
    case .int64: integers(vector.reader(as: Int64.self), rows, count, out)
    case .float:
      let reader = vector.reader(as: UInt32.self)
      for i in 0..<count { out[i] = UInt64(reader[Int(rows[i])]) }
    case .double:
      let reader = vector.reader(as: UInt64.self)
      for i in 0..<count { out[i] = reader[Int(rows[i])] }
    case .divided(let divisor):
      let reader = vector.reader(as: Int64.self)
      for i in 0..<count {
        let value = reader[Int(rows[i])]
        let quotient = value / divisor
        out[i] = UInt64(bitPattern: quotient * divisor > value ? quotient - 1 : quotient)
      }
    case .dividedWide(let shift, let divisor):
      let reader = vector.reader(as: Int128.self)
      for i in 0..<count {
        let value = reader[Int(rows[i])] >> Int128(shift)
        let quotient = value / divisor
        guard let narrow = Int64(exactly: quotient * divisor > value ? quotient - 1 : quotient) else {
          throw PrestoError(
            .parquetWriterFailed, "Column \(path.joined(separator: ".")): a value of type \(type) is out of range for Parquet")
        }
        out[i] = UInt64(bitPattern: narrow)
      }
    case .boolean, .texts, .uuid, .decimal, .nothing: break
    }
  }

  private func integers<Slot: FixedWidthInteger & BitwiseCopyable>(
    _ reader: Reader<Slot>, _ rows: UnsafePointer<UInt32>, _ count: Int, _ out: UnsafeMutablePointer<UInt64>
  ) {
    for i in 0..<count { out[i] = UInt64(bitPattern: Int64(truncatingIfNeeded: reader[Int(rows[i])])) }
  }
}
