// Cartona: the data of a marketplace, made up as it is read.
//
// A catalog with `connector.name=cartona` holds every table of a B2B marketplace (retailers order from suppliers through a phone application,
// both send events, prices change, sales agents visit) without a byte on disk. In comes nothing but a seed and a number of days; out go batches.
// Every value is a function of the seed, the kind of thing and its number (`Draw`), so any split can be made anywhere, in any order, and a
// column that nobody asks for costs nothing. Days are alike whatever their number: seven days are the first seven of thirty.
//
//     World        how many there are of everything, and the cycles of weeks and hours
//       └ Retailer, Supplier, Product, Order, Event …     what is known of number n
//           └ Relation   columns over those, one closure each
//               └ RowCursor   which rows a split has
//
// Tests, benchmarks and the demo copy these tables into real sources with CREATE TABLE AS and INSERT.
import Federation
import Settings
import Values
import Vectors

/// A table as a query refers to it.
public struct CartonaTable: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: TableName
  public var description: String { "cartona:\(name)" }
}

public struct CartonaColumn: Hashable, Sendable, Codable, CustomStringConvertible {
  public let name: String
  let index: Int
  public var description: String { name }
}

/// Some numbers of one day (of orders or suppliers where a table has several rows for each).
public struct CartonaSplit: Sendable, Codable {
  let day: Int
  let numbers: Range<Int>
}

public final class CartonaConnector: Connector {
  public typealias Table = CartonaTable
  public typealias Column = CartonaColumn
  public typealias Split = CartonaSplit

  private let world: World
  private let relations: [TableName: Relation]

  /// `days` from 2021-04-26 on; `scale` 1: 400,000 retailer events, 2,000 orders and 20,000 price changes a day, 60,000 retailers.
  public init(days: Int = 7, seed: Int = 1, scale: Double = 1) throws {
    guard (1...3660).contains(days) else { throw PrestoError(.configurationInvalid, "'cartona.days' is not in 1...3660: \(days)") }
    guard scale >= 0.001, scale <= 100 else { throw PrestoError(.configurationInvalid, "'cartona.scale' is not in 0.001...100: \(scale)") }
    world = World(days: days, seed: UInt64(bitPattern: Int64(seed)), scale: scale)
    relations = Dictionary(uniqueKeysWithValues: Relation.all.map { ($0.name, $0) })
  }

  public static let factory = ConnectorFactory(name: "cartona", knownKeys: ["cartona.days", "cartona.seed", "cartona.scale"]) {
    _, properties in
    try CartonaConnector(
      days: properties.value("cartona.days", default: 7), seed: properties.value("cartona.seed", default: 1),
      scale: properties.value("cartona.scale", default: 1))
  }

  // What is there

  public func schemas() async throws -> [String] { Set(relations.keys.map(\.schema)).sorted() }

  public func tables(in schema: String) async throws -> [TableName] {
    relations.keys.filter { $0.schema == schema }.sorted { $0.table < $1.table }
  }

  public func table(_ name: TableName) async throws -> CartonaTable? { relations[name].map { CartonaTable(name: $0.name) } }

  public func columns(of table: CartonaTable) async throws -> [ColumnDescription<CartonaColumn>] {
    try relation(table).columns.enumerated().map {
      ColumnDescription(name: $1.name, type: $1.type, column: CartonaColumn(name: $1.name, index: $0))
    }
  }

  public func statistics(of table: CartonaTable) async throws -> TableStatistics<CartonaColumn> {
    let relation = try relation(table)
    return TableStatistics(rows: relation.shape.rowEstimate(world))
  }

  // Reading

  public func splits(of table: CartonaTable, narrowedBy filter: DynamicFilter<CartonaColumn>, _ context: ScanContext) async throws
    -> any SplitSource<CartonaSplit>
  {
    FixedSplits(try relation(table).shape.splits(world))
  }

  public func open(
    _ split: CartonaSplit, of table: CartonaTable, columns: [CartonaColumn], narrowedBy filter: DynamicFilter<CartonaColumn>,
    _ context: ScanContext
  ) async throws -> sending any BatchSource {
    let relation = try relation(table)
    return CartonaSource(world, relation.shape, split, columns.map { relation.columns[$0.index] }, context.metrics)
  }

  public func explain(_ table: CartonaTable, columns: [CartonaColumn]) -> ScanExplanation {
    ScanExplanation(table: "cartona \(table.name), \(world.days) days at scale \(world.scale)")
  }

  private func relation(_ table: CartonaTable) throws -> Relation {
    guard let relation = relations[table.name] else { throw PrestoError(.tableNotFound, "Table '\(table.name)' does not exist") }
    return relation
  }
}

/// Makes the rows of one split, batch by batch, column by column.
private final class CartonaSource: BatchSource {
  private let world: World
  private var cursor: RowCursor
  private let columns: [Relation.Column]
  private let metrics: ScanMetrics

  init(_ world: World, _ shape: Relation.Shape, _ split: CartonaSplit, _ columns: [Relation.Column], _ metrics: ScanMetrics) {
    self.world = world
    cursor = RowCursor(shape, split)
    self.columns = columns
    self.metrics = metrics
  }

  func next() async throws -> Batch? {
    let rows = cursor.next(Batch.habitualCount, world)
    if rows.isEmpty { return nil }
    let vectors = columns.map { column -> Vector in
      let builder = VectorBuilder(column.type, capacity: rows.count)
      column.fill(world, rows, builder)
      return builder.finish()
    }
    let batch = Batch(vectors, count: rows.count)
    metrics.add(rows: batch.count, bytes: batch.byteCount)
    return batch
  }
}
