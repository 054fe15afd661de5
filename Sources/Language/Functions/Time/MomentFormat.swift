import Values
import Vectors

/// A pattern of dates and times, in MySQL's language (`%Y-%m-%d`) or Joda's (`yyyy-MM-dd`), for writing and for reading.
struct MomentFormat {
  enum Token {
    case literal([UInt8])
    /// `width`: the least number of digits; how long a text is.
    case field(Field, width: Int)
  }

  enum Field {
    case era, century, year, shortYear, weekYear, week, dayOfWeek, dayOfWeekText, month, monthText, day, dayOfYear
    /// AM or PM; 0…11; 1…12; 0…23; 1…24
    case half, hourOfHalf, clockOfHalf, hour, clock
    case minute, second, fraction, zoneOffset, zoneName

    var isNumber: Bool {
      switch self {
      case .era, .dayOfWeekText, .monthText, .half, .zoneOffset, .zoneName: false
      default: true
      }
    }
  }

  private(set) var tokens: [Token] = []
  /// Two-digit years lie in the century that begins with this year.
  private(set) var firstShortYear: Int

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
  static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  // MARK: Patterns

  init(mysql pattern: Bytes) throws {
    firstShortYear = 1970
    var bytes = pattern.array[...]
    while let byte = bytes.popFirst() {
      guard byte == 0x25 else {
        add([byte])
        continue
      }
      guard let letter = bytes.popFirst() else {
        add([0x25])
        break
      }
      switch letter {
      case UInt8(ascii: "a"): tokens.append(.field(.dayOfWeekText, width: 3))
      case UInt8(ascii: "b"): tokens.append(.field(.monthText, width: 3))
      case UInt8(ascii: "c"): tokens.append(.field(.month, width: 1))
      case UInt8(ascii: "d"): tokens.append(.field(.day, width: 2))
      case UInt8(ascii: "e"): tokens.append(.field(.day, width: 1))
      case UInt8(ascii: "f"): tokens.append(.field(.fraction, width: 6))
      case UInt8(ascii: "H"): tokens.append(.field(.hour, width: 2))
      case UInt8(ascii: "h"), UInt8(ascii: "I"): tokens.append(.field(.clockOfHalf, width: 2))
      case UInt8(ascii: "i"): tokens.append(.field(.minute, width: 2))
      case UInt8(ascii: "j"): tokens.append(.field(.dayOfYear, width: 3))
      case UInt8(ascii: "k"): tokens.append(.field(.hour, width: 1))
      case UInt8(ascii: "l"): tokens.append(.field(.clockOfHalf, width: 1))
      case UInt8(ascii: "M"): tokens.append(.field(.monthText, width: 4))
      case UInt8(ascii: "m"): tokens.append(.field(.month, width: 2))
      case UInt8(ascii: "p"): tokens.append(.field(.half, width: 2))
      case UInt8(ascii: "r"): try append(MomentFormat(mysql: MomentFormat.bytes("%h:%i:%s %p")))
      case UInt8(ascii: "S"), UInt8(ascii: "s"): tokens.append(.field(.second, width: 2))
      case UInt8(ascii: "T"): try append(MomentFormat(mysql: MomentFormat.bytes("%H:%i:%s")))
      case UInt8(ascii: "v"): tokens.append(.field(.week, width: 2))
      case UInt8(ascii: "W"): tokens.append(.field(.dayOfWeekText, width: 4))
      case UInt8(ascii: "x"): tokens.append(.field(.weekYear, width: 4))
      case UInt8(ascii: "Y"): tokens.append(.field(.year, width: 4))
      case UInt8(ascii: "y"): tokens.append(.field(.shortYear, width: 2))
      case UInt8(ascii: "w"), UInt8(ascii: "U"), UInt8(ascii: "u"), UInt8(ascii: "V"), UInt8(ascii: "X"), UInt8(ascii: "D"):
        throw invalidArgument("%\(Character(Unicode.Scalar(letter))) not supported in date format string")
      default: add([letter])
      }
    }
  }

  /// Throws INVALID_FUNCTION_ARGUMENT for letters that mean nothing.
  init(joda pattern: Bytes) throws {
    firstShortYear = 1946
    let bytes = pattern.array
    var i = 0
    while i < bytes.count {
      let letter = bytes[i]
      if letter == 0x27 {
        // quoted text; two quotes are one
        i += 1
        if i < bytes.count && bytes[i] == 0x27 {
          add([0x27])
          i += 1
          continue
        }
        while i < bytes.count {
          if bytes[i] == 0x27 {
            if i + 1 < bytes.count && bytes[i + 1] == 0x27 { i += 1 } else { break }
          }
          add([bytes[i]])
          i += 1
        }
        i += 1
        continue
      }
      guard (letter >= 65 && letter <= 90) || (letter >= 97 && letter <= 122) else {
        add([letter])
        i += 1
        continue
      }
      var width = 1
      while i + width < bytes.count && bytes[i + width] == letter { width += 1 }
      i += width
      switch letter {
      case UInt8(ascii: "G"): tokens.append(.field(.era, width: width))
      case UInt8(ascii: "C"): tokens.append(.field(.century, width: width))
      case UInt8(ascii: "Y"), UInt8(ascii: "y"): tokens.append(.field(width == 2 ? .shortYear : .year, width: width))
      case UInt8(ascii: "x"): tokens.append(.field(.weekYear, width: width))
      case UInt8(ascii: "w"): tokens.append(.field(.week, width: width))
      case UInt8(ascii: "e"): tokens.append(.field(.dayOfWeek, width: width))
      case UInt8(ascii: "E"): tokens.append(.field(.dayOfWeekText, width: max(3, width)))
      case UInt8(ascii: "D"): tokens.append(.field(.dayOfYear, width: width))
      case UInt8(ascii: "M"): tokens.append(.field(width >= 3 ? .monthText : .month, width: width))
      case UInt8(ascii: "d"): tokens.append(.field(.day, width: width))
      case UInt8(ascii: "a"): tokens.append(.field(.half, width: width))
      case UInt8(ascii: "K"): tokens.append(.field(.hourOfHalf, width: width))
      case UInt8(ascii: "h"): tokens.append(.field(.clockOfHalf, width: width))
      case UInt8(ascii: "H"): tokens.append(.field(.hour, width: width))
      case UInt8(ascii: "k"): tokens.append(.field(.clock, width: width))
      case UInt8(ascii: "m"): tokens.append(.field(.minute, width: width))
      case UInt8(ascii: "s"): tokens.append(.field(.second, width: width))
      case UInt8(ascii: "S"): tokens.append(.field(.fraction, width: width))
      case UInt8(ascii: "Z"): tokens.append(.field(width >= 3 ? .zoneName : .zoneOffset, width: width))
      case UInt8(ascii: "z"): tokens.append(.field(.zoneName, width: width))
      default: throw invalidArgument("Illegal pattern component: \(String(repeating: Character(Unicode.Scalar(letter)), count: width))")
      }
    }
  }

  private mutating func add(_ text: [UInt8]) {
    if case .literal(let before)? = tokens.last {
      tokens[tokens.count - 1] = .literal(before + text)
    } else {
      tokens.append(.literal(text))
    }
  }

  private mutating func append(_ other: MomentFormat) { tokens += other.tokens }

  private static func bytes(_ text: StaticString) -> Bytes { Bytes(UnsafeRawPointer(text.utf8Start), count: text.utf8CodeUnitCount) }

  // MARK: Writing

  /// `moment` is at whole milliseconds.
  func write(_ moment: Moment, zone: TimeZoneKey?, offset: Int, _ out: inout TextWriter) {
    let (year, month, day) = Moments.civil(moment.days)
    let seconds = Int(moment.picos / Moments.second), hour = seconds / 3600
    for token in tokens {
      switch token {
      case .literal(let text): text.withUnsafeBytes { out.write($0) }
      case .field(let field, let width):
        switch field {
        case .era: out.write(year > 0 ? "AD" : "BC")
        case .century: out.write(number: year / 100, width: width)
        case .year: out.write(number: year, width: width)
        case .shortYear: out.write(number: abs(year % 100), width: 2)
        case .weekYear:
          let weekYear = Moments.isoWeek(moment.days).year
          out.write(number: width == 2 ? abs(weekYear % 100) : weekYear, width: width)
        case .week: out.write(number: Int(Moments.isoWeek(moment.days).week), width: width)
        case .dayOfWeek: out.write(number: Int(Moments.dayOfWeek(moment.days)), width: width)
        case .dayOfWeekText: write(MomentFormat.weekdays[Int(Moments.dayOfWeek(moment.days)) - 1], width, &out)
        case .month: out.write(number: month, width: width)
        case .monthText: write(MomentFormat.months[month - 1], width, &out)
        case .day: out.write(number: day, width: width)
        case .dayOfYear: out.write(number: Int(Moments.dayOfYear(moment.days)), width: width)
        case .half: out.write(hour < 12 ? "AM" : "PM")
        case .hourOfHalf: out.write(number: hour % 12, width: width)
        case .clockOfHalf: out.write(number: (hour + 11) % 12 + 1, width: width)
        case .hour: out.write(number: hour, width: width)
        case .clock: out.write(number: hour == 0 ? 24 : hour, width: width)
        case .minute: out.write(number: seconds / 60 % 60, width: width)
        case .second: out.write(number: seconds % 60, width: width)
        case .fraction:
          let millis = Int(moment.picos / Moments.milli % 1000)
          out.write(number: width >= 3 ? millis : width == 2 ? millis / 10 : millis / 100, width: min(width, 3))
          out.write(repeating: 48, count: width - 3)
        case .zoneOffset:
          let minutes = offset / 60
          out.write(minutes < 0 ? 0x2D : 0x2B)
          out.write(number: abs(minutes) / 60, width: 2)
          if width == 2 { out.write(0x3A) }
          out.write(number: abs(minutes) % 60, width: 2)
        case .zoneName: out.write((zone ?? .utc).name)
        }
      }
    }
  }

  private func write(_ name: String, _ width: Int, _ out: inout TextWriter) { out.write(width >= 4 ? name : String(name.prefix(3))) }
}
