import Vectors

extension QueryResult {
  /// The rows as values of a type of your own: a struct whose properties are named like the columns (`orderKey` takes `order_key`, too), or, for
  /// a result of one column, a plain type. Nulls need optionals; what does not fit throws `DecodingError`.
  ///
  ///     struct Customer: Decodable { var name: String; var total: Decimal? }
  ///     for try await customer in result.rows(as: Customer.self) { … }
  public func rows<Row: Decodable>(as type: Row.Type) -> DecodedRows<Row> { DecodedRows(result: self) }
}

/// A result's rows, decoded one by one. One reader.
public struct DecodedRows<Row: Decodable>: AsyncSequence, Sendable {
  public typealias Element = Row
  let result: QueryResult

  public struct AsyncIterator: AsyncIteratorProtocol {
    private var batches: QueryResult.AsyncIterator
    private let columns: RowColumns
    private var batch: Batch?
    private var row = 0

    init(_ result: QueryResult) {
      batches = result.makeAsyncIterator()
      columns = RowColumns(result.columns)
    }

    public mutating func next() async throws -> Row? {
      while true {
        if let batch, row < batch.count {
          defer { row += 1 }
          let decoder = RowDecoder(batch: batch, row: row, columns: columns)
          if columns.columns.count == 1, let known = try decoder.value(0).convert(to: Row.self) { return known }
          return try Row(from: decoder)
        }
        guard let next = try await batches.next() else { return nil }
        batch = next
        row = 0
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(result) }
}
