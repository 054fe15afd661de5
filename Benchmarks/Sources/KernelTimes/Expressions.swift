import Expressions
import Values

extension Bench {
  /// Comparisons, arithmetic and patterns.
  func expressions() throws -> [Kernel] {
    let hundred = Expr<Int>.constant(.integer(100), .bigint), pattern = Expr<Int>.constant(.text("%special%"), .varchar)
    let less = Expr.comparison(FunctionID.Operator.lessThan, column("number"), hundred)
    let more = Expr.comparison(FunctionID.Operator.greaterThanOrEqual, column("other"), hundred)
    let sum = try call(FunctionID.Operator.add, column("number"), column("other"))
    let product = try call(FunctionID.Operator.multiply, column("price"), column("quantity"))
    let like = try call(FunctionID.Operator.like, column("comment"), pattern)
    return [
      try selection("select bigint < constant, with nulls", less) { part in
        var rows: [Int] = []
        for (row, number) in part.number.enumerated() { if let number, number < 100 { rows.append(row) } }
        return rows
      },
      try selection("select by two comparisons, with nulls", .and([less, more])) { part in
        var rows: [Int] = []
        for row in part.number.indices { if let a = part.number[row], a < 100, let b = part.other[row], b >= 100 { rows.append(row) } }
        return rows
      },
      try selection("select by LIKE '%special%'", like) { part in
        var rows: [Int] = []
        for (row, comment) in part.comment.enumerated() { if comment.contains("special") { rows.append(row) } }
        return rows
      },
      try value("bigint + bigint, with nulls", sum) { part, digest in
        var sums: [Int64?] = []
        for row in part.number.indices {
          if let a = part.number[row], let b = part.other[row] { sums.append(a + b) } else { sums.append(nil) }
        }
        digest.take(sums)
      },
      try value("decimal(15,2) * decimal(15,2)", product) { part, digest in
        var products: [Int128?] = []
        for row in part.price.indices { products.append(Int128(part.price[row]) * Int128(part.quantity[row])) }
        digest.take(products)
      },
    ]
  }

  /// Rows by number, and values by code.
  func vectors() -> [Kernel] {
    let price = Sample.column("price"), name = Sample.column("name"), code = Sample.column("code")
    return [
      kernel("gather half of the rows, bigint") { part, digest in
        digest.take(part.batch.columns[price].gathered(part.selection))
      } _: { part, digest in
        var values: [Int64?] = []
        for row in part.chosen { values.append(part.price[row]) }
        digest.take(values)
      },
      kernel("gather half of the rows, varchar") { part, digest in
        digest.take(part.batch.columns[name].gathered(part.selection))
      } _: { part, digest in
        var values: [String] = []
        for row in part.chosen { values.append(part.name[row]) }
        digest.take(values)
      },
      kernel("decode a dictionary of varchar") { part, digest in
        digest.take(part.batch.columns[code].flattened())
      } _: { part, digest in
        var values: [String] = []
        for code in part.code { values.append(Sample.codes[code]) }
        digest.take(values)
      },
    ]
  }
}
