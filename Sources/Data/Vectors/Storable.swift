import Values

/// A Swift type that can be one slot of a flat vector. `dataType` is what a function declaration reads off a closure's signature.
public protocol Storable: BitwiseCopyable, Sendable, ScalarArgument, ScalarResult where Stored == Self {
  static var dataType: DataType { get }
}

/// A kernel argument: a stored value is never null, an optional sees nulls.
public protocol ScalarArgument {}

/// A kernel result: an optional may be null.
public protocol ScalarResult {
  associatedtype Stored: Storable
}

extension Optional: ScalarArgument where Wrapped: Storable {}
extension Optional: ScalarResult where Wrapped: Storable { public typealias Stored = Wrapped }

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
