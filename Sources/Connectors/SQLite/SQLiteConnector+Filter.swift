import Expressions
import Federation
import RemoteSQL
import Values
import Vectors

/// Filters are pushed where an index answers them: then SQLite reads few rows. Everything else is filtered here, after reading pages directly,
/// which is faster than SQLite's own scan.
///
/// SQLite compares what is stored, we compare what the column's type makes of it. A pushed condition therefore keeps every row that ours may keep
/// (texts that are dates may carry times and offsets, decimals are rounded), and stays in the residual, unless stored and declared kind are the
/// same by construction: row numbers, and columns of STRICT tables.
extension SQLiteConnector {
  public func apply(filter: Expr<RemoteColumn>, to table: RemoteTable) throws -> FilterAnswer<RemoteTable, RemoteColumn>? {
    guard let description = known(table), description.kind == .table else { return nil }
    let absorbed: [RemoteText]
    if case .select(let select) = table.query { absorbed = select.filter } else { absorbed = [] }
    // what a limit or an order stands above is not to be filtered beneath it
    switch table.query {
    case .table: break
    case .select(let select) where select.items.isEmpty && select.order.isEmpty && select.limit == nil && select.keyCount == nil: break
    case .select, .join, .text: return nil
    }
    var pushed: [RemoteText] = []
    var residual: [Expr<RemoteColumn>] = []
    var selectivity = 1.0, indexedSelectivity = 1.0
    for conjunct in filter.conjuncts {
      guard let condition = StoredCondition(conjunct, in: description, policy), !absorbed.contains(condition.text) else {
        residual.append(conjunct)
        continue
      }
      pushed.append(condition.text)
      if !condition.isExact { residual.append(conjunct) }
      selectivity *= condition.selectivity
      if condition.isIndexed { indexedSelectivity *= condition.selectivity }
    }
    let isNarrow = indexedSelectivity <= 0.05 || ((table.rows ?? .infinity) * indexedSelectivity <= 100 && indexedSelectivity < 1)
    guard !pushed.isEmpty, isNarrow || !absorbed.isEmpty else { return nil }
    var answer = table
    answer.query = table.query.filtered(by: pushed)
    answer.rows = table.rows.map { max(1, $0 * selectivity) }
    return FilterAnswer(table: answer, residual: residual.isEmpty ? nil : .all(residual))
  }

  /// A join's few keys, looked up in an index: the condition to add to a whole table's statement. nil: reading everything is better.
  func keyLookup(_ table: RemoteTable, _ filter: DynamicFilter<RemoteColumn>) -> RemoteText? {
    guard case .table = table.query, let description = known(table), let rows = table.rows else { return nil }
    for (column, keys) in filter.current {
      guard let values = keys.values, keys.count <= 1000, Double(keys.count) * 200 <= rows, keys.type == column.type,
        let found = StoredCondition.Column(column, in: description), found.isIndexed, column.type == .bigint || found.isPlainText
      else { continue }
      // several rows may have each key
      if let distinct = column.estimate?.distinct, Double(keys.count) * rows / max(distinct, 1) > rows / 50 { continue }
      var text = RemoteText(dialect.quoted(column.name) + " IN (", type: .boolean)
      text.append(
        .joined((0..<values.count).map { RemoteText(argument: values.constant(at: $0), column.type) }, by: ", "))
      text.append(")")
      return values.count == 0 ? RemoteText("0", type: .boolean) : text
    }
    return nil
  }
}

/// A condition over stored values that holds wherever the given one does.
struct StoredCondition {
  var text: RemoteText
  /// It holds nowhere else.
  var isExact: Bool
  var isIndexed: Bool
  var selectivity: Double

  /// A column as its database declares it.
  struct Column {
    let column: RemoteColumn
    let declared: TableDescription.Column
    /// Some index begins with it, in its own collation; or it is the row number.
    let isIndexed: Bool
    /// The index orders by bytes.
    let isBinaryIndexed: Bool
    let isExact: Bool
    /// Texts are ordered as ours are.
    let isUTF8: Bool

    init?(_ column: RemoteColumn, in table: TableDescription) {
      guard let declared = table.columns.first(where: { $0.name == column.name }), declared.type == column.type else { return nil }
      self.column = column
      self.declared = declared
      let leading = table.indexes.filter { !$0.isPartial && $0.parts.first?.column == declared.name }
      isIndexed = declared.isRowID || !leading.isEmpty
      isUTF8 = table.isUTF8
      isBinaryIndexed = declared.isRowID || isUTF8 && leading.contains { $0.parts[0].collation == TableDescription.binaryCollation }
      isExact = declared.isRowID || table.isStrict
    }

    var isPlainText: Bool { declared.affinity == .text }
    var name: String { SQLiteConnection.quoted(column.name) }
  }

  private typealias Operator = FunctionID.Operator

  init?(_ expression: Expr<RemoteColumn>, in table: TableDescription, _ policy: UnfitPolicy) {
    switch expression {
    case .call(let id, let arguments, _) where arguments.count == 2:
      guard let made = StoredCondition.comparison(id.name, arguments[0], arguments[1], table) else { return nil }
      self = made
    case .among(.reference(let column, _), let list):
      guard let found = Column(column, in: table), let made = StoredCondition.membership(found, list) else { return nil }
      self = made
    case .isNull(.reference(let column, _)):
      // under the null policy other values are null to us as well
      guard let found = Column(column, in: table), policy == .error || found.isExact else { return nil }
      let nulls = column.estimate?.nullFraction ?? 0.05
      self.init(
        text: RemoteText("\(found.name) IS NULL", type: .boolean), isExact: true, isIndexed: found.isIndexed, selectivity: nulls)
    case .or(let terms):
      let all = terms.compactMap { StoredCondition($0, in: table, policy) }
      guard all.count == terms.count, !all.isEmpty else { return nil }
      var joined = RemoteText.joined(all.map(\.text.parenthesised), by: " OR ")
      joined.type = .boolean
      self.init(
        text: joined, isExact: all.allSatisfy(\.isExact), isIndexed: all.allSatisfy(\.isIndexed),
        selectivity: min(1, all.reduce(0) { $0 + $1.selectivity }))
    default: return nil
    }
  }

  private init(text: RemoteText, isExact: Bool, isIndexed: Bool, selectivity: Double) {
    self.text = text
    self.isExact = isExact
    self.isIndexed = isIndexed
    self.selectivity = selectivity
  }

  private static func comparison(_ name: String, _ left: Expr<RemoteColumn>, _ right: Expr<RemoteColumn>, _ table: TableDescription)
    -> StoredCondition?
  {
    switch (left, right) {
    case (.reference(let column, _), .constant(let value, let type)):
      guard let found = Column(column, in: table) else { return nil }
      if name == Operator.like { return prefix(found, value) }
      return column.type == type || (column.type.isText && type.isText) ? condition(name, found, value) : nil
    case (.constant, .reference):
      let mirrored = [
        Operator.lessThan: Operator.greaterThan, Operator.lessThanOrEqual: Operator.greaterThanOrEqual,
        Operator.greaterThan: Operator.lessThan, Operator.greaterThanOrEqual: Operator.lessThanOrEqual, Operator.equal: Operator.equal,
      ]
      return mirrored[name].flatMap { comparison($0, right, left, table) }
    default: return nil
    }
  }

  private static let symbols = [
    Operator.equal: "=", Operator.lessThan: "<", Operator.lessThanOrEqual: "<=", Operator.greaterThan: ">",
    Operator.greaterThanOrEqual: ">=",
  ]

  private static func condition(_ name: String, _ column: Column, _ value: Constant) -> StoredCondition? {
    guard let symbol = symbols[name], !value.isNull, SQLiteDialect().accepts(value, column.column.type) else { return nil }
    let isEqual = symbol == "="
    let selectivity = isEqual ? equality(column) : range(symbol, column, value)
    switch (column.column.type, column.declared.affinity) {
    case (.bigint, .integer), (.double, .real):
      var text = RemoteText("\(column.name) \(symbol) ", type: .boolean)
      text.append(RemoteText(argument: value, column.column.type))
      return StoredCondition(text: text, isExact: column.isExact, isIndexed: column.isIndexed, selectivity: selectivity)
    case (.varchar, .text):
      guard isEqual || column.isUTF8 else { return nil }
      // equality under NOCASE or RTRIM keeps more; order must be that of the bytes
      var text = RemoteText("\(column.name) \(symbol) ", type: .boolean)
      text.append(RemoteText(argument: value, .varchar))
      if !isEqual { text.append(" COLLATE BINARY") }
      return StoredCondition(
        text: text, isExact: column.isExact && !isEqual, isIndexed: isEqual ? column.isIndexed : column.isBinaryIndexed,
        selectivity: selectivity)
    case (.decimal(_, let scale), .numeric):
      guard let wide = value.wideValue else { return nil }
      return around(column, symbol, wide, scale: scale, selectivity)
    case (.date, .numeric):
      guard case .integer(let days) = value else { return nil }
      return nearDays(column, symbol, from: Int(days), selectivity)
    case (.timestamp, .numeric):
      guard case .integer(let micros) = value else { return nil }
      return nearDays(column, symbol, from: Int(micros >= 0 ? micros / 86_400_000_000 : (micros + 1) / 86_400_000_000 - 1), selectivity)
    default: return nil
    }
  }

  /// Decimals are stored as binary numbers and rounded when read: one unit of the last place, and a little for the binary form, on either side.
  private static func around(_ column: Column, _ symbol: String, _ value: Int128, scale: Int, _ selectivity: Double) -> StoredCondition? {
    let unit = (0..<scale).reduce(1.0) { number, _ in number / 10 }
    let number = Double(value) * unit
    let margin = unit + number.magnitude * 1e-14
    guard number.isFinite else { return nil }
    var text = RemoteText(type: .boolean)
    func bound(_ sign: String, _ number: Double) {
      text.append("\(column.name) \(sign) ")
      text.append(RemoteText(argument: .double(number), .double))
    }
    switch symbol {
    case "=":
      bound(">=", number - margin)
      text.append(" AND ")
      bound("<=", number + margin)
    case "<", "<=": bound("<=", number + margin)
    default: bound(">=", number - margin)
    }
    return StoredCondition(text: text, isExact: false, isIndexed: column.isIndexed, selectivity: selectivity)
  }

  /// Dates and times are stored as ISO texts, with or without time and offset, or as numbers, which SQLite orders before all texts. A day more on
  /// either side covers offsets.
  private static func nearDays(_ column: Column, _ symbol: String, from day: Int, _ selectivity: Double) -> StoredCondition? {
    // four-digit years order as texts do
    guard day > -719_000, day < 2_932_000 else { return nil }
    var text = RemoteText(type: .boolean)
    func bound(_ sign: String, _ day: Int) {
      text.append("\(column.name) \(sign) ")
      text.append(RemoteText(argument: .text(TextForm.date(day)), .varchar))
    }
    switch symbol {
    case "=":
      text.append("(")
      bound(">=", day - 1)
      text.append(" AND ")
      bound("<", day + 2)
      text.append(") OR \(column.name) < ''")
    case "<", "<=": bound("<", day + 2)
    default:
      bound(">=", day - 1)
      text.append(" OR \(column.name) < ''")
    }
    return StoredCondition(text: text, isExact: false, isIndexed: column.isBinaryIndexed, selectivity: selectivity)
  }

  private static func membership(_ column: Column, _ list: [Expr<RemoteColumn>]) -> StoredCondition? {
    let type = column.column.type
    guard (type == .bigint && column.declared.affinity == .integer) || (type.isText && column.isPlainText), list.count <= 10_000 else {
      return nil
    }
    var texts: [RemoteText] = []
    for element in list {
      guard case .constant(let value, let valueType) = element, valueType == type || (type.isText && valueType.isText),
        SQLiteDialect().accepts(value, type)
      else { return nil }
      // a null among the elements keeps no row
      if !value.isNull { texts.append(RemoteText(argument: value, type)) }
    }
    var text = RemoteText("\(column.name) IN (", type: .boolean)
    text.append(.joined(texts, by: ", "))
    text.append(")")
    return StoredCondition(
      text: text, isExact: column.isExact && type == .bigint && texts.count == list.count, isIndexed: column.isIndexed,
      selectivity: min(1, Double(list.count) * equality(column)))
  }

  /// `LIKE 'abc%…'` as a range of bytes; SQLite's own LIKE ignores case.
  private static func prefix(_ column: Column, _ pattern: Constant) -> StoredCondition? {
    guard case .bytes(let bytes) = pattern, column.isPlainText, column.isUTF8 else { return nil }
    let literal = Array(bytes.prefix { $0 != 37 && $0 != 95 })
    guard !literal.isEmpty, !literal.contains(0), let last = literal.last, last < 0x7F else { return nil }
    var text = RemoteText("\(column.name) >= ", type: .boolean)
    text.append(RemoteText(argument: .bytes(literal), .varchar))
    text.append(" COLLATE BINARY AND \(column.name) < ")
    text.append(RemoteText(argument: .bytes(literal.dropLast() + [last + 1]), .varchar))
    text.append(" COLLATE BINARY")
    return StoredCondition(text: text, isExact: false, isIndexed: column.isBinaryIndexed, selectivity: 0.02)
  }

  private static func equality(_ column: Column) -> Double {
    if let distinct = column.column.estimate?.distinct, distinct >= 1 { return 1 / distinct }
    return column.isIndexed ? 0.01 : 0.1
  }

  private static func range(_ symbol: String, _ column: Column, _ value: Constant) -> Double {
    guard let estimate = column.column.estimate, let low = number(estimate.low), let high = number(estimate.high), high > low,
      let x = number(value)
    else { return 1 / 3 }
    var scale = 1.0
    if case .timestamp = column.column.type { scale = 86_400_000_000 }
    let share = min(1, max(0, (x / scale - low) / (high - low)))
    return max(symbol.hasPrefix("<") ? share : 1 - share, 1e-6)
  }

  private static func number(_ constant: Constant?) -> Double? {
    switch constant {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
