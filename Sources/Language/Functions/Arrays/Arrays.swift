import Expressions
import Values
import Vectors

extension Function {
  static let arrayBasics: [Function] = [
    .vector("cardinality", "(array(T)) -> bigint", "Number of elements") { arguments, rows, _ in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(.bigint, count: rows) }
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Int64.self) { Int64(lists.range($0).count) }.vector(
        .bigint, rows: rows, heap: [])
    },
    .vector("cardinality", "(map(K, V)) -> bigint", "Number of entries") { arguments, rows, _ in
      guard let maps = MapReader(arguments[0]) else { return Vector.nulls(.bigint, count: rows) }
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Int64.self) { Int64(maps.range($0).count) }.vector(
        .bigint, rows: rows, heap: [])
    },
    .vector("element_at", "(array(T), bigint) -> T", "The element at an index from 1, or from the end; null beyond") { arguments, rows, _ in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(arguments[0].type.components[0], count: rows) }
      let indices = arguments[1].reader(as: Int64.self)
      let chosen = try (0..<rows).map { row -> UInt32 in
        if arguments[0].isNull(at: row) || !indices.isValid(row) { return .max }
        if indices[row] == 0 { throw invalidArgument("SQL array indices start at 1") }
        let range = lists.range(row), index = Int(clamping: indices[row])
        let place = index > 0 ? index - 1 : range.count + max(index, -range.count - 1)
        return place >= 0 && place < range.count ? UInt32(truncatingIfNeeded: range.lowerBound + place) : .max
      }
      return lists.elements.pickedOrNull(chosen)
    },
    .vector("array_first", "(array(T)) -> T", "The first element; null if there is none") { arguments, rows, _ in
      ends(arguments[0], rows, last: false)
    },
    .vector("array_last", "(array(T)) -> T", "The last element; null if there is none") { arguments, rows, _ in
      ends(arguments[0], rows, last: true)
    },
    .vector("contains", "(array(T), T) -> boolean where T: comparable", "Whether an array has an element") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(.boolean, count: rows) }
      let equal = rowEquality(lists.elements, arguments[1])
      let gate = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
      let mayHaveNulls = lists.elements.mayHaveNulls
      return try ScalarLoop.gated(rows, gate, Bool?.self) { row -> Bool? in
        let range = lists.range(row)
        if range.contains(where: { equal($0, row) }) { return true }
        return mayHaveNulls && range.contains { lists.elements.isNull(at: $0) } ? nil : false
      }.vector(.boolean, rows: rows, heap: [])
    },
    .vector("array_position", "(array(T), T) -> bigint where T: comparable", "Place of an element, from 1; 0 if it is missing") {
      arguments, rows, _ in try position(arguments, rows)
    },
    .vector("array_position", "(array(T), T, bigint) -> bigint where T: comparable", "Place of an occurrence; negative: from the end") {
      arguments, rows, _ in try position(arguments, rows)
    },
    .vector("array_remove", "(array(T), T) -> array(T) where T: comparable", "Without the elements equal to a value") {
      arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let equal = rowEquality(lists.elements, arguments[1])
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        for i in lists.range(row) where !equal(i, row) { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
    .vector("remove_nulls", "(array(T)) -> array(T)", "Without null elements") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        for i in lists.range(row) where !lists.elements.isNull(at: i) { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
    .vector("reverse", "(array(T)) -> array(T)", "Elements in reverse order") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        for i in lists.range(row).reversed() { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
    .vector("shuffle", "(array(T)) -> array(T)", "Elements in random order", isDeterministic: false) { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        for i in lists.range(row).shuffled() { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
    .vector("slice", "(array(T), bigint, bigint) -> array(T)", "So many elements from an index on") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let starts = arguments[1].reader(as: Int64.self), lengths = arguments[2].reader(as: Int64.self)
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        let range = lists.range(row), start = starts[row], length = lengths[row]
        if length < 0 { throw invalidArgument("length must be greater than or equal to 0") }
        if start == 0 { throw invalidArgument("SQL array indices start at 1") }
        let first = start > 0 ? Int(clamping: start) - 1 : range.count + max(Int(clamping: start), -range.count - 1)
        if first < 0 || first >= range.count { return }
        for i in first..<first + min(Int(clamping: length), range.count - first) {
          out.append(UInt32(truncatingIfNeeded: range.lowerBound + i))
        }
      }
    },
    .vector("trim_array", "(array(T), bigint) -> array(T)", "Without the last n elements") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let counts = arguments[1].reader(as: Int64.self)
      return try chosenLists(context.result, lists.elements, rows, arguments) { row, out in
        let range = lists.range(row)
        if counts[row] < 0 { throw invalidArgument("size must not be negative: \(counts[row])") }
        if counts[row] > Int64(range.count) {
          throw invalidArgument("size must not exceed array cardinality \(range.count): \(counts[row])")
        }
        for i in range.dropLast(Int(counts[row])) { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
    .vector("flatten", "(array(array(T))) -> array(T)", "The elements of all arrays in an array") { arguments, rows, context in
      guard let outer = ListReader(arguments[0]), let inner = ListReader(outer.elements) else {
        return Vector.nulls(context.result, count: rows)
      }
      return try chosenLists(context.result, inner.elements, rows, arguments) { row, out in
        for list in outer.range(row) where !outer.elements.isNull(at: list) {
          for i in inner.range(list) { out.append(UInt32(truncatingIfNeeded: i)) }
        }
      }
    },
    .vector("concat", "(array(T)...) -> array(T)", "Arrays one after the other") { arguments, rows, context in
      if arguments.count < 2 { throw invalidArgument("There must be two or more concatenation arguments") }
      let sides = arguments.map { Exploded(arrays: $0, rows: rows).segments }
      let elements = Vector.concatenated(sides.map { $0.columns[0] }, type: sides[0].columns[0].type)
      var bases = [0]
      for side in sides { bases.append(bases[bases.count - 1] + side.rowCount) }
      return try chosenLists(context.result, elements, rows, arguments) { row, out in
        for (base, side) in zip(bases, sides) { for i in side.range(row) { out.append(UInt32(truncatingIfNeeded: base + i)) } }
      }
    },
    .vector("concat", "(array(T), T) -> array(T)", "An array and one more element") { arguments, rows, context in
      try joinedElement(arguments[0], arguments[1], rows, context.result, atFront: false)
    },
    .vector("concat", "(T, array(T)) -> array(T)", "An element and an array") { arguments, rows, context in
      try joinedElement(arguments[1], arguments[0], rows, context.result, atFront: true)
    },
    .vector("repeat", "(T, bigint) -> array(T)", "An element so many times") { arguments, rows, context in
      let counts = arguments[1].reader(as: Int64.self)
      var chosen: [UInt32] = [], ends = [0]
      for row in 0..<rows {
        if counts.isValid(row) {
          if counts[row] < 0 { throw invalidArgument("count argument of repeat function must be greater than or equal to 0") }
          if counts[row] > 10_000 { throw invalidArgument("count argument of repeat function must be less than or equal to 10000") }
          chosen.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: row), count: max(0, Int(counts[row]))))
        }
        ends.append(chosen.count)
      }
      return try listVector(context.result, arguments[0].picked(chosen), ends) { !counts.isValid($0) }
    },
    .vector("array_join", "(array(T), varchar) -> varchar", "Elements as text with a delimiter between; nulls left out") {
      arguments, rows, context in
      try joined(arguments, rows, context)
    },
    .vector("array_join", "(array(T), varchar, varchar) -> varchar", "Elements as text with a delimiter between; nulls replaced") {
      arguments, rows, context in try joined(arguments, rows, context)
    },
    .vector("contains_sequence", "(array(T), array(T)) -> boolean where T: comparable", "Whether an array has another as a part") {
      arguments, rows, _ in
      guard let whole = ListReader(arguments[0]), let part = ListReader(arguments[1]) else { return Vector.nulls(.boolean, count: rows) }
      let equal = rowEquality(whole.elements, part.elements)
      let gate = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
      return try ScalarLoop.gated(rows, gate, Bool.self) { row in
        let long = whole.range(row), short = part.range(row)
        if short.isEmpty { return true }
        if short.count > long.count { return false }
        return (long.lowerBound...long.upperBound - short.count).contains { start in
          short.indices.allSatisfy { equal(start + $0 - short.lowerBound, $0) }
        }
      }.vector(.boolean, rows: rows, heap: [])
    },
  ]
}

/// An array per row of elements chosen by index; null where an argument is.
func chosenLists(
  _ type: DataType, _ elements: Vector, _ rows: Int, _ arguments: [Vector], _ choose: (Int, inout [UInt32]) throws -> Void
) throws -> Vector {
  var chosen: [UInt32] = [], ends = [0]
  ends.reserveCapacity(rows + 1)
  let validity = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
  for row in 0..<rows {
    if validity?[row] ?? true { try choose(row, &chosen) }
    ends.append(chosen.count)
  }
  return Vector(type, count: rows, .list(offsets: try offsetsBuffer(ends), elements: elements.picked(chosen), validity: validity))
}

private func ends(_ vector: Vector, _ rows: Int, last: Bool) -> Vector {
  guard let lists = ListReader(vector) else { return Vector.nulls(vector.type.components[0], count: rows) }
  return lists.elements.pickedOrNull(
    (0..<rows).map { row in
      let range = vector.isNull(at: row) ? 0..<0 : lists.range(row)
      return range.isEmpty ? .max : UInt32(truncatingIfNeeded: last ? range.upperBound - 1 : range.lowerBound)
    })
}

private func position(_ arguments: [Vector], _ rows: Int) throws -> Vector {
  guard let lists = ListReader(arguments[0]) else { return Vector.nulls(.bigint, count: rows) }
  let equal = rowEquality(lists.elements, arguments[1])
  let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
  let instances = arguments.count == 3 ? arguments[2].reader(as: Int64.self) : nil
  return try ScalarLoop.gated(rows, gate, Int64.self) { row -> Int64 in
    let range = lists.range(row), instance = instances.map { $0[row] } ?? 1
    if instance == 0 { throw invalidArgument("array_position cannot take a 0-valued instance argument.") }
    var left = instance.magnitude
    for step in 0..<range.count {
      let i = instance > 0 ? range.lowerBound + step : range.upperBound - 1 - step
      if equal(i, row) {
        left -= 1
        if left == 0 { return Int64(i - range.lowerBound + 1) }
      }
    }
    return 0
  }.vector(.bigint, rows: rows, heap: [])
}

private func joinedElement(_ array: Vector, _ element: Vector, _ rows: Int, _ type: DataType, atFront: Bool) throws -> Vector {
  let side = Exploded(arrays: array, rows: rows).segments
  let elements = Vector.concatenated([side.columns[0], element], type: element.type)
  return try chosenLists(type, elements, rows, [array]) { row, out in
    let one = UInt32(truncatingIfNeeded: side.rowCount + row)
    if atFront { out.append(one) }
    for i in side.range(row) { out.append(UInt32(truncatingIfNeeded: i)) }
    if !atFront { out.append(one) }
  }
}

private func joined(_ arguments: [Vector], _ rows: Int, _ context: EvaluationContext) throws -> Vector {
  let exploded = Exploded(arrays: arguments[0], rows: rows)
  let element = exploded.segments.columns[0]
  let texts = try cast(element, to: .varchar, context)
  let reader = texts.reader(as: Bytes.self), delimiters = arguments[1].reader(as: Bytes.self)
  let replacements = arguments.count == 3 ? arguments[2].reader(as: Bytes.self) : nil
  let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
  return try withExtendedLifetime((arguments, texts)) {
    try ScalarLoop.written(rows, gate, context.result) { row, out in
      var isFirst = true
      for i in exploded.segments.range(row) {
        let isValid = reader.isValid(i)
        if !isValid && replacements == nil { continue }
        if !isFirst { out.write(delimiters[row]) }
        isFirst = false
        if isValid { out.write(reader[i]) } else if let replacements { out.write(replacements[row]) }
      }
    }
  }
}

/// CAST as SQL does it.
func cast(_ vector: Vector, to type: DataType, _ context: EvaluationContext) throws -> Vector {
  if vector.type == type || vector.count == 0 { return vector.retyped(type) }
  if vector.type.isText && type.isText { return vector.retyped(type) }
  if vector.type == .json { return try decodedJSON(vector, vector.count, type) }
  let evaluator = try Evaluator(
    .cast(.reference(0, vector.type), to: type, safe: false), functions: FunctionRegistry([]), context: context)
  return try evaluator.evaluate(Batch([vector], count: vector.count))
}
