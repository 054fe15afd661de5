import Expressions
import Values
import Vectors

extension Function {
  static let choices: [Function] = [
    choice("greatest", "The largest of the values; null if any is null", sign: -1),
    choice("least", "The smallest of the values; null if any is null", sign: 1),
  ]

  private static func choice(_ name: String, _ summary: String, sign: Int) -> Function {
    .vector(name, "(T, T...) -> T where T: orderable", summary) { arguments, rows, context in
      if arguments.count == 1 { return arguments[0] }
      var validity: Bitmap?
      for argument in arguments { validity = Bitmap.both(validity, argument.rowValidity) }
      let type = context.result
      return try withExtendedLifetime(arguments) {
        switch type.layout {
        case .int8: try best(arguments, rows, type, validity, sign, Int8.self)
        case .int16: try best(arguments, rows, type, validity, sign, Int16.self)
        case .int32: try best(arguments, rows, type, validity, sign, Int32.self)
        case .int64: try best(arguments, rows, type, validity, sign, Int64.self)
        case .float: try best(arguments, rows, type, validity, sign, Float.self)
        case .double: try best(arguments, rows, type, validity, sign, Double.self)
        case .int128 where !isZoned(type): try best(arguments, rows, type, validity, sign, Int128.self)
        case .bool, .int128, .bytes, .list, .map, .row: bestRows(arguments, rows, type, validity, sign)
        }
      }
    }
  }

  /// NaN gives way to every number.
  @inline(__always)
  private static func best<T: Comparable & Storable>(
    _ arguments: [Vector], _ rows: Int, _ type: DataType, _ validity: Bitmap?, _ sign: Int, _: T.Type
  ) throws -> Vector {
    let readers = arguments.map { $0.reader(as: T.self) }
    let wantsLess = sign > 0
    return try ScalarLoop.gated(rows, validity, T.self) { row in
      var chosen = readers[0][row]
      for reader in readers.dropFirst() {
        let x = reader[row]
        if wantsLess ? x < chosen : x > chosen { chosen = x } else if chosen != chosen { chosen = x }
      }
      return chosen
    }.vector(type, rows: rows, heap: [])
  }

  private static func bestRows(_ arguments: [Vector], _ rows: Int, _ type: DataType, _ validity: Bitmap?, _ sign: Int) -> Vector {
    let builder = VectorBuilder(type, capacity: rows)
    let orders = arguments.map { left in arguments.map { rowOrder(left, $0, nanIsLargest: sign > 0) } }
    for row in 0..<rows {
      if let validity, !validity[row] {
        builder.appendNull()
        continue
      }
      var chosen = 0
      for i in arguments.indices.dropFirst() where orders[i][chosen](row, row) * sign < 0 { chosen = i }
      builder.append(arguments[chosen], row: row)
    }
    return builder.finish()
  }
}
