import Values
import Vectors

/// ROW(…) and ARRAY[…]: they take any number of arguments, and their names and types are the call's result type.
enum Constructors {
  static func kernel(_ name: String, _ type: DataType) -> ScalarKernel? {
    switch (name, type) {
    case (FunctionID.Operator.row, .row): return { v, rows, _ in Vector(type, count: rows, .row(fields: v, validity: nil)) }
    case (FunctionID.Operator.array, .array(let element)): return { v, rows, _ in array(v, rows, type, element) }
    default: return nil
    }
  }

  /// Row i's elements lie together: element k of it is row `i * n + k` of the elements.
  private static func array(_ values: [Vector], _ rows: Int, _ type: DataType, _ element: DataType) -> Vector {
    let n = values.count
    let offsets = Buffer(byteCount: (rows + 1) * 4)
    let p = offsets.pointer(as: Int32.self)
    for i in 0...rows { p[i] = Int32(truncatingIfNeeded: i * n) }
    if n == 0 {
      return Vector(type, count: rows, .list(offsets: offsets, elements: VectorBuilder(element, capacity: 8).finish(), validity: nil))
    }
    let all = Vector.concatenated(values, type: element)
    if n == 1 { return Vector(type, count: rows, .list(offsets: offsets, elements: all.flattened(), validity: nil)) }
    let order = Buffer(byteCount: rows * n * 4)
    let q = order.pointer(as: UInt32.self)
    for i in 0..<rows { for k in 0..<n { q[i * n + k] = UInt32(truncatingIfNeeded: k * rows + i) } }
    return withExtendedLifetime(order) {
      Vector(type, count: rows, .list(offsets: offsets, elements: all.gathered(UnsafePointer(q), count: rows * n), validity: nil))
    }
  }
}
