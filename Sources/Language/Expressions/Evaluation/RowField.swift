import Values
import Vectors

/// A field of a row value.
enum RowField {
  static func value(_ row: Vector, _ index: Int, _ type: DataType) -> Vector {
    switch row.encoding {
    case .constant(let value): return .constant(self.value(value, index, type), count: row.count)
    case .dictionary(let indices, let values): return .dictionary(value(values, index, type), indices: indices, count: row.count)
    case .row(let fields, let validity):
      let field = fields[index]
      guard let validity else { return field }
      if field.nullConstant != nil { return field }
      return field.flattened().masked(by: validity)
    case .flat, .list, .map: return Vector.nulls(type, count: row.count)
    }
  }
}
