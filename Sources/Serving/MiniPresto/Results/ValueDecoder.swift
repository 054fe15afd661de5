import Foundation
import Values
import Vectors

/// A SQL value as a type reads it: numbers that fit, texts, arrays as sequences, rows and maps by their keys; dates and timestamps as `Date`,
/// decimals as `Decimal`, bytes as `Data`.
struct ValueDecoder: Decoder {
  var value: Constant
  var type: DataType
  var codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let element) = type, case .sequence(let values) = value else { throw mismatch([Any].self) }
    return Elements(decoder: self, values: values, element: element)
  }

  func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .sequence(let values) = value else { throw mismatch([String: Any].self) }
    var members: [String: (Constant, DataType)] = [:]
    switch type {
    case .row(let fields):
      for (index, field) in fields.enumerated() where index < values.count {
        members[field.name ?? "field\(index)"] = (values[index], field.type)
      }
    case .map(let key, let element):
      for case .sequence(let pair) in values where pair.count == 2 { members[pair[0].text(as: key) ?? ""] = (pair[1], element) }
    default: throw mismatch([String: Any].self)
    }
    return KeyedDecodingContainer(Members(decoder: self, members: members))
  }

  /// A value of the type, its own way of decoding itself or one that SQL's types suggest.
  func decode<T: Decodable>(_ wanted: T.Type) throws -> T {
    if let known = try convert(to: wanted) { return known }
    return try T(from: self)
  }

  /// Types that would decode themselves from JSON's few. nil: none of them.
  func convert<T>(to wanted: T.Type) throws -> T? {
    if wanted == Foundation.Date.self {
      switch (type, value) {
      case (.date, .integer(let days)): return Foundation.Date(timeIntervalSince1970: Double(days) * 86_400) as? T
      case (.timestamp(let precision), _) where precision <= 6:
        guard let micros = value.wideValue else { throw mismatch(wanted) }
        return Foundation.Date(timeIntervalSince1970: Double(micros) / 1e6) as? T
      case (.timestamp, .wide(let picos)): return Foundation.Date(timeIntervalSince1970: Double(picos) / 1e12) as? T
      case (.timestampWithTimeZone, .wide(let bits)): return Foundation.Date(timeIntervalSince1970: Double(bits >> 16) / 1e12) as? T
      default: throw mismatch(wanted)
      }
    }
    if wanted == Foundation.Decimal.self {
      guard type.isNumeric, let text: String = value.text(as: type), let decimal = Foundation.Decimal(string: text) else {
        throw mismatch(wanted)
      }
      return decimal as? T
    }
    if wanted == Foundation.Data.self {
      guard case .bytes(let bytes) = value else { throw mismatch(wanted) }
      return Foundation.Data(bytes) as? T
    }
    if wanted == Foundation.UUID.self, let text: String = value.text(as: type), let uuid = Foundation.UUID(uuidString: text) {
      return uuid as? T
    }
    return nil
  }

  func mismatch(_ wanted: Any.Type) -> DecodingError {
    let place = codingPath.last.map { "Column '\($0.stringValue)'" } ?? "The value"
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: value.isNull ? "\(place) is null" : "\(place) of type \(type) cannot be read as \(wanted)")
    return value.isNull ? .valueNotFound(wanted, context) : .typeMismatch(wanted, context)
  }

  func integer<I: FixedWidthInteger>(_ wanted: I.Type) throws -> I {
    switch type {
    case .tinyint, .smallint, .integer, .bigint: break
    case .decimal(_, 0): break
    default: throw mismatch(wanted)
    }
    guard let wide = value.wideValue else { throw mismatch(wanted) }
    guard let fits = I(exactly: wide) else {
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "\(wide) does not fit \(wanted)"))
    }
    return fits
  }

  func floating<F: BinaryFloatingPoint & LosslessStringConvertible>(_ wanted: F.Type) throws -> F {
    switch value {
    case .double(let value): return F(value)
    case .real(let value): return F(value)
    default:
      guard type.isNumeric, let text: String = value.text(as: type), let number = F(text) else { throw mismatch(wanted) }
      return number
    }
  }

  func boolean() throws -> Bool {
    guard case .boolean(let value) = value else { throw mismatch(Bool.self) }
    return value
  }

  /// Anything but a null has a text.
  func text() throws -> String {
    guard let text: String = value.text(as: type) else { throw mismatch(String.self) }
    return text
  }
}

extension ValueDecoder {
  private struct Single: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.boolean() }
    func decode(_ type: String.Type) throws -> String { try decoder.text() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.floating(type) }
    func decode(_ type: Float.Type) throws -> Float { try decoder.floating(type) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoder.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
  }

  private struct Position: CodingKey {
    var intValue: Int?
    var stringValue: String { intValue.map { "\($0)" } ?? "" }
    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { return nil }
  }

  private struct Elements: UnkeyedDecodingContainer {
    let decoder: ValueDecoder
    let values: [Constant]
    let element: DataType
    var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex >= values.count }

    init(decoder: ValueDecoder, values: [Constant], element: DataType) {
      self.decoder = decoder
      self.values = values
      self.element = element
    }

    private func current() throws -> ValueDecoder {
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          Any.self, .init(codingPath: codingPath, debugDescription: "The array has \(values.count) elements"))
      }
      return ValueDecoder(value: values[currentIndex], type: element, codingPath: codingPath + [Position(currentIndex)])
    }

    mutating func decodeNil() throws -> Bool {
      guard try current().value.isNull else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
      let result = try current().decode(type)
      currentIndex += 1
      return result
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
      let result = try current().container(keyedBy: type)
      currentIndex += 1
      return result
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      let result = try current().unkeyedContainer()
      currentIndex += 1
      return result
    }

    mutating func superDecoder() throws -> any Decoder {
      let result = try current()
      currentIndex += 1
      return result
    }
  }

  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ValueDecoder
    let members: [String: (Constant, DataType)]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { members.keys.sorted().compactMap { Key(stringValue: $0) } }

    private func member(_ key: Key) -> (Constant, DataType)? {
      members[key.stringValue] ?? members[RowColumns.underscored(key.stringValue)]
    }

    private func value(_ key: Key) throws -> ValueDecoder {
      guard let (value, type) = member(key) else {
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "\(decoder.type) has no '\(key.stringValue)'"))
      }
      return ValueDecoder(value: value, type: type, codingPath: codingPath + [key])
    }

    func contains(_ key: Key) -> Bool { member(key) != nil }
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
