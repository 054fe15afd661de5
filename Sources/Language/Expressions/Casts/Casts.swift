import Values
import Vectors

/// CAST and TRY_CAST: which kernel turns vectors of one type into another.
enum Casts {
  /// `isSafe`: null instead of an error that TRY would catch. Throws TYPE_MISMATCH where the cast is not defined.
  static func kernel(_ from: DataType, to: DataType, isSafe: Bool, functions: FunctionRegistry) throws -> ScalarKernel {
    throw PrestoError(.typeMismatch, "Cannot cast \(from) to \(to)")
  }

  static func isInfallible(_ from: DataType, _ to: DataType) -> Bool { false }
}
