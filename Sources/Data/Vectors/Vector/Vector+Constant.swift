import Values

extension Vector {
  /// `count` rows of one value. The constant's case fits the type's layout (`Constant`'s own comment says how).
  public static func constant(_ value: Constant, _ type: DataType, count: Int) -> Vector {
    let builder = VectorBuilder(type, capacity: 1)
    builder.append(value)
    return Vector(type, count: count, .constant(builder.finish()))
  }

  public static func nulls(_ type: DataType, count: Int) -> Vector { constant(.null, type, count: count) }

  /// One row as a value: for edges and errors, never in a loop over many rows.
  public func constant(at row: Int) -> Constant {
    if isNull(at: row) { return .null }
    switch encoding {
    case .constant(let value): return value.constant(at: 0)
    case .dictionary(let indices, let values): return values.constant(at: Int(indices.pointer(as: UInt32.self)[row]))
    case .list(let offsets, let elements, _):
      return .sequence(Vector.range(offsets, row).map { elements.constant(at: $0) })
    case .map(let offsets, let keys, let values, _):
      return .sequence(Vector.range(offsets, row).map { .sequence([keys.constant(at: $0), values.constant(at: $0)]) })
    case .row(let fields, _): return .sequence(fields.map { $0.constant(at: row) })
    case .flat(let values, _, _):
      switch type.layout {
      case .bool: return .boolean(values.pointer(as: UInt8.self)[row] != 0)
      case .int8: return .integer(Int64(values.pointer(as: Int8.self)[row]))
      case .int16: return .integer(Int64(values.pointer(as: Int16.self)[row]))
      case .int32: return .integer(Int64(values.pointer(as: Int32.self)[row]))
      case .int64: return .integer(values.pointer(as: Int64.self)[row])
      case .int128: return .wide(values.pointer(as: Int128.self)[row])
      case .float: return .real(values.pointer(as: Float.self)[row])
      case .double: return .double(values.pointer(as: Double.self)[row])
      case .bytes: return .bytes(values.pointer(as: Bytes.self)[row].array)
      case .list, .map, .row: return .null
      }
    }
  }

  static func range(_ offsets: Buffer, _ row: Int) -> Range<Int> {
    let p = offsets.pointer(as: Int32.self)
    return Int(p[row])..<Int(p[row + 1])
  }
}
