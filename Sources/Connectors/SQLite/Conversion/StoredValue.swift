import Values

/// One value as SQLite stores it: any column may hold any of these.
enum StoredValue {
  case null
  case integer(Int64)
  case real(Double)
  /// UTF-8. Valid as long as whoever handed it out says.
  case text(UnsafeRawBufferPointer)
  case blob(UnsafeRawBufferPointer)

  /// For messages: kind and, where it is short, the value.
  var description: String {
    switch self {
    case .null: return "null"
    case .integer(let value): return "integer \(value)"
    case .real(let value): return "real \(value)"
    case .text(let bytes):
      return bytes.count > 60
        ? "text '\(String(decoding: bytes.prefix(60), as: UTF8.self))…'" : "text '\(String(decoding: bytes, as: UTF8.self))'"
    case .blob(let bytes): return "blob of \(bytes.count) bytes"
    }
  }

  /// A copy that stands by itself.
  var kept: KeptValue {
    switch self {
    case .null: .null
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let bytes): .text([UInt8](bytes))
    case .blob(let bytes): .blob([UInt8](bytes))
    }
  }
}

/// A stored value that owns its bytes: column defaults.
enum KeptValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text([UInt8])
  case blob([UInt8])

  func with<R>(_ body: (StoredValue) throws -> R) rethrows -> R {
    switch self {
    case .null: try body(.null)
    case .integer(let value): try body(.integer(value))
    case .real(let value): try body(.real(value))
    case .text(let bytes): try bytes.withUnsafeBytes { try body(.text($0)) }
    case .blob(let bytes): try bytes.withUnsafeBytes { try body(.blob($0)) }
    }
  }
}

/// A stored value that its column's type cannot represent.
struct UnfitValue: Error {
  let found: String
}

/// What happens to a value that its column's type cannot represent: `sqlite.invalid-values`.
enum UnfitPolicy: String, Sendable, Codable { case error, null }
