import Glibc
import Values

/// The files that `make fixtures` generates by other writers, each with its rows as `name.expected.jsonl`.
enum Fixtures {
  static let folder: String = {
    if let given = getenv("MINIPRESTO_TEST_DATA") { return String(cString: given) + "/parquet" }
    // Tests/ParquetTests/Fixtures.swift, three levels below the package
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return here.joined(separator: "/") + "/.test/parquet"
  }()

  /// Names without `.parquet`, sorted; empty if the data is missing.
  static let names: [String] = {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".parquet") { found.append(String(name.dropLast(8))) }
    }
    return found.sorted()
  }()

  /// One that has compressed pages.
  static let compressed = names.first { $0.contains("snappy") || $0.contains("zstd") }

  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var result = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    return fread(&result, 1, result.count, file) == result.count ? result : nil
  }

  /// What a file holds, as its writer says: the first line of `name.expected.jsonl` has names and types, every further line a row.
  struct Expected {
    var names: [String] = []
    var types: [String] = []
    /// One array of values a row.
    var rows: [[JSONText]] = []
  }

  static func expected(_ name: String) throws -> Expected {
    guard let text = bytes("\(folder)/\(name).expected.jsonl") else { throw PrestoError(.notFound, "\(name).expected.jsonl") }
    var result = Expected()
    for (number, line) in text.split(separator: 10).enumerated() {
      guard let elements = try JSONText(Array(line)).elements else { throw PrestoError(.genericInternalError, "\(name): line \(number)") }
      if number > 0 {
        result.rows.append(elements)
      } else {
        result.names = (elements[0].elements ?? []).map(\.text)
        result.types = (elements[1].elements ?? []).map(\.text)
      }
    }
    return result
  }

  /// Broken files, and whether a reader must refuse them.
  static let broken: [(name: String, mustFail: Bool)] = {
    guard let text = bytes("\(folder)/corrupt/manifest.tsv") else { return [] }
    return text.split(separator: 10).map { line in
      let fields = String(decoding: line, as: UTF8.self).split(separator: "\t")
      return (String(fields[0]), fields.last == "error")
    }
  }()
}

/// Just enough JSON: numbers stay text, so that nothing is rounded.
indirect enum JSONText: Equatable {
  case null
  case boolean(Bool)
  case number(String)
  case text(String)
  case array([JSONText])
  /// Values of an object in order; names are not looked at.
  case object([JSONText])

  init(_ bytes: [UInt8]) throws {
    var at = 0
    self = try JSONText.value(bytes, &at)
  }

  /// A text, or nothing.
  var text: String { if case .text(let text) = self { text } else { "" } }

  var elements: [JSONText]? {
    switch self {
    case .array(let elements), .object(let elements): elements
    case .null, .boolean, .number, .text: nil
    }
  }

  private static func skipSpace(_ bytes: [UInt8], _ at: inout Int) {
    while at < bytes.count, bytes[at] <= 32 { at += 1 }
  }

  private static func value(_ bytes: [UInt8], _ at: inout Int) throws -> JSONText {
    skipSpace(bytes, &at)
    guard at < bytes.count else { throw PrestoError(.genericInternalError, "JSON ends early") }
    switch bytes[at] {
    case UInt8(ascii: "n"):
      at += 4
      return .null
    case UInt8(ascii: "t"):
      at += 4
      return .boolean(true)
    case UInt8(ascii: "f"):
      at += 5
      return .boolean(false)
    case UInt8(ascii: "\""): return .text(try string(bytes, &at))
    case UInt8(ascii: "["): return .array(try list(bytes, &at, end: UInt8(ascii: "]"), named: false))
    case UInt8(ascii: "{"): return .object(try list(bytes, &at, end: UInt8(ascii: "}"), named: true))
    default:
      let start = at
      while at < bytes.count, !",]} ".utf8.contains(bytes[at]) { at += 1 }
      return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }
  }

  private static func list(_ bytes: [UInt8], _ at: inout Int, end: UInt8, named: Bool) throws -> [JSONText] {
    at += 1
    var result: [JSONText] = []
    while true {
      skipSpace(bytes, &at)
      guard at < bytes.count else { throw PrestoError(.genericInternalError, "JSON ends early") }
      if bytes[at] == end {
        at += 1
        return result
      }
      if bytes[at] == UInt8(ascii: ",") {
        at += 1
        continue
      }
      if named {
        _ = try string(bytes, &at)
        skipSpace(bytes, &at)
        at += 1
      }
      result.append(try value(bytes, &at))
    }
  }

  private static func string(_ bytes: [UInt8], _ at: inout Int) throws -> String {
    at += 1
    var out: [UInt8] = []
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      if bytes[at] != UInt8(ascii: "\\") {
        out.append(bytes[at])
        at += 1
        continue
      }
      switch bytes[at + 1] {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "u"):
        let code = UInt32(String(decoding: bytes[at + 2..<at + 6], as: UTF8.self), radix: 16) ?? 63
        out.append(contentsOf: String(Unicode.Scalar(code) ?? "?").utf8)
        at += 4
      default: out.append(bytes[at + 1])
      }
      at += 2
    }
    at += 1
    return String(decoding: out, as: UTF8.self)
  }
}
