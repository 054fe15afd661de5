import Expressions
import Values
import Vectors

extension Function {
  static let textJoining: [Function] = [
    .vector("concat", "(varchar...) -> varchar", "Texts one after the other") { arguments, rows, context in
      try concatenated(arguments, rows, context.result)
    },
    .vector("concat", "(varbinary...) -> varbinary", "Bytes one after the other") { arguments, rows, context in
      try concatenated(arguments, rows, context.result)
    },
    .vector("concat_ws", "(varchar, array(varchar)) -> varchar", "Texts joined with a separator, nulls left out") {
      arguments, rows, context in
      guard let lists = ListReader(arguments[1]) else { return Vector.nulls(context.result, count: rows) }
      let separators = arguments[0].reader(as: Bytes.self), texts = lists.elements.reader(as: Bytes.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, arguments[0].rowValidity, context.result) { row, out in
          var isFirst = true
          for element in arguments[1].isNull(at: row) ? 0..<0 : lists.range(row) where texts.isValid(element) {
            if !isFirst { out.write(separators[row]) }
            isFirst = false
            out.write(texts[element])
          }
        }
      }
    },
    .vector("concat_ws", "(varchar, varchar...) -> varchar", "Texts joined with a separator, nulls left out") { arguments, rows, context in
      if arguments.count < 2 { throw invalidArgument("There must be two or more arguments") }
      let separators = arguments[0].reader(as: Bytes.self), texts = arguments.dropFirst().map { $0.reader(as: Bytes.self) }
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, arguments[0].rowValidity, context.result) { row, out in
          var isFirst = true
          for text in texts where text.isValid(row) {
            if !isFirst { out.write(separators[row]) }
            isFirst = false
            out.write(text[row])
          }
        }
      }
    },
  ]
}

private func concatenated(_ arguments: [Vector], _ rows: Int, _ type: DataType) throws -> Vector {
  if arguments.count < 2 { throw invalidArgument("There must be two or more concatenation arguments") }
  var validity: Bitmap?
  for argument in arguments { validity = Bitmap.both(validity, argument.rowValidity) }
  return try withExtendedLifetime(arguments) {
    if arguments.count == 2 {
      let a = arguments[0].reader(as: Bytes.self), b = arguments[1].reader(as: Bytes.self)
      return try ScalarLoop.written(rows, validity, type) { row, out in
        out.write(a[row])
        out.write(b[row])
      }
    }
    let texts = arguments.map { $0.reader(as: Bytes.self) }
    return try ScalarLoop.written(rows, validity, type) { row, out in for text in texts { out.write(text[row]) } }
  }
}
