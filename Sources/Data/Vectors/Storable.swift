import Values

/// A Swift type that can be one slot of a flat vector. `dataType` is what a function declaration reads off a closure's signature.
public protocol Storable: BitwiseCopyable, Sendable, ScalarArgument, ScalarResult where Stored == Self {
  static var dataType: DataType { get }
}

extension Storable {
  /// All bits zero: what lies in the slots of null rows.
  @inlinable @inline(__always) public static var placeholder: Self {
    var zeros: (UInt64, UInt64) = (0, 0)
    return withUnsafeBytes(of: &zeros) { $0.loadUnaligned(as: Self.self) }
  }
}

/// A kernel argument: a stored value is never null, an optional sees nulls.
public protocol ScalarArgument: SendableMetatype {
  associatedtype Stored: Storable
  /// Whether the function wants to be called for rows where this argument is null.
  static var seesNulls: Bool { get }
  static func argument(_ value: Stored, isValid: Bool) -> Self
}

/// A kernel result: an optional may be null.
public protocol ScalarResult: SendableMetatype {
  associatedtype Stored: Storable
  static var mayBeNull: Bool { get }
  var isPresent: Bool { get }
  /// The value, or the placeholder where there is none.
  var stored: Stored { get }
}

extension ScalarArgument where Self: Storable, Stored == Self {
  @inlinable @inline(__always) public static var seesNulls: Bool { false }
  @inlinable @inline(__always) public static func argument(_ value: Self, isValid: Bool) -> Self { value }
}

extension ScalarResult where Self: Storable, Stored == Self {
  @inlinable @inline(__always) public static var mayBeNull: Bool { false }
  @inlinable @inline(__always) public var isPresent: Bool { true }
  @inlinable @inline(__always) public var stored: Self { self }
}

extension Optional: ScalarArgument where Wrapped: Storable {
  @inlinable @inline(__always) public static var seesNulls: Bool { true }
  @inlinable @inline(__always) public static func argument(_ value: Wrapped, isValid: Bool) -> Wrapped? { isValid ? value : nil }
}

extension Optional: ScalarResult where Wrapped: Storable {
  public typealias Stored = Wrapped
  @inlinable @inline(__always) public static var mayBeNull: Bool { true }
  @inlinable @inline(__always) public var isPresent: Bool { self != nil }
  @inlinable @inline(__always) public var stored: Wrapped { self ?? Wrapped.placeholder }
}

extension Int8: Storable {
  public static var dataType: DataType { .tinyint }
  public typealias Stored = Int8
}
extension Int16: Storable {
  public static var dataType: DataType { .smallint }
  public typealias Stored = Int16
}
extension Int32: Storable {
  public static var dataType: DataType { .integer }
  public typealias Stored = Int32
}
extension Int64: Storable {
  public static var dataType: DataType { .bigint }
  public typealias Stored = Int64
}
extension Int128: Storable {
  public static var dataType: DataType { .decimal(precision: 38, scale: 0) }
  public typealias Stored = Int128
}
extension Float: Storable {
  public static var dataType: DataType { .real }
  public typealias Stored = Float
}
extension Double: Storable {
  public static var dataType: DataType { .double }
  public typealias Stored = Double
}
extension Bool: Storable {
  public static var dataType: DataType { .boolean }
  public typealias Stored = Bool
}
extension Bytes: Storable {
  public static var dataType: DataType { .varchar(length: nil) }
  public typealias Stored = Bytes
}
