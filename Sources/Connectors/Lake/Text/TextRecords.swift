import ObjectStore
import Values

/// Cuts a text into rows: fields between delimiters, or an object on each line. A row that the text at hand does not end waits for more of it.
///
///     a,b              fields; an empty one is null
///     "x, ""y""",      quoted: delimiters, line ends and doubled quotes are part of it; "" is the empty text
///     {"a": 1, …}      an object; a key that is missing is null
struct TextRecords {
  let format: TextFormat
  private var buffer: [UInt8] = []
  private var place = 0
  private(set) var isAtEnd = false
  /// Of the row that was read last; counts from 1.
  private(set) var line = 0
  private var nextLine = 1
  private let stream: TextStream

  /// Bytes of one row at most.
  private static let longest = 64 << 20

  init(_ stream: TextStream, _ format: TextFormat) {
    self.stream = stream
    self.format = format
  }

  /// `line`: nil for the row that was read last.
  func failure(_ message: String, line other: Int? = nil) -> PrestoError {
    PrestoError(.textBadData, "\(stream.entry.path), line \(other ?? line): \(message)")
  }

  /// The next row that is not an empty line, as the bytes between its first and last; nil at the end of the file.
  mutating func next() async throws -> ArraySlice<UInt8>? {
    while true {
      if let range = complete() {
        line = nextLine
        let row = buffer[range]
        nextLine += buffer[place..<rowEnd].reduce(0) { $1 == 10 ? $0 + 1 : $0 }
        place = rowEnd
        if row.isEmpty { continue }
        return row
      }
      if isAtEnd { return nil }
      line = nextLine
      if buffer.count - place > TextRecords.longest { throw failure("a row of more than \(TextRecords.longest >> 20) MB") }
      buffer.removeFirst(place)
      place = 0
      isAtEnd = try await !stream.fill(&buffer)
    }
  }

  private var rowEnd = 0

  /// The bytes of a row without its line end; `rowEnd` is set behind that. nil: the text at hand ends before it does.
  private mutating func complete() -> Range<Int>? {
    guard place < buffer.count else { return nil }
    let end = buffer.withUnsafeBufferPointer { bytes -> Int? in
      var isQuoted = false
      for i in place..<bytes.count {
        if bytes[i] == 34 && !format.isJSON {
          isQuoted.toggle()
        } else if bytes[i] == 10 && !isQuoted {
          return i
        }
      }
      return nil
    }
    if let end {
      rowEnd = end + 1
      return place..<(end > place && buffer[end - 1] == 13 ? end - 1 : end)
    }
    guard isAtEnd else { return nil }
    rowEnd = buffer.count
    return place..<(buffer.last == 13 ? buffer.count - 1 : buffer.count)
  }

  /// The fields of a row of delimited text.
  static func fields(_ row: ArraySlice<UInt8>, _ delimiter: UInt8) throws(BadRecord) -> [TextValue] {
    var values: [TextValue] = []
    var i = row.startIndex
    while true {
      if i < row.endIndex, row[i] == 34 {
        var text: [UInt8] = []
        var start = i + 1
        i += 1
        while true {
          guard let quote = row[i...].firstIndex(of: 34) else { throw BadRecord(message: "a quote is not closed") }
          if quote + 1 < row.endIndex, row[quote + 1] == 34 {
            text += row[start...quote]
            i = quote + 2
            start = i
          } else {
            text += row[start..<quote]
            i = quote + 1
            break
          }
        }
        guard i == row.endIndex || row[i] == delimiter else { throw BadRecord(message: "there is text after a closing quote") }
        values.append(TextValue(kind: .text, bytes: text[...]))
      } else {
        let end = row[i...].firstIndex(of: delimiter) ?? row.endIndex
        values.append(end == i ? .null : TextValue(kind: .word, bytes: row[i..<end]))
        i = end
      }
      if i >= row.endIndex { return values }
      i += 1
      if i == row.endIndex {
        values.append(.null)
        return values
      }
    }
  }
}

extension ErrorCode {
  /// Presto's hive connector: a line that is no row of the table.
  static let textBadData = ErrorCode(0x0100_0007, "HIVE_BAD_DATA", .external)
}
