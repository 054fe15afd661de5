import Values
import Vectors

/// LIKE and ILIKE over vectors. A constant pattern is taken apart once; patterns from a column are remembered while they repeat.
public enum PatternKernels {
  /// (text, pattern) or (text, pattern, escape).
  public static func kernel(ignoringCase: Bool) -> ScalarKernel {
    { v, rows, _ in
      if v.contains(where: { $0.nullConstant != nil }) { return Vector.nulls(.boolean, count: rows) }
      if let pattern = v[1].constantValue, v.count < 3 || v[2].constantValue != nil {
        let escape = v.count > 2 ? v[2].constantValue.map { $0.reader(as: Bytes.self).base[0] } : nil
        let compiled = try compile(pattern.reader(as: Bytes.self).base[0], escape, ignoringCase)
        return withExtendedLifetime(v) { compiled.vector(v[0], rows) }
      }
      let texts = v[0].dense(), patterns = v[1].dense(), escapes = v.count > 2 ? v[2].dense() : nil
      let x = texts.reader(as: Bytes.self), y = patterns.reader(as: Bytes.self), z = escapes?.reader(as: Bytes.self)
      var last: (pattern: Bytes, escape: Bytes?, compiled: LikePattern)?
      var gate = Bitmap.both(texts.validity, patterns.validity)
      gate = Bitmap.both(gate, escapes?.validity)
      let output = try ScalarLoop.gated(rows, gate, Bool.self) { i in
        let pattern = y[i], escape = z?[i]
        if last.map({ !($0.pattern == pattern) || !($0.escape?.head == escape?.head && $0.escape?.tail == escape?.tail) }) ?? true {
          last = (pattern, escape, try compile(pattern, escape, ignoringCase))
        }
        let slot = x.base + (i & x.mask)
        return last?.compiled.matches(Bytes.address(of: slot), count: slot.pointee.count) ?? false
      }
      return withExtendedLifetime((texts, patterns, escapes)) { output.vector(.boolean, rows: rows, heap: []) }
    }
  }

  public static func compile(_ pattern: Bytes, _ escape: Bytes?, _ ignoringCase: Bool) throws -> LikePattern {
    if let escape, escape.count != 1 {
      throw PrestoError(.invalidFunctionArgument, "Escape string must be a single character")
    }
    guard let compiled = LikePattern(pattern.array, escape: escape.map { $0.array[0] }, ignoringCase: ignoringCase) else {
      throw PrestoError(.invalidFunctionArgument, "Escape character must be followed by '%', '_' or the escape character itself")
    }
    return compiled
  }
}
