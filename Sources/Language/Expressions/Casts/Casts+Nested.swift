import Values
import Vectors

extension Casts {
  /// Arrays, maps and rows: their parts are cast, their shape stays.
  static func nested(_ from: DataType, _ to: DataType, _ isSafe: Bool, _ functions: FunctionRegistry) throws -> ScalarKernel? {
    guard from.components.count == to.components.count else { return nil }
    let inner = try zip(from.components, to.components).map { part, target -> ScalarKernel? in
      part == target ? nil : try kernel(part, to: target, isSafe: false, functions: functions)
    }
    let cast: ScalarKernel = { v, rows, context in
      @Sendable func part(_ index: Int, _ vector: Vector) throws -> Vector {
        guard let kernel = inner[index], vector.count > 0 else { return vector.retyped(to.components[index]) }
        return try kernel([vector], vector.count, context)
      }
      func shape(_ vector: Vector) throws -> Vector {
        switch vector.encoding {
        case .constant(let value): return .constant(try shape(value), count: vector.count)
        case .dictionary: return try shape(vector.flattened())
        case .list(let offsets, let elements, let validity):
          return Vector(to, count: vector.count, .list(offsets: offsets, elements: try part(0, elements), validity: validity))
        case .map(let offsets, let keys, let values, let validity):
          return Vector(
            to, count: vector.count, .map(offsets: offsets, keys: try part(0, keys), values: try part(1, values), validity: validity))
        case .row(let fields, let validity):
          return Vector(to, count: vector.count, .row(fields: try fields.enumerated().map { try part($0, $1) }, validity: validity))
        case .flat: return Vector.nulls(to, count: vector.count)
        }
      }
      // elements that no row refers to must not fail: gather what is used
      return try shape(v[0].compacted())
    }
    return isSafe ? attempting(cast, to) : cast
  }
}

extension Vector {
  /// Without elements that belong to no row or to a null one.
  fileprivate func compacted() -> Vector {
    switch encoding {
    case .constant, .flat: return self
    case .dictionary: return flattened()
    case .list(let offsets, let elements, let validity): return isTight(offsets, elements.count, validity) ? self : regathered()
    case .map(let offsets, let keys, _, let validity): return isTight(offsets, keys.count, validity) ? self : regathered()
    case .row(let fields, let validity):
      guard validity != nil else { return self }
      return Vector(
        type, count: count,
        .row(fields: fields.map { field in validity.map { field.flattened().masked(by: $0) } ?? field }, validity: validity))
    }
  }

  private func isTight(_ offsets: Buffer, _ elements: Int, _ validity: Bitmap?) -> Bool {
    let p = offsets.pointer(as: Int32.self)
    return validity == nil && p[0] == 0 && Int(p[count]) == elements
  }

  /// Null rows become empty ranges.
  private func regathered() -> Vector {
    let builder = VectorBuilder(type, capacity: count)
    for row in 0..<count { builder.append(self, row: row) }
    return builder.finish()
  }
}
