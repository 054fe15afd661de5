import Expressions
import Federation
import Values

/// How one kind of source writes SQL, and which of our functions it computes exactly as we do.
public protocol SQLDialect: Sendable {
  /// The offers worth making to this source.
  var capabilities: Set<RemoteCapability> { get }

  func quoted(_ identifier: String) -> String
  /// How the statement names a table.
  func name(of table: TableName) -> String
  /// Longest name the source keeps whole, in bytes.
  var longestName: Int { get }
  /// A hole in a statement: its number from 1, and the type of its value.
  func placeholder(_ index: Int, _ type: DataType) -> String
  /// nil: the source has no such type.
  func name(of type: DataType) -> String?

  /// Whether the value can be given to the source as an argument and mean the same there.
  func accepts(_ value: Constant, _ type: DataType) -> Bool
  /// Constants that are written and not bound; nil: bind it.
  func literal(_ value: Constant, _ type: DataType) -> String?

  /// Templates by function name; the first that fits is used.
  var functions: [String: [SQLTemplate]] { get }
  /// `$distinct` stands where DISTINCT may go, `$filter` where FILTER may.
  var aggregates: [String: [SQLTemplate]] { get }
  /// A cast that never fails where ours would not and gives the same value; nil: none.
  func cast(from: DataType, to: DataType) -> SQLTemplate?

  /// An ORDER BY entry that orders as the engine does; nil: the source cannot.
  func order(_ text: RemoteText, isAscending: Bool, nullsFirst: Bool) -> RemoteText?
  /// What follows the statement to keep `count` rows.
  func limit(_ count: Int) -> String
}

/// What a source may be asked to do. A capability is a switch: without it the offer is declined unseen.
public enum RemoteCapability: Hashable, Sendable, CaseIterable {
  case filter, projection, aggregation, groupedAggregation, aggregateFilter, topN, limit, join
}

extension SQLDialect {
  public var capabilities: Set<RemoteCapability> { Set(RemoteCapability.allCases) }
  public var longestName: Int { 63 }

  public func quoted(_ identifier: String) -> String {
    "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  public func name(of table: TableName) -> String { quoted(table.schema) + "." + quoted(table.table) }

  public func literal(_ value: Constant, _ type: DataType) -> String? {
    switch value {
    case .null: name(of: type).map { "CAST(NULL AS \($0))" }
    case .boolean(let value): value ? "TRUE" : "FALSE"
    case .integer, .wide, .real, .double, .bytes, .sequence: nil
    }
  }

  public func order(_ text: RemoteText, isAscending: Bool, nullsFirst: Bool) -> RemoteText? {
    var entry = text
    entry.append(isAscending ? " ASC" : " DESC")
    entry.append(nullsFirst ? " NULLS FIRST" : " NULLS LAST")
    return entry
  }

  public func limit(_ count: Int) -> String { "LIMIT \(count)" }

  /// Which of a function's templates says the call: the first that fits.
  public func template(for call: SQLCall, of name: String, mayWiden: Bool) -> Int? {
    functions[name]?.firstIndex { $0.fits(call) && (mayWiden || !$0.isSuperset) }
  }

  /// A column as expressions write it.
  func reference(_ column: RemoteColumn) -> RemoteText {
    let name = quoted(column.name)
    guard let form = column.form else { return RemoteText(name, type: column.type, isAtomic: true) }
    return SQLTemplate(form, accepting: []).applied(to: [RemoteText(name, type: column.type, isAtomic: true)], type: column.type)
  }
}

/// `$1 = $2`: the text, the argument families for which the remote meaning equals ours, and nothing else.
///
/// `$1` … `$9` are the arguments, parenthesised where need be; `$*` all of them, comma-separated; `$unit` is 10^-scale of a decimal result.
public struct SQLTemplate: Sendable {
  public var text: String
  public var accepts: Set<TypeFamily>
  /// The predicate keeps at least the rows that ours keeps, perhaps more: it may be pushed, but stays in the residual too.
  public var isSuperset = false
  /// Further conditions on the call.
  public var requires: (@Sendable (SQLCall) -> Bool)?

  public init(
    _ text: String, accepting accepts: Set<TypeFamily>, isSuperset: Bool = false, where requires: (@Sendable (SQLCall) -> Bool)? = nil
  ) {
    self.text = text
    self.accepts = accepts
    self.isSuperset = isSuperset
    self.requires = requires
  }

  func fits(_ call: SQLCall) -> Bool {
    call.arguments.allSatisfy { accepts.contains(TypeFamily($0.type)) } && (requires?(call) ?? true)
  }
}

/// A call as a template's condition sees it.
public struct SQLCall: Sendable {
  public var arguments: [Expr<RemoteColumn>]
  public var type: DataType

  public init(arguments: [Expr<RemoteColumn>], type: DataType) {
    self.arguments = arguments
    self.type = type
  }

  /// The i-th argument's value where it is a constant that is not null.
  public func constant(_ index: Int) -> Constant? {
    guard arguments.indices.contains(index), case .constant(let value, _) = arguments[index], !value.isNull else { return nil }
    return value
  }
}
