import Expressions
import Values
import Vectors

/// What SQL writes as operators, as functions named `$add`, `$equal` … All are hidden from SHOW FUNCTIONS.
extension Function {
  static let operators: [Function] = (arithmetic + temporalArithmetic + comparisons + patterns + subscripts)
    .map { $0.hidden() }

  typealias Operator = FunctionID.Operator
}
