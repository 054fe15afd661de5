import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let textBasics: [Function] = [
    .scalar("length", "Number of characters") { (x: Text) in Int64(x.withBytes { CodePoints.count($0) }) },
    .bound("length", "(char(x)) -> bigint", "Number of characters, the padding included") { types, _ in
      guard case .char(let length) = types[0] else { return nil }
      return { arguments, rows, _ in try ScalarLoop.unary(arguments[0], rows, .bigint) { (_: Bytes) in Int64(length) } }
    },
    .scalar("length", "Number of bytes") { (x: Binary) in Int64(x.bytes.count) },
    .scalar("char_length", "Number of characters") { (x: Text) in Int64(x.withBytes { CodePoints.count($0) }) },
    .scalar("character_length", "Number of characters") { (x: Text) in Int64(x.withBytes { CodePoints.count($0) }) },
    .scalar("bit_length", "Number of bits") { (x: Text) in Int64(x.count) * 8 },
    .scalar("lower", "In lower case") { (x: Text, out: inout TextWriter) in writeMapped(x, &out, lower: true) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("upper", "In upper case") { (x: Text, out: inout TextWriter) in writeMapped(x, &out, lower: false) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("title_case", "Words with a capital first") { (x: Text, out: inout TextWriter) in writeTitle(x, &out) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("reverse", "Characters in reverse order") { (x: Text, out: inout TextWriter) in
      x.withBytes { bytes in
        var end = bytes.count
        while end > 0 {
          var start = end - 1
          while start > 0 && CodePoints.isContinuation(bytes[start]) { start -= 1 }
          out.write(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          end = start
        }
      }
    }.signed("(varchar(x)) -> varchar(x)"),
    .scalar("reverse", "Bytes in reverse order", returning: .varbinary) { (x: Binary, out: inout TextWriter) in
      for byte in x.bytes.array.reversed() { out.write(byte) }
    },
    .scalar("chr", "The character of a code point") { (n: Int64, out: inout TextWriter) in
      guard let value = UInt32(exactly: n), Unicode.Scalar(value) != nil else {
        throw invalidArgument("Not a valid Unicode code point: \(n)")
      }
      out.write(scalar: value)
    }.signed("(bigint) -> varchar(1)"),
    .scalar("codepoint", "The code point of a single character") { (x: Text) -> Int32 in
      let points = CodePoints.array(x)
      guard points.count == 1 else { throw invalidArgument("Input string must be a single character string") }
      return Int32(truncatingIfNeeded: points[0])
    },
    .scalar("starts_with", "Whether a text begins with another") { (x: Text, start: Text) in
      x.count >= start.count && x.part(0..<start.count) == start
    },
    .scalar("ends_with", "Whether a text ends with another") { (x: Text, end: Text) in
      x.count >= end.count && x.part(x.count - end.count..<x.count) == end
    },
    .scalar("to_utf8", "The UTF-8 bytes of a text") { (x: Text) in Binary(x) },
    .scalar("from_utf8", "Text of UTF-8 bytes, invalid ones replaced", returning: .varchar) { (x: Binary, out: inout TextWriter) in
      writeRepaired(x.bytes, [0xEF, 0xBF, 0xBD], &out)
    },
    .scalar("from_utf8", "Text of UTF-8 bytes, invalid ones replaced", returning: .varchar) {
      (x: Binary, replacement: Text, out: inout TextWriter) in
      if CodePoints.array(replacement).count > 1 { throw invalidArgument("Replacement string must be empty or a single character") }
      writeRepaired(x.bytes, replacement.array, &out)
    },
    .scalar("from_utf8", "Text of UTF-8 bytes, invalid ones replaced", returning: .varchar) {
      (x: Binary, replacement: Int64, out: inout TextWriter) in
      guard let value = UInt32(exactly: replacement), let scalar = Unicode.Scalar(value) else {
        throw invalidArgument("Invalid replacement character")
      }
      writeRepaired(x.bytes, Array(String(Character(scalar)).utf8), &out)
    },
    .scalar("replace", "Without every occurrence of a text") { (x: Text, search: Text, out: inout TextWriter) in
      writeReplaced(x, search, .empty, &out)
    }.signed("(varchar(x), varchar) -> varchar(x)"),
    .scalar("replace", "With every occurrence of a text replaced") { (x: Text, search: Text, replacement: Text, out: inout TextWriter) in
      writeReplaced(x, search, replacement, &out)
    }.sized("(varchar(x), varchar(y), varchar(z)) -> varchar") { $0[0] + $0[2] * ($0[0] + 1) },
    .scalar("replace_first", "With the first occurrence of a text replaced") {
      (x: Text, search: Text, replacement: Text, out: inout TextWriter) in
      guard let at = x.find(search) else { return out.write(x) }
      out.write(x.part(0..<at))
      out.write(replacement)
      out.write(x.part(at + search.count..<x.count))
    },
    .scalar("translate", "With characters replaced by those in the same place") { (x: Text, from: Text, to: Text, out: inout TextWriter) in
      let source = CodePoints.array(from), target = CodePoints.array(to)
      for c in CodePoints.array(x) {
        if let place = source.firstIndex(of: c) {
          if place < target.count { out.write(scalar: target[place]) }
        } else {
          out.write(scalar: c)
        }
      }
    },
  ]
}

private func writeMapped(_ x: Bytes, _ out: inout TextWriter, lower: Bool) {
  x.withBytes { bytes in
    if CodePoints.isASCII(bytes) {
      let room = out.reserve(bytes.count).assumingMemoryBound(to: UInt8.self)
      let first: UInt8 = lower ? 65 : 97
      for i in 0..<bytes.count {
        let c = bytes[i]
        room[i] = c ^ (UInt8(truncatingIfNeeded: (c &- first < 26).bit) &<< 5)
      }
      return out.advance(bytes.count)
    }
    var i = 0
    while i < bytes.count {
      let start = i, c = CodePoints.next(bytes, &i)
      if c == 0xFFFD {
        out.write(UnsafeRawBufferPointer(rebasing: bytes[start..<i]))
      } else {
        out.write(scalar: lower ? CodePoints.lowered(c) : CodePoints.raised(c))
      }
    }
  }
}

private func writeTitle(_ x: Bytes, _ out: inout TextWriter) {
  var isInside = false
  for c in CodePoints.array(x) {
    out.write(scalar: isInside ? CodePoints.lowered(c) : CodePoints.raised(c))
    isInside = CodePoints.isLetterOrDigit(c)
  }
}

private func writeRepaired(_ x: Bytes, _ replacement: [UInt8], _ out: inout TextWriter) {
  x.withBytes { bytes in
    var i = 0
    while i < bytes.count {
      let start = i, c = CodePoints.next(bytes, &i)
      let isReplacementItself = i - start == 3
      if c == 0xFFFD && !isReplacementItself {
        replacement.withUnsafeBytes { out.write($0) }
      } else {
        out.write(UnsafeRawBufferPointer(rebasing: bytes[start..<i]))
      }
    }
  }
}

private func writeReplaced(_ x: Bytes, _ search: Bytes, _ replacement: Bytes, _ out: inout TextWriter) {
  if search.count == 0 {
    if replacement.count == 0 { return out.write(x) }
    // between all characters, and at both ends
    out.write(replacement)
    x.withBytes { bytes in
      var i = 0
      while i < bytes.count {
        let start = i
        _ = CodePoints.next(bytes, &i)
        out.write(UnsafeRawBufferPointer(rebasing: bytes[start..<i]))
        out.write(replacement)
      }
    }
    return
  }
  x.withBytes { bytes in
    search.withBytes { needle in
      var start = 0
      while let at = Search.first(UnsafeRawBufferPointer(rebasing: bytes[start...]), needle) {
        out.write(UnsafeRawBufferPointer(rebasing: bytes[start..<start + at]))
        out.write(replacement)
        start += at + needle.count
      }
      out.write(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
  }
}
