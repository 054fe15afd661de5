import Values

/// A column of a remote query: the connector's column handle.
public struct RemoteColumn: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The name within the query, exactly as the source spells it.
  public var name: String
  public var type: DataType
  /// The source's own name of the type (`int4`, `citext`).
  public var remoteType: String
  /// How an expression must write the column so that it means what `type` says, with `$1` for its name: `$1::text` for an enumeration.
  /// nil: by name alone.
  public var form: String?

  // What follows describes the column but is not part of which column it is.

  /// The name shown to people; differs from `name` in case only, or where a join had to rename.
  public var label: String
  public var isHidden = false
  public var isNullable = true
  public var comment: String?
  public var estimate: RemoteEstimate?

  public init(
    name: String, type: DataType, remoteType: String, form: String? = nil, label: String? = nil, isNullable: Bool = true,
    comment: String? = nil, estimate: RemoteEstimate? = nil
  ) {
    self.name = name
    self.type = type
    self.remoteType = remoteType
    self.form = form
    self.label = label ?? name
    self.isNullable = isNullable
    self.comment = comment
    self.estimate = estimate
  }

  public static func == (a: RemoteColumn, b: RemoteColumn) -> Bool {
    a.name == b.name && a.type == b.type && a.remoteType == b.remoteType && a.form == b.form
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(type)
  }

  public var description: String { name }

  /// The same values under another name, as a sub-query that has applied `form` already yields them.
  public func renamed(_ name: String) -> RemoteColumn {
    var copy = self
    copy.name = name
    copy.form = nil
    return copy
  }
}
