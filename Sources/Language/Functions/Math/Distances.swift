import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let distances: [Function] = [
    .vector(
      "great_circle_distance", "(double, double, double, double) -> double",
      "Kilometres on the earth's surface between two places given as latitude and longitude in degrees"
    ) { arguments, rows, _ in
      let degrees = arguments.map { $0.reader(as: Double.self) }
      let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, gate, Double.self) { row in
          try greatCircle(degrees[0][row], degrees[1][row], degrees[2][row], degrees[3][row])
        }.vector(.double, rows: rows, heap: [])
      }
    }
  ]

  /// Vincenty's formula for a sphere: exact for places close together and for antipodes alike.
  private static func greatCircle(_ latitude1: Double, _ longitude1: Double, _ latitude2: Double, _ longitude2: Double) throws -> Double {
    for latitude in [latitude1, latitude2] where !(latitude >= -90 && latitude <= 90) {
      throw invalidArgument("Latitude must be between -90 and 90")
    }
    for longitude in [longitude1, longitude2] where !(longitude >= -180 && longitude <= 180) {
      throw invalidArgument("Longitude must be between -180 and 180")
    }
    let radian = Double.pi / 180
    let sine1 = sin(latitude1 * radian), cosine1 = cos(latitude1 * radian)
    let sine2 = sin(latitude2 * radian), cosine2 = cos(latitude2 * radian)
    let delta = longitude1 * radian - longitude2 * radian
    let across = cosine2 * sin(delta), along = cosine1 * sine2 - sine1 * cosine2 * cos(delta)
    let towards = sine1 * sine2 + cosine1 * cosine2 * cos(delta)
    return atan2((across * across + along * along).squareRoot(), towards) * 6371.01
  }
}
