import Values
import Vectors

/// Where the columns of a result are, by name.
struct RowColumns: Sendable {
  let columns: [ResultColumn]
  private let positions: [String: Int]

  init(_ columns: [ResultColumn]) {
    self.columns = columns
    positions = Dictionary(columns.indices.map { (columns[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A column of this name, or of its form with underscores.
  func position(_ key: any CodingKey) -> Int? {
    positions[key.stringValue] ?? positions[key.stringValue.lowercased()] ?? positions[RowColumns.underscored(key.stringValue)]
  }

  /// `order_key` for `orderKey`.
  static func underscored(_ name: String) -> String {
    name.reduce(into: "") { result, character in
      if character.isUppercase && !result.isEmpty { result += "_" }
      result += character.lowercased()
    }
  }
}

/// One row of a result as a type reads it: keyed by columns, or, if there is one column, as its value.
struct RowDecoder: Decoder {
  let batch: Batch
  let row: Int
  let columns: RowColumns
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    // one column of ROW type may be what is wanted
    if columns.columns.count == 1, case .row = columns.columns[0].type { return try value(0).container(keyedBy: type) }
    return KeyedDecodingContainer(Columns(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try single().unkeyedContainer() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { try single().singleValueContainer() }

  private func single() throws -> ValueDecoder {
    guard columns.columns.count == 1 else {
      throw DecodingError.typeMismatch(
        [Any].self, .init(codingPath: [], debugDescription: "A single value is wanted of rows with \(columns.columns.count) columns"))
    }
    return value(0)
  }

  func value(_ position: Int) -> ValueDecoder {
    ValueDecoder(value: batch.columns[position].constant(at: row), type: columns.columns[position].type, codingPath: [])
  }

  private struct Columns<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoder.columns.columns.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { decoder.columns.position(key) != nil }

    private func value(_ key: Key) throws -> ValueDecoder {
      guard let position = decoder.columns.position(key) else {
        let names = decoder.columns.columns.map(\.name).joined(separator: ", ")
        throw DecodingError.keyNotFound(
          key, .init(codingPath: [], debugDescription: "The result has no column '\(key.stringValue)', but \(names)"))
      }
      var value = decoder.value(position)
      value.codingPath = [key]
      return value
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).value.isNull }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(key).decode(type) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
      try value(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try value(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
  }
}
