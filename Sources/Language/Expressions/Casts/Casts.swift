import Values
import Vectors

/// CAST and TRY_CAST: which kernel turns vectors of one type into another. Text forms and error messages are Trino's.
///
/// Casts that another target knows (JSON, sketches) are functions named `$cast` in the registry, asked where this table has no answer.
enum Casts {
  /// `isSafe`: null instead of an error that TRY would catch. Throws TYPE_MISMATCH where the cast is not defined.
  static func kernel(_ from: DataType, to: DataType, isSafe: Bool, functions: FunctionRegistry) throws -> ScalarKernel {
    if let direct = try direct(from, to, isSafe, functions) { return direct }
    for function in functions.functions["$cast"] ?? [] {
      if case .scalar(let make) = function.implementation, let kernel = make([from], to) { return isSafe ? attempting(kernel, to) : kernel }
    }
    throw PrestoError(.typeMismatch, "Cannot cast \(from) to \(to)")
  }

  /// No value can make the cast fail.
  static func isInfallible(_ from: DataType, _ to: DataType) -> Bool {
    if isRetyping(from, to) || from == .unknown { return true }
    switch (from, to) {
    case (.varchar, .varchar), (.varchar, .char), (.char, .varchar), (.char, .char), (.real, .double), (.double, .real): return true
    case (.decimal, .double), (.decimal, .real), (.decimal, .boolean), (.boolean, .varchar(nil)): return true
    case (.decimal(let p, let s), .decimal(let q, let t)): return t >= s && q - t >= p - s
    case (.date, .timestamp(let precision)): return precision <= 6
    default:
      guard from.isInteger || from == .boolean else { return false }
      switch to {
      case .real, .double, .boolean: return true
      case .decimal, .tinyint, .smallint, .integer, .bigint: return Coercion.canCoerce(from, to: to) || from == .boolean
      default: return false
      }
    }
  }

  /// The values stay as they are; only the type's name changes.
  static func isRetyping(_ from: DataType, _ to: DataType) -> Bool {
    switch (from, to) {
    case (.varchar(let n), .varchar(let m)): m == nil || (n.map { $0 <= m ?? 0 } ?? false)
    case (.char(let n), .char(let m)): n <= m
    case (.char(let n), .varchar(let m)): m == nil || n <= m ?? 0
    case (.decimal(let p, let s), .decimal(let q, let t)): s == t && p <= q && from.layout == to.layout
    case (.timestamp(let p), .timestamp(let q)): p <= q && from.layout == to.layout
    case (.timestampWithTimeZone(let p), .timestampWithTimeZone(let q)), (.time(let p), .time(let q)),
      (.timeWithTimeZone(let p), .timeWithTimeZone(let q)):
      p <= q
    default: from == to
    }
  }

  private static func direct(_ from: DataType, _ to: DataType, _ isSafe: Bool, _ functions: FunctionRegistry) throws -> ScalarKernel? {
    if isRetyping(from, to) { return { v, _, _ in v[0].retyped(to) } }
    switch (from, to) {
    case (.unknown, _): return { _, rows, _ in Vector.nulls(to, count: rows) }
    case (.json, _), (_, .json): return nil
    case (.array, .array), (.map, .map), (.row, .row): return try nested(from, to, isSafe, functions)
    case (_, .varchar), (_, .char): return from.isText ? shortened(to) : text(from, to, isSafe)
    case (.varchar, .varbinary), (.char, .varbinary): return { v, _, _ in v[0].retyped(to) }
    case (.varchar, _), (.char, _): return parsed(to, isSafe)
    case (.uuid, .varbinary), (.ipaddress, .varbinary): return { v, _, _ in v[0].retyped(to) }
    case (.ipaddress, .ipprefix):
      return bytesWritten(isSafe, to) { x in NetworkText.network(of: x.array, bits: NetworkText.width(x.array)) ?? [] }
    case (.ipprefix, .ipaddress): return bytesWritten(isSafe, to) { x in Array(x.array.prefix(16)) }
    case (.varbinary, .uuid), (.varbinary, .ipaddress): return sixteen(to, isSafe)
    case (.hyperLogLog, .varbinary), (.tdigest, .varbinary), (.qdigest, .varbinary), (.varbinary, .hyperLogLog), (.varbinary, .tdigest),
      (.varbinary, .qdigest), (.setDigest, .varbinary), (.varbinary, .setDigest), (.kllSketch, .varbinary), (.varbinary, .kllSketch):
      return { v, _, _ in v[0].retyped(to) }
    default:
      if from.isTemporal && to.isTemporal { return temporal(from, to, isSafe) }
      return number(from, to, isSafe)
    }
  }

  /// One conversion a row; `isSafe` turns its errors into nulls.
  @inline(__always)
  static func run<A: Storable, R: Storable>(
    _ isSafe: Bool, _ vector: Vector, _ rows: Int, _ to: DataType, _ body: (A) throws -> R
  ) throws -> Vector {
    if isSafe {
      return try ScalarLoop.unary(vector, rows, to) { (x: A) -> R? in
        do { return try body(x) } catch { return nil }
      }
    }
    return try ScalarLoop.unary(vector, rows, to, body)
  }

  /// One text a row.
  @inline(__always)
  static func written<A: Storable>(
    _ isSafe: Bool, _ vector: Vector, _ rows: Int, _ to: DataType, _ body: (A, inout TextWriter) throws -> Void
  ) throws -> Vector {
    let dense = vector.dense()
    if dense.nullConstant != nil { return Vector.nulls(to, count: rows) }
    let reader = dense.reader(as: A.self)
    return try withExtendedLifetime(dense) {
      try ScalarLoop.written(rows, dense.denseValidity, to) { i, out in
        do { try body(reader.base[i & reader.mask], &out) } catch {
          guard isSafe else { throw error }
          out.writeNull()
        }
      }
    }
  }

  /// Every slot, null or not, converted without a test.
  @inline(__always)
  static func plain<A: Storable, R: Storable>(_ vector: Vector, _ rows: Int, _ to: DataType, _ body: (A) -> R) -> Vector {
    let dense = vector.dense()
    if dense.nullConstant != nil { return Vector.nulls(to, count: rows) }
    let reader = dense.reader(as: A.self)
    let count = dense.constantValue == nil ? rows : 1
    let values = Buffer(byteCount: count * MemoryLayout<R>.stride)
    let from = reader.base, out = values.pointer(as: R.self)
    for i in 0..<count { out[i] = body(from[i]) }
    let result = withExtendedLifetime(dense) { Vector.flat(to, count: count, values: values, validity: dense.validity) }
    return dense.constantValue == nil ? result : .constant(result, count: rows)
  }

  /// Any kernel of one argument, with null where a row fails: the batch is halved around the rows that do.
  static func attempting(_ kernel: @escaping ScalarKernel, _ to: DataType) -> ScalarKernel {
    { v, rows, context in
      func attempt(_ vector: Vector) throws -> Vector {
        do { return try kernel([vector], vector.count, context) } catch let error as PrestoError where error.code.isCaughtByTry {
          if vector.count <= 1 { return Vector.nulls(to, count: vector.count) }
          let middle = vector.count / 2
          return Vector.concatenated([try attempt(vector.slice(0..<middle)), try attempt(vector.slice(middle..<vector.count))], type: to)
        }
      }
      return try attempt(v[0])
    }
  }

  static func invalid(_ message: String) -> PrestoError { PrestoError(.invalidCastArgument, message) }
  static func outOfRange(_ message: String) -> PrestoError { PrestoError(.numericValueOutOfRange, message) }
}
