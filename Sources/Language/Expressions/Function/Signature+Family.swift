import Values

extension Signature {
  /// `decimal(p,s)` taken apart: any type of the name `decimal`, the same one wherever the same text stands. Without parameters each stands for
  /// itself.
  public struct Family: Hashable, Sendable, ExpressibleByStringLiteral {
    public let text: String
    let base: String
    let parameters: [String]

    public init(_ name: String) {
      text = name
      guard let open = name.utf8.firstIndex(of: 0x28), let close = name.utf8.firstIndex(of: 0x29) else {
        base = name
        parameters = []
        return
      }
      base = String(name[..<open]) + String(name[name.index(after: close)...])
      parameters = name[name.index(after: open)..<close].split(separator: ",").map { String($0.filter { $0 != " " }) }
    }

    public init(stringLiteral text: String) { self.init(text) }

    /// The narrowest type of the family that a value of `type` converts to implicitly; nil when there is none.
    func member(for type: DataType) -> DataType? {
      switch (base, type) {
      case (_, .unknown): return minimal
      case ("decimal", .decimal), ("varchar", .varchar), ("char", .char), ("time", .time), ("timestamp", .timestamp),
        ("time with time zone", .timeWithTimeZone), ("timestamp with time zone", .timestampWithTimeZone):
        return type
      case ("decimal", _): return Coercion.digits(of: type).map { .decimal(precision: $0, scale: 0) }
      case ("varchar", .char(let length)): return .varchar(length: length)
      case ("timestamp", .date): return .timestamp(precision: 0)
      case ("timestamp with time zone", .date): return .timestampWithTimeZone(precision: 0)
      case ("timestamp with time zone", .timestamp(let precision)): return .timestampWithTimeZone(precision: precision)
      case ("time with time zone", .time(let precision)): return .timeWithTimeZone(precision: precision)
      default: return nil
      }
    }

    var minimal: DataType? {
      switch base {
      case "decimal": .decimal(precision: 1, scale: 0)
      case "varchar": .varchar(length: 0)
      case "char": .char(length: 0)
      case "time": .time(precision: 0)
      case "timestamp": .timestamp(precision: 0)
      case "time with time zone": .timeWithTimeZone(precision: 0)
      case "timestamp with time zone": .timestampWithTimeZone(precision: 0)
      default: nil
      }
    }

    /// The member with these numbers; nil where one is not bound. An unbounded varchar has no number.
    func type(_ numbers: [String: Int]) -> DataType? {
      let values = parameters.map { Int($0) ?? numbers[$0] }
      switch base {
      case "varchar": return .varchar(length: values.first.flatMap { $0 })
      case "decimal":
        guard values.count == 2, let precision = values[0], let scale = values[1] else { return nil }
        return .decimal(precision: min(38, precision), scale: scale)
      default:
        guard let first = values.first, let number = first else { return nil }
        switch base {
        case "char": return .char(length: number)
        case "time": return .time(precision: number)
        case "timestamp": return .timestamp(precision: number)
        case "time with time zone": return .timeWithTimeZone(precision: number)
        case "timestamp with time zone": return .timestampWithTimeZone(precision: number)
        default: return nil
        }
      }
    }

    static func numbers(of type: DataType) -> [Int] {
      switch type {
      case .decimal(let precision, let scale): [precision, scale]
      case .varchar(let length): length.map { [$0] } ?? []
      case .char(let length): [length]
      case .time(let precision), .timestamp(let precision), .timeWithTimeZone(let precision), .timestampWithTimeZone(let precision):
        [precision]
      default: []
      }
    }
  }
}
