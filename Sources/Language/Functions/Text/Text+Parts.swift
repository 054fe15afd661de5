import Expressions
import Values
import Vectors

extension Function {
  /// Parts of a text: mostly views of the argument's own memory.
  static let textParts: [Function] = [
    .scalar("substr", "From a character on") { (x: Text, start: Int64) in substring(x, start, nil) }.signed(
      "(varchar(x), bigint) -> varchar(x)"),
    .scalar("substr", "So many characters from one on") { (x: Text, start: Int64, length: Int64) in substring(x, start, length) }
      .signed("(varchar(x), bigint, bigint) -> varchar(x)"),
    .scalar("substring", "From a character on") { (x: Text, start: Int64) in substring(x, start, nil) }
      .signed("(varchar(x), bigint) -> varchar(x)"),
    .scalar("substring", "So many characters from one on") { (x: Text, start: Int64, length: Int64) in substring(x, start, length) }
      .signed("(varchar(x), bigint, bigint) -> varchar(x)"),
    .scalar("substr", "From a byte on") { (x: Binary, start: Int64) in Binary(subbytes(x.bytes, start, nil)) },
    .scalar("substr", "So many bytes from one on") { (x: Binary, start: Int64, length: Int64) in Binary(subbytes(x.bytes, start, length)) },
    .scalar("substring", "From a byte on") { (x: Binary, start: Int64) in Binary(subbytes(x.bytes, start, nil)) },
    .scalar("substring", "So many bytes from one on") { (x: Binary, start: Int64, length: Int64) in Binary(subbytes(x.bytes, start, length))
    },
    .scalar("trail", "The last so many characters") { (x: Text, count: Int64) -> Text in
      let length = Int64(x.withBytes { CodePoints.count($0) })
      return count <= 0 ? .empty : substring(x, max(1, length - count + 1), nil)
    },
    .scalar("trim", "Without whitespace at both ends") { (x: Text) in trimmed(x, nil, left: true, right: true) }.signed(
      "(varchar(x)) -> varchar(x)"),
    .scalar("ltrim", "Without whitespace at the start") { (x: Text) in trimmed(x, nil, left: true, right: false) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("rtrim", "Without whitespace at the end") { (x: Text) in trimmed(x, nil, left: false, right: true) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("trim", "Without these characters at both ends") { (x: Text, set: Text) in
      trimmed(x, CodePoints.array(set), left: true, right: true)
    }
    .signed("(varchar(x), varchar) -> varchar(x)"),
    .scalar("ltrim", "Without these characters at the start") { (x: Text, set: Text) in
      trimmed(x, CodePoints.array(set), left: true, right: false)
    }.signed("(varchar(x), varchar) -> varchar(x)"),
    .scalar("rtrim", "Without these characters at the end") { (x: Text, set: Text) in
      trimmed(x, CodePoints.array(set), left: false, right: true)
    }.signed("(varchar(x), varchar) -> varchar(x)"),
    .scalar("trim", "Without these characters at both ends") { (x: Text, set: Text) in
      CodePoints.trimmedRight(trimmed(x, CodePoints.array(set), left: true, right: true))
    }
    .signed("(char(x), varchar) -> varchar(x)"),
    .scalar("rtrim", "Without these characters at the end") { (x: Text, set: Text) in
      CodePoints.trimmedRight(trimmed(x, CodePoints.array(set), left: false, right: true))
    }.signed("(char(x), varchar) -> varchar(x)"),
    .scalar("lpad", "Filled from the left to a length") { (x: Text, size: Int64, pad: Text, out: inout TextWriter) in
      try writePadded(x, size, pad, left: true, &out)
    },
    .scalar("rpad", "Filled from the right to a length") { (x: Text, size: Int64, pad: Text, out: inout TextWriter) in
      try writePadded(x, size, pad, left: false, &out)
    },
    .scalar("lpad", "Filled from the left to a length", returning: .varbinary) {
      (x: Binary, size: Int64, pad: Binary, out: inout TextWriter) in
      try writePadded(x.bytes.array, size, pad.bytes.array, left: true, &out)
    },
    .scalar("rpad", "Filled from the right to a length", returning: .varbinary) {
      (x: Binary, size: Int64, pad: Binary, out: inout TextWriter) in
      try writePadded(x.bytes.array, size, pad.bytes.array, left: false, &out)
    },
    .scalar("strpos", "Place of the first occurrence, from 1; 0 if there is none") { (x: Text, needle: Text) in try place(x, needle, 1) },
    .scalar("strpos", "Place of an occurrence; negative: counted from the end") { (x: Text, needle: Text, instance: Int64) in
      try place(x, needle, instance)
    },
    .scalar("strrpos", "Place of the last occurrence, from 1; 0 if there is none") { (x: Text, needle: Text) in try place(x, needle, -1) },
    .scalar("strrpos", "Place of an occurrence, counted from the end") { (x: Text, needle: Text, instance: Int64) -> Int64 in
      if instance <= 0 { throw invalidArgument("'instance' must be a positive number.") }
      return try place(x, needle, -instance)
    },
    .scalar("split_part", "The field at an index, from 1") { (x: Text, delimiter: Text, index: Int64) -> Text? in
      if index <= 0 { throw invalidArgument("Index must be greater than zero") }
      if delimiter.count == 0 {
        let length = Int64(x.withBytes { CodePoints.count($0) })
        return index > length ? nil : substring(x, index, 1)
      }
      var start = 0, left = index
      while let at = x.find(delimiter, from: start) {
        if left == 1 { return x.part(start..<at) }
        left -= 1
        start = at + delimiter.count
      }
      return left == 1 ? x.part(start..<x.count) : nil
    }.signed("(varchar(x), varchar, bigint) -> varchar(x)"),
    .vector("split", "(varchar(x), varchar) -> array(varchar(x))", "Fields between delimiters") { arguments, rows, context in
      try split(arguments, rows, context.result)
    },
    .vector("split", "(varchar(x), varchar, bigint) -> array(varchar(x))", "At most so many fields between delimiters") {
      arguments, rows, context in try split(arguments, rows, context.result)
    },
  ]
}

/// From character `start` (from 1; negative: from the end), `length` characters or all.
func substring(_ x: Bytes, _ start: Int64, _ length: Int64?) -> Bytes {
  if start == 0 || x.count == 0 { return .empty }
  if let length, length <= 0 { return .empty }
  return x.withBytes { bytes in
    let isASCII = CodePoints.isASCII(bytes)
    var first = Int(clamping: max(start, 1)) - 1
    if start < 0 {
      let total = isASCII ? bytes.count : CodePoints.count(bytes)
      guard start >= -Int64(total) else { return .empty }
      first = total + Int(start)
    }
    let last: Int? = length.map {
      let (end, overflow) = first.addingReportingOverflow(Int(clamping: $0)); return overflow ? Int.max : end
    }
    guard let base = bytes.baseAddress else { return .empty }
    if isASCII {
      if first >= bytes.count { return .empty }
      return Bytes(base + first, count: min(last ?? Int.max, bytes.count) - first)
    }
    guard let low = CodePoints.offset(bytes, first), low < bytes.count else { return .empty }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[low...])
    let high = last.flatMap { CodePoints.offset(rest, $0 - first) } ?? rest.count
    return Bytes(base + low, count: high)
  }
}

private func subbytes(_ x: Bytes, _ start: Int64, _ length: Int64?) -> Bytes {
  if start == 0 || x.count == 0 || (length ?? 1) <= 0 { return .empty }
  var first = Int(clamping: max(start, 1)) - 1
  if start < 0 {
    guard let from = Int(exactly: start), from >= -x.count else { return .empty }
    first = x.count + from
  }
  if first >= x.count { return .empty }
  let room = x.count - first
  return x.part(first..<first + min(Int(clamping: length ?? Int64.max), room))
}

private func trimmed(_ x: Bytes, _ set: [UInt32]?, left: Bool, right: Bool) -> Bytes {
  func isDropped(_ c: UInt32) -> Bool { set?.contains(c) ?? CodePoints.isWhitespace(c) }
  return x.withBytes { bytes in
    var low = 0, high = bytes.count
    while left && low < high {
      var next = low
      if !isDropped(CodePoints.next(bytes, &next)) { break }
      low = next
    }
    while right && high > low {
      var start = high - 1
      while start > low && CodePoints.isContinuation(bytes[start]) { start -= 1 }
      var next = start
      if !isDropped(CodePoints.next(bytes, &next)) { break }
      high = start
    }
    guard let base = bytes.baseAddress, low < high else { return .empty }
    return Bytes(base + low, count: high - low)
  }
}

private let longestPadding: Int64 = 2_147_483_647

private func writePadded(_ x: Bytes, _ size: Int64, _ pad: Bytes, left: Bool, _ out: inout TextWriter) throws {
  if size < 0 || size > longestPadding { throw invalidArgument("Target length must be in the range [0..2147483647]") }
  if pad.count == 0 { throw invalidArgument("Padding string must not be empty") }
  let length = x.withBytes { CodePoints.count($0) }, size = Int(size)
  if length >= size { return out.write(substring(x, 1, Int64(size))) }
  let padLength = pad.withBytes { CodePoints.count($0) }
  if (size - length) / padLength * pad.count > 1 << 30 { throw PrestoError(.exceededFunctionMemoryLimit, "Padded text is too long") }
  if !left { out.write(x) }
  for _ in 0..<(size - length) / padLength { out.write(pad) }
  out.write(substring(pad, 1, Int64((size - length) % padLength)))
  if left { out.write(x) }
}

private func writePadded(_ x: [UInt8], _ size: Int64, _ pad: [UInt8], left: Bool, _ out: inout TextWriter) throws {
  if size < 0 || size > longestPadding { throw invalidArgument("Target length must be in the range [0..2147483647]") }
  if pad.isEmpty { throw invalidArgument("Padding bytes must not be empty") }
  if size > 1 << 30 { throw PrestoError(.exceededFunctionMemoryLimit, "Padded value is too long") }
  let size = Int(size)
  if x.count >= size { return x[..<size].withUnsafeBytes { out.write($0) } }
  if !left { x.withUnsafeBytes { out.write($0) } }
  for i in 0..<size - x.count { out.write(pad[i % pad.count]) }
  if left { x.withUnsafeBytes { out.write($0) } }
}

/// The place of occurrence `instance` in characters from 1; 0 if there are fewer.
private func place(_ x: Bytes, _ needle: Bytes, _ instance: Int64) throws -> Int64 {
  if instance == 0 { throw invalidArgument("'instance' must be a positive or negative number.") }
  if needle.count == 0 { return 1 }
  return x.withBytes { bytes in
    needle.withBytes { wanted in
      var found: Int?
      if instance > 0 {
        var start = 0
        for _ in 0..<instance {
          guard start <= bytes.count, let at = Search.first(UnsafeRawBufferPointer(rebasing: bytes[start...]), wanted) else { return 0 }
          found = start + at
          start = start + at + 1
        }
      } else {
        var end = bytes.count
        for _ in 0..<instance.magnitude {
          guard end >= 0, let at = Search.last(UnsafeRawBufferPointer(rebasing: bytes[..<end]), wanted) else { return 0 }
          found = at
          end = at + wanted.count - 1
        }
      }
      guard let found else { return 0 }
      return Int64(CodePoints.count(UnsafeRawBufferPointer(rebasing: bytes[..<found]))) + 1
    }
  }
}

private func split(_ arguments: [Vector], _ rows: Int, _ type: DataType) throws -> Vector {
  let texts = arguments[0].reader(as: Bytes.self), delimiters = arguments[1].reader(as: Bytes.self)
  let limits = arguments.count == 3 ? arguments[2].reader(as: Int64.self) : nil
  let builder = VectorBuilder(type, capacity: rows), fields = builder.children[0]
  for buffer in arguments[0].heap { fields.retain(buffer) }
  for row in 0..<rows {
    if !texts.isValid(row) || !delimiters.isValid(row) || !(limits?.isValid(row) ?? true) {
      builder.appendNull()
      continue
    }
    let text = texts[row], delimiter = delimiters[row], limit = limits.map { $0[row] } ?? Int64.max
    if delimiter.count == 0 { throw invalidArgument("The delimiter may not be the empty string") }
    if limit <= 0 { throw invalidArgument("Limit must be positive") }
    if limit > 2_147_483_647 && arguments.count == 3 { throw invalidArgument("Limit is too large") }
    var start = 0, count: Int64 = 1
    while count < limit, let at = text.find(delimiter, from: start) {
      fields.append(view: text.part(start..<at))
      start = at + delimiter.count
      count += 1
    }
    fields.append(view: text.part(start..<text.count))
    builder.closeList()
  }
  withExtendedLifetime(arguments) {}
  return builder.finish()
}
