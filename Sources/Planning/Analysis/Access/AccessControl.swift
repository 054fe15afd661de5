import Settings
import Values

/// Who may do what. Analysis asks it about every table it plans, the engine about everything else; one that says nothing allows everything.
///
/// What is refused is said in Presto's words by `AccessRequest`, so that an implementation only answers yes or no.
package protocol AccessControl: Sendable {
  /// Whether anything at all is restricted: without, nobody is asked.
  var isRestricting: Bool { get }
  func allows(_ request: AccessRequest, for identity: Identity) -> Bool
  /// What of a table somebody who may read it gets to see.
  func view(of table: ObjectName, for identity: Identity) -> TableAccess
}

/// For whom something is done.
package struct Identity: Sendable, Hashable {
  package var user: String
  package var groups: Set<String>
  package var roles: Set<String>

  package init(user: String, groups: Set<String> = [], roles: Set<String> = []) {
    self.user = user
    self.groups = groups
    self.roles = roles
  }

  package init(_ session: Session) { self.init(user: session.user, groups: session.groups, roles: session.roles) }
}

/// What of a table is shown: the rows of a filter, the columns that are not refused, some of them masked. Conditions and masks are SQL over the
/// table's columns.
package struct TableAccess: Sendable, Equatable {
  package var filter: String?
  /// By name of column, lower-cased.
  package var masks: [String: String]
  package var refusedColumns: Set<String>

  package init(filter: String? = nil, masks: [String: String] = [:], refusedColumns: Set<String> = []) {
    self.filter = filter
    self.masks = masks
    self.refusedColumns = refusedColumns
  }

  package static let everything = TableAccess()
}

/// Everybody may do everything.
package struct AllowAll: AccessControl {
  package init() {}
  package var isRestricting: Bool { false }
  package func allows(_ request: AccessRequest, for identity: Identity) -> Bool { true }
  package func view(of table: ObjectName, for identity: Identity) -> TableAccess { .everything }
}

/// The rules as they are for one user.
package struct Access: Sendable {
  package let control: any AccessControl
  package let identity: Identity

  package init(control: any AccessControl, identity: Identity) {
    self.control = control
    self.identity = identity
  }

  package func allows(_ request: AccessRequest) -> Bool { !control.isRestricting || control.allows(request, for: identity) }

  /// Throws PERMISSION_DENIED.
  package func check(_ request: AccessRequest) throws { if !allows(request) { throw request.denial(for: identity) } }

  package func view(of table: ObjectName) -> TableAccess { control.isRestricting ? control.view(of: table, for: identity) : .everything }

  /// Those of the names that the user may know of.
  package func visible(catalogs: [String]) -> [String] { catalogs.filter { allows(.seeCatalog($0)) } }

  func visible(schemas: [String], in catalog: String) -> [String] {
    schemas.filter { allows(.seeSchema(catalog: catalog, schema: $0.lowercased())) }
  }
}
