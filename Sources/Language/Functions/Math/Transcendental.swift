import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let transcendental: [Function] = [
    .scalar("e", "Euler's number") { 2.718281828459045 },
    .scalar("pi", "Pi") { Double.pi },
    .scalar("nan", "Not a number") { Double.nan },
    .scalar("infinity", "Positive infinity") { Double.infinity },
    .scalar("exp", "Euler's number raised to a power") { (x: Double) in exp(x) },
    .scalar("ln", "Natural logarithm") { (x: Double) in log(x) },
    .scalar("log2", "Logarithm to base 2") { (x: Double) in log2(x) },
    .scalar("log10", "Logarithm to base 10") { (x: Double) in log10(x) },
    .scalar("log", "Logarithm to a base") { (base: Double, x: Double) in log(x) / log(base) },
    .scalar("sqrt", "Square root") { (x: Double) in x.squareRoot() },
    .scalar("cbrt", "Cube root") { (x: Double) in cbrt(x) },
    .scalar("pow", "Base raised to a power") { (x: Double, p: Double) in pow(x, p) },
    .scalar("power", "Base raised to a power") { (x: Double, p: Double) in pow(x, p) },
    .scalar("sin", "Sine") { (x: Double) in sin(x) },
    .scalar("cos", "Cosine") { (x: Double) in cos(x) },
    .scalar("tan", "Tangent") { (x: Double) in tan(x) },
    .scalar("asin", "Arc sine") { (x: Double) in asin(x) },
    .scalar("acos", "Arc cosine") { (x: Double) in acos(x) },
    .scalar("atan", "Arc tangent") { (x: Double) in atan(x) },
    .scalar("atan2", "Arc tangent of a quotient") { (y: Double, x: Double) in atan2(y, x) },
    .scalar("sinh", "Hyperbolic sine") { (x: Double) in sinh(x) },
    .scalar("cosh", "Hyperbolic cosine") { (x: Double) in cosh(x) },
    .scalar("tanh", "Hyperbolic tangent") { (x: Double) in tanh(x) },
    .scalar("degrees", "Radians to degrees") { (x: Double) in x * 180 / Double.pi },
    .scalar("radians", "Degrees to radians") { (x: Double) in x * Double.pi / 180 },
    .scalar("is_nan", "Whether it is not a number") { (x: Double) in x.isNaN },
    .scalar("is_nan", "Whether it is not a number") { (x: Float) in x.isNaN },
    .scalar("is_finite", "Whether it is a finite number") { (x: Double) in x.isFinite },
    .scalar("is_finite", "Whether it is a finite number") { (x: Float) in x.isFinite },
    .scalar("is_infinite", "Whether it is infinite") { (x: Double) in x.isInfinite },
    .scalar("is_infinite", "Whether it is infinite") { (x: Float) in x.isInfinite },
  ]
}
