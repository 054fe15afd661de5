import Federation
import Values
import Vectors

/// A table: which rows it has, and how each column is computed from a row.
struct Relation: Sendable {
  let name: TableName
  let shape: Shape
  let columns: [Column]

  init(_ schema: String, _ table: String, _ shape: Shape, _ columns: [Column]) {
    name = TableName(schema: schema, table: table)
    self.shape = shape
    self.columns = columns
  }

  /// A row: its number within its kind (of the order or supplier where there are several rows for each), its day, its place among those.
  struct Row {
    var number: Int
    var day = 0
    var line = 0
  }

  struct Column: Sendable {
    let name: String
    let type: DataType
    let fill: @Sendable (World, [Row], VectorBuilder) -> Void
  }

  /// How rows are numbered and cut into splits.
  enum Shape: Sendable {
    case fixed(@Sendable (World) -> Int)
    case daily(World.Stream)
    case orderLines
    case offers

    private static let splitRows = 50_000

    func splits(_ world: World) -> [CartonaSplit] {
      switch self {
      case .fixed(let count): Shape.pieces(0..<count(world), day: 0, of: Shape.splitRows)
      case .daily(let stream): (0..<world.days).flatMap { Shape.pieces(world.numbers(of: stream, day: $0), day: $0, of: Shape.splitRows) }
      case .orderLines: (0..<world.days).flatMap { Shape.pieces(world.numbers(of: .orders, day: $0), day: $0, of: Shape.splitRows / 8) }
      case .offers: Shape.pieces(0..<world.suppliers, day: 0, of: Shape.splitRows / 64)
      }
    }

    private static func pieces(_ numbers: Range<Int>, day: Int, of size: Int) -> [CartonaSplit] {
      stride(from: numbers.lowerBound, to: numbers.upperBound, by: size).map {
        CartonaSplit(day: day, numbers: $0..<min($0 + size, numbers.upperBound))
      }
    }

    /// Exact but for lines and offers.
    func rowEstimate(_ world: World) -> Double {
      switch self {
      case .fixed(let count): Double(count(world))
      case .daily(let stream): Double(world.total(of: stream))
      case .orderLines: Double(world.total(of: .orders)) * 6.2
      case .offers: Double(world.suppliers) * 75
      }
    }
  }
}

/// Walks the rows of a split.
struct RowCursor {
  private let shape: Relation.Shape
  private let split: CartonaSplit
  private var number: Int

  init(_ shape: Relation.Shape, _ split: CartonaSplit) {
    self.shape = shape
    self.split = split
    number = split.numbers.lowerBound
  }

  /// About `count` rows (all those of the last order or supplier); none at the end.
  mutating func next(_ count: Int, _ world: World) -> [Relation.Row] {
    var rows: [Relation.Row] = []
    rows.reserveCapacity(count + 128)
    while rows.count < count && number < split.numbers.upperBound {
      let lines =
        switch shape {
        case .fixed, .daily: 1
        case .orderLines: Order(world, number, day: split.day).lines
        case .offers: Supplier(world, number).offers
        }
      for line in 0..<lines { rows.append(Relation.Row(number: number, day: split.day, line: line)) }
      number += 1
    }
    return rows
  }
}

// Columns by type: each takes what computes a value; nil is null.
extension Relation.Column {
  typealias Row = Relation.Row

  private static func stored<T: Storable>(_ name: String, _ type: DataType, _ value: @escaping @Sendable (World, Row) -> T?) -> Self {
    Self(name: name, type: type) { world, rows, builder in
      for row in rows {
        if let value = value(world, row) { builder.append(value) } else { builder.appendNull() }
      }
    }
  }

  static func bigint(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int64?) -> Self { stored(name, .bigint, value) }
  static func integer(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int32?) -> Self { stored(name, .integer, value) }
  static func smallint(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int16?) -> Self { stored(name, .smallint, value) }
  static func double(_ name: String, _ value: @escaping @Sendable (World, Row) -> Double?) -> Self { stored(name, .double, value) }
  static func boolean(_ name: String, _ value: @escaping @Sendable (World, Row) -> Bool?) -> Self { stored(name, .boolean, value) }

  /// Days since the epoch.
  static func date(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int?) -> Self {
    stored(name, .date) { world, row in value(world, row).map { Int32($0) } }
  }

  /// Hundredths.
  static func money(_ name: String, precision: Int = 10, _ value: @escaping @Sendable (World, Row) -> Int64?) -> Self {
    stored(name, .decimal(precision: precision, scale: 2), value)
  }

  /// Microseconds since the epoch.
  static func timestamp(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int64?) -> Self {
    stored(name, .timestamp(precision: 6), value)
  }

  /// Microseconds since the epoch, shown in UTC.
  static func instant(_ name: String, _ value: @escaping @Sendable (World, Row) -> Int64?) -> Self {
    stored(name, .timestampWithTimeZone(precision: 6)) { world, row in
      value(world, row).map { ZonedTimestamp(picoseconds: Int128($0) * 1_000_000, zone: TimeZoneKey(rawValue: 0)).bits }
    }
  }

  /// A text out of few.
  static func word(_ name: String, _ length: Int? = nil, _ value: @escaping @Sendable (World, Row) -> String?) -> Self {
    Self(name: name, type: .varchar(length: length)) { world, rows, builder in
      for row in rows {
        if let value = value(world, row) { builder.append(value) } else { builder.appendNull() }
      }
    }
  }

  /// A text that is put together. False: null.
  static func text(_ name: String, _ length: Int? = nil, _ write: @escaping @Sendable (World, Row, inout Letters) -> Bool) -> Self {
    Self(name: name, type: .varchar(length: length)) { world, rows, builder in
      var letters = Letters()
      for row in rows {
        letters.clear()
        if write(world, row, &letters) { letters.bytes.withUnsafeBytes { builder.append($0) } } else { builder.appendNull() }
      }
    }
  }
}
