import Values

/// A vector of one fixed-width layout as a kernel sees it: all encodings look alike. Trivial, so that loops hold it as a value.
///
/// It does not keep the vector alive: hold the vector with `withExtendedLifetime` around the loop.
@frozen public struct Reader<Value: BitwiseCopyable> {
  public let base: UnsafePointer<Value>
  /// nil: no row is null.
  public let validity: UnsafePointer<UInt64>?
  /// nil: row i is slot i, or slot 0 for constants.
  public let indices: UnsafePointer<UInt32>?
  /// 0 for constants, all ones otherwise.
  public let mask: Int

  @inlinable public init(base: UnsafePointer<Value>, validity: UnsafePointer<UInt64>?, indices: UnsafePointer<UInt32>?, mask: Int) {
    self.base = base
    self.validity = validity
    self.indices = indices
    self.mask = mask
  }

  @inlinable @inline(__always) public func slot(_ row: Int) -> Int {
    if let indices { return Int(indices[row]) }
    return row & mask
  }

  @inlinable @inline(__always) public subscript(row: Int) -> Value { base[slot(row)] }

  @inlinable @inline(__always) public func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    let i = slot(row)
    return (validity[i >> 6] >> UInt64(i & 63)) & 1 != 0
  }

  /// Rows are slots: a loop may run over `base` directly.
  @inlinable public var isDense: Bool { indices == nil && mask != 0 }
  @inlinable public var isConstant: Bool { mask == 0 }
}

extension Vector {
  /// The vector's slots as `Value`. `Value` must be the Swift type of the layout (Bool for `.bool`, Bytes for `.bytes` …); nested layouts
  /// have no reader.
  @inlinable public func reader<Value: BitwiseCopyable>(as type: Value.Type) -> Reader<Value> {
    switch encoding {
    case .flat(let values, _, let validity):
      return Reader(
        base: UnsafePointer(values.pointer(as: Value.self)), validity: validity.map { UnsafePointer($0.pointer) }, indices: nil, mask: ~0)
    case .constant(let value):
      let inner = value.reader(as: Value.self)
      return Reader(base: inner.base, validity: inner.validity, indices: nil, mask: 0)
    case .dictionary(let indices, let values):
      let inner = values.reader(as: Value.self)
      return Reader(base: inner.base, validity: inner.validity, indices: UnsafePointer(indices.pointer(as: UInt32.self)), mask: ~0)
    case .list, .map, .row:
      preconditionFailure("\(self.type) has no flat slots")
    }
  }
}
