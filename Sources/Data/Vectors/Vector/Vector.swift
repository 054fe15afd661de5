import Values

/// One column of a batch: immutable, shared freely.
///
/// Invariants (asserted in debug by `Vector+Invariants`): `constant` and `dictionary` never nest in each other or themselves (the
/// constructors compose); indices are below the dictionary's count; offsets ascend. Slots of null rows hold any bit pattern except in
/// `.bytes` vectors, where they hold the empty view, so that kernels may read them.
public final class Vector: @unchecked Sendable {
  public let type: DataType
  public let count: Int
  public let encoding: Encoding

  public enum Encoding: Sendable {
    /// nil validity: no nulls. `heap` keeps alive what `Bytes` views point into.
    case flat(values: Buffer, heap: [Buffer], validity: Bitmap?)
    /// `count + 1` ascending Int32 offsets into the elements.
    case list(offsets: Buffer, elements: Vector, validity: Bitmap?)
    case map(offsets: Buffer, keys: Vector, values: Vector, validity: Bitmap?)
    case row(fields: [Vector], validity: Bitmap?)
    /// One row, repeated.
    case constant(Vector)
    /// `count` UInt32 indices into `values`. Also: a selection.
    case dictionary(indices: Buffer, values: Vector)
  }

  public init(_ type: DataType, count: Int, _ encoding: Encoding) {
    self.type = type
    self.count = count
    self.encoding = encoding
    assert(invariantsHold)
  }

  public static func flat(_ type: DataType, count: Int, values: Buffer, heap: [Buffer] = [], validity: Bitmap? = nil) -> Vector {
    Vector(type, count: count, .flat(values: values, heap: heap, validity: validity))
  }

  /// `value` is a vector of one row of any encoding.
  public static func constant(_ value: Vector, count: Int) -> Vector {
    switch value.encoding {
    case .constant(let inner): Vector(value.type, count: count, .constant(inner))
    case .dictionary: Vector(value.type, count: count, .constant(value.flattened()))
    case .flat, .list, .map, .row: Vector(value.type, count: count, .constant(value))
    }
  }

  /// `indices` are UInt32. Over a dictionary the indices compose; over a constant there is nothing to index.
  public static func dictionary(_ values: Vector, indices: Buffer, count: Int) -> Vector {
    switch values.encoding {
    case .constant(let value): return Vector(values.type, count: count, .constant(value))
    case .dictionary(let inner, let base):
      let composed = Buffer(byteCount: count * 4)
      let a = indices.pointer(as: UInt32.self), b = inner.pointer(as: UInt32.self), c = composed.pointer(as: UInt32.self)
      for i in 0..<count { c[i] = b[Int(a[i])] }
      return Vector(values.type, count: count, .dictionary(indices: composed, values: base))
    case .flat, .list, .map, .row: return Vector(values.type, count: count, .dictionary(indices: indices, values: values))
    }
  }

  /// The same values under another type of the same layout (bigint as a timestamp, say).
  public func retyped(_ type: DataType) -> Vector {
    if type == self.type { return self }
    switch encoding {
    case .constant(let value): return Vector(type, count: count, .constant(value.retyped(type)))
    case .dictionary(let indices, let values):
      return Vector(type, count: count, .dictionary(indices: indices, values: values.retyped(type)))
    case .flat, .list, .map, .row: return Vector(type, count: count, encoding)
    }
  }

  /// Validity of the rows themselves; nil also for dictionaries and constants, whose nulls are in their values: see `mayHaveNulls`.
  public var validity: Bitmap? {
    switch encoding {
    case .flat(_, _, let validity), .list(_, _, let validity), .map(_, _, _, let validity), .row(_, let validity): validity
    case .constant, .dictionary: nil
    }
  }

  public var mayHaveNulls: Bool {
    switch encoding {
    case .flat(_, _, let validity), .list(_, _, let validity), .map(_, _, _, let validity), .row(_, let validity): validity != nil
    case .constant(let value): value.mayHaveNulls
    case .dictionary(_, let values): values.mayHaveNulls
    }
  }

  public func isNull(at row: Int) -> Bool {
    switch encoding {
    case .flat(_, _, let validity), .list(_, _, let validity), .map(_, _, _, let validity), .row(_, let validity):
      validity.map { !$0[row] } ?? false
    case .constant(let value): value.isNull(at: 0)
    case .dictionary(let indices, let values): values.isNull(at: Int(indices.pointer(as: UInt32.self)[row]))
    }
  }

  /// The buffers that keep alive what this vector's `Bytes` point into.
  public var heap: [Buffer] {
    switch encoding {
    case .flat(_, let heap, _): heap
    case .constant(let value): value.heap
    case .dictionary(_, let values): values.heap
    case .list, .map, .row: []
    }
  }

  /// The single row of a constant vector, nil for every other encoding.
  public var constantValue: Vector? { if case .constant(let value) = encoding { value } else { nil } }

  /// Bytes retained, shared buffers counted each time they are seen.
  public var byteCount: Int {
    switch encoding {
    case .flat(let values, let heap, let validity):
      values.byteCount + heap.reduce(0) { $0 + $1.byteCount } + (validity?.words.byteCount ?? 0)
    case .list(let offsets, let elements, let validity): offsets.byteCount + elements.byteCount + (validity?.words.byteCount ?? 0)
    case .map(let offsets, let keys, let values, let validity):
      offsets.byteCount + keys.byteCount + values.byteCount + (validity?.words.byteCount ?? 0)
    case .row(let fields, let validity): fields.reduce(0) { $0 + $1.byteCount } + (validity?.words.byteCount ?? 0)
    case .constant(let value): value.byteCount
    case .dictionary(let indices, let values): indices.byteCount + values.byteCount
    }
  }
}
