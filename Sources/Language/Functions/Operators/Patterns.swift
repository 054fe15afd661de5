import Expressions
import Values
import Vectors

extension Function {
  /// LIKE and ILIKE, with and without ESCAPE.
  static let patterns: [Function] = [
    bound(Operator.like, "(varchar, varchar) -> boolean", "Whether a text fits a pattern") { _, _ in
      PatternKernels.kernel(ignoringCase: false)
    },
    bound(Operator.like, "(varchar, varchar, varchar) -> boolean", "Whether a text fits a pattern") { _, _ in
      PatternKernels.kernel(ignoringCase: false)
    },
    bound(Operator.ilike, "(varchar, varchar) -> boolean", "Whether a text fits a pattern, whatever its case") { _, _ in
      PatternKernels.kernel(ignoringCase: true)
    },
    bound(Operator.ilike, "(varchar, varchar, varchar) -> boolean", "Whether a text fits a pattern, whatever its case") { _, _ in
      PatternKernels.kernel(ignoringCase: true)
    },
  ]
}
