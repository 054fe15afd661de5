import Expressions
import Federation
import RemoteSQL
import Values

/// The condition of a DELETE as SQLite decides it.
///
/// SQLite compares what is stored, we compare what the column's type makes of it. The two agree where every value of the column is in its plain
/// form, which `SQLiteDeletion` makes sure of before it removes anything. Columns that have no such form are for SELECT alone.
struct DeletionCondition {
  let text: RemoteText

  private typealias Operator = FunctionID.Operator

  /// nil: no column's plain form says it.
  init?(_ expression: Expr<RemoteColumn>, in table: TableDescription) {
    switch expression {
    case .constant(let value, .boolean): text = RemoteText(value.isNull ? "NULL" : value == .boolean(true) ? "1" : "0")
    case .and(let terms), .or(let terms):
      let all = terms.compactMap { DeletionCondition($0, in: table)?.text }
      guard all.count == terms.count, !all.isEmpty else { return nil }
      var word = " OR "
      if case .and = expression { word = " AND " }
      text = .joined(all.map(\.parenthesised), by: word)
    case .not(let inner):
      guard let inner = DeletionCondition(inner, in: table) else { return nil }
      var negated = RemoteText("NOT ")
      negated.append(inner.text.parenthesised)
      text = negated
    case .isNull(.reference(let column, _)):
      guard PlainForm(column, in: table) != nil else { return nil }
      text = RemoteText("\(SQLiteConnection.quoted(column.name)) IS NULL")
    case .among(.reference(let column, _), let list):
      guard let form = PlainForm(column, in: table), list.count <= 10_000 else { return nil }
      var values: [RemoteText] = []
      for element in list {
        guard case .constant(let value, let type) = element, let value = form.argument(value, type) else { return nil }
        values.append(value)
      }
      var among = RemoteText("\(form.compared) IN (")
      among.append(.joined(values, by: ", "))
      among.append(")")
      text = among
    case .call(let id, let arguments, _) where arguments.count == 2:
      var (left, right, symbols) = (arguments[0], arguments[1], DeletionCondition.symbols)
      if case .constant = left { (left, right, symbols) = (right, left, DeletionCondition.mirrored) }
      guard let symbol = symbols[id.name], case .reference(let column, _) = left, case .constant(let value, let type) = right,
        let form = PlainForm(column, in: table), let argument = form.argument(value, type)
      else { return nil }
      var comparison = RemoteText("\(form.compared) \(symbol) ")
      comparison.append(argument)
      text = comparison
    default: return nil
    }
  }

  private static let symbols = [
    Operator.equal: "=", Operator.notEqual: "<>", Operator.lessThan: "<", Operator.lessThanOrEqual: "<=", Operator.greaterThan: ">",
    Operator.greaterThanOrEqual: ">=",
  ]
  private static let mirrored = [
    Operator.equal: "=", Operator.notEqual: "<>", Operator.lessThan: ">", Operator.lessThanOrEqual: ">=", Operator.greaterThan: "<",
    Operator.greaterThanOrEqual: "<=",
  ]
}

/// How SQLite's own tools store the values of a type: in this form its order and equality are ours.
///
///     bigint      integers                      double       reals
///     varchar     texts, compared by bytes      date         texts YYYY-MM-DD
///     timestamp   texts YYYY-MM-DD HH:MM:SS
struct PlainForm {
  private let column: RemoteColumn
  private let name: String
  /// Holds for every value in the form.
  let test: String

  init?(_ column: RemoteColumn, in table: TableDescription) {
    guard let declared = table.columns.first(where: { $0.name == column.name }), declared.type == column.type, !declared.isGenerated else {
      return nil
    }
    self.column = column
    name = SQLiteConnection.quoted(column.name)
    switch (column.type, declared.affinity) {
    case (.bigint, .integer): test = "typeof(\(name)) = 'integer'"
    case (.double, .real): test = "typeof(\(name)) = 'real'"
    case (.varchar, .text): test = "typeof(\(name)) = 'text'"
    case (.date, .numeric): test = "typeof(\(name)) = 'text' AND date(\(name)) IS \(name)"
    case (.timestamp, .numeric): test = "typeof(\(name)) = 'text' AND datetime(\(name)) IS \(name)"
    default: return nil
    }
  }

  /// The column in a comparison; its own collation may take different texts for equal.
  var compared: String { column.type == .bigint || column.type == .double ? name : "\(name) COLLATE BINARY" }

  /// nil: a value that the form cannot say. Days and times of years with four digits order as texts do.
  func argument(_ value: Constant, _ type: DataType) -> RemoteText? {
    if value.isNull { return RemoteText("NULL") }
    guard SQLiteDialect().accepts(value, type) else { return nil }
    let years = -719_000..<2_932_000
    switch (column.type, type, value) {
    case (.bigint, .bigint, _), (.double, .double, _): return RemoteText(argument: value, type)
    case (.varchar, .varchar, _): return RemoteText(argument: value, .varchar)
    case (.date, .date, .integer(let day)) where years.contains(Int(day)):
      return RemoteText(argument: .text(TextForm.date(Int(day))), .varchar)
    case (.timestamp, .timestamp, .integer(let micros)) where micros % 1_000_000 == 0 && years.contains(Int(micros / 86_400_000_000)):
      return RemoteText(argument: .text(TextForm.timestamp(micros, precision: 0)), .varchar)
    default: return nil
    }
  }
}
