import Expressions
import Values
import Vectors

extension Function {
  /// Calls of lambdas by themselves, as tests and generated queries write them.
  static let lambdas: [Function] = [
    .vector("apply", "(T, function(T, U)) -> U", "A function of a value") { arguments, rows, context in
      try lambda(1, context)([arguments[0]], everyRow(rows))
    },
    .vector("invoke", "(function(T)) -> T", "A function of nothing") { _, rows, context in
      try lambda(0, context)([], everyRow(rows))
    },
  ]
}

private func everyRow(_ rows: Int) -> Selection {
  let all = Buffer(byteCount: rows * 4)
  for row in 0..<rows { all.pointer(as: UInt32.self)[row] = UInt32(truncatingIfNeeded: row) }
  return Selection(rows: all, count: rows)
}
