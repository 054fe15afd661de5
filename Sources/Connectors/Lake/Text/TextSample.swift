import ObjectStore
import Values

/// What the first rows of a file tell: delimiter, header, names and types.
struct TextSample {
  private(set) var format: TextFormat
  private(set) var columns: [(name: String, type: DataType)] = []

  /// Rows looked at.
  private static let rows = 2000

  /// The kinds of value that all texts of a column are.
  private struct Guess {
    var isBoolean = true, isInteger = true, isNumber = true, isDate = true, isTimestamp = true, isZoned = true
    var count = 0

    mutating func add(_ value: TextValue, _ isJSON: Bool) {
      if value.kind == .null { return }
      count += 1
      let text = value.bytes
      // a quoted number is a text in JSON, and in CSV one as any other
      let isWord = value.kind == .word || !isJSON
      if isBoolean { isBoolean = isWord && TextColumn.boolean(text) != nil }
      if isInteger { isInteger = isWord && TextColumn.integer(text) != nil && !Guess.hasLeadingZero(text) }
      if isNumber {
        isNumber = isWord && TextColumn.double(text) != nil && !Guess.hasLeadingZero(text) && text.first != 78 && text.first != 73
      }
      if isDate || isTimestamp || isZoned {
        let moment = TextMoment(text)
        isDate = isDate && moment != nil && moment?.micros == nil
        isTimestamp = isTimestamp && moment != nil && moment?.offset == nil
        isZoned = isZoned && moment?.offset != nil
      }
    }

    /// Numbers of telephones and parcels are texts.
    private static func hasLeadingZero(_ text: ArraySlice<UInt8>) -> Bool {
      let digits = text.first == 45 || text.first == 43 ? text.dropFirst() : text
      guard digits.count > 1, digits.first == 48, let second = digits.dropFirst().first else { return text.first == 43 }
      return (48...57).contains(second)
    }

    var type: DataType {
      if count == 0 { return .varchar }
      if isBoolean { return .boolean }
      if isInteger { return .bigint }
      if isNumber { return .double }
      if isDate { return .date }
      if isTimestamp { return .timestamp(precision: 6) }
      if isZoned { return .timestampWithTimeZone(precision: 6) }
      return .varchar
    }

    var isPlain: Bool { type == .varchar }
  }

  /// Throws for a file that cannot be read or whose rows make no sense.
  init(_ entry: ObjectEntry, _ format: TextFormat, _ store: any ObjectStore) async throws {
    self.format = format
    var records = TextRecords(try TextStream(entry, store, piece: 256 << 10), format)
    if format.isJSON { try await readObjects(&records) } else { try await readRows(&records) }
  }

  private mutating func readObjects(_ records: inout TextRecords) async throws {
    var guesses: [Guess] = []
    var places: [[UInt8]: Int] = [:]
    var names: [String] = []
    for _ in 0..<TextSample.rows {
      guard let line = try await records.next() else { break }
      do throws(BadRecord) {
        try JSONLine.members(line) { key, value in
          let place: Int
          if let known = places[Array(key)] {
            place = known
          } else {
            place = names.count
            places[Array(key)] = place
            names.append(String(decoding: key, as: UTF8.self))
            guesses.append(Guess())
          }
          guesses[place].add(value, true)
        }
      } catch { throw records.failure(error.message) }
    }
    columns = zip(names, guesses).map { ($0, $1.type) }
  }

  private mutating func readRows(_ records: inout TextRecords) async throws {
    var rows: [[TextValue]] = []
    var raw: [(line: Int, row: ArraySlice<UInt8>)] = []
    for _ in 0..<TextSample.rows {
      guard let row = try await records.next() else { break }
      raw.append((records.line, row))
    }
    if format.delimiter == 44, let first = raw.first?.row { format.delimiter = TextSample.delimiter(first) }
    for (line, row) in raw {
      do throws(BadRecord) { rows.append(try TextRecords.fields(row, format.delimiter)) } catch {
        throw records.failure(error.message, line: line)
      }
    }
    guard let first = rows.first else { return }
    var guesses = [Guess](repeating: Guess(), count: first.count)
    for row in rows.dropFirst() { for (place, value) in row.enumerated() where place < guesses.count { guesses[place].add(value, false) } }
    format.hasHeader = TextSample.isHeader(first, guesses)
    if !format.hasHeader { for (place, value) in first.enumerated() { guesses[place].add(value, false) } }
    columns = guesses.enumerated().map { place, guess in
      let name = format.hasHeader ? String(decoding: first[place].bytes, as: UTF8.self) : "column\(place)"
      return (name, guess.type)
    }
  }

  /// The one of comma, semicolon, tab and bar that parts the first row most, outside quotes.
  private static func delimiter(_ row: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in row {
      if byte == 34 { isQuoted.toggle() } else if !isQuoted, [44, 59, 9, 124].contains(byte) { counts[byte, default: 0] += 1 }
    }
    var best: UInt8 = 44
    for candidate: UInt8 in [59, 9, 124] where counts[candidate, default: 0] > counts[best, default: 0] { best = candidate }
    return best
  }

  /// Names, all different, where the rows below hold something else, or texts as well.
  private static func isHeader(_ first: [TextValue], _ below: [Guess]) -> Bool {
    var seen: Set<String> = []
    for value in first {
      let name = String(decoding: value.bytes, as: UTF8.self).lowercased()
      if value.bytes.isEmpty || !seen.insert(name).inserted { return false }
      var guess = Guess()
      guess.add(value, false)
      if !guess.isPlain { return false }
    }
    return true
  }
}
