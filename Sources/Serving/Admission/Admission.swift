// Admission: which query may run now, and which must wait.
//
// In come queries with who sent them, and what the running ones use; out go decisions: start this one, refuse that one. Everything is a value and the
// time is handed in, so the same code runs in a server and in a simulation of a week. Nothing here suspends, locks or reads a clock.
//
//     text ─▶ QueryType ─┐
//     session ───────────┴▶ QuerySubmission ─▶ selectors ─▶ a leaf of the tree ─▶ start, or wait in its queue
//     finish, memory, CPU ────────────────────────────────────────────────────▶ start what may run now
//
// `Groups/` is the tree as Presto's `resource-groups.json` describes it. `Queue/` is the tree at work: `AdmissionStateMachine`. `Limits/` are the
// limits of a single query. A decision about a query's class (short or long) belongs in front of the selectors: a selector may then ask for it.
import Settings
import Values

/// A query that wants to run.
package struct QuerySubmission: Sendable {
  package var id: String
  package var user: String
  package var source: String
  package var clientTags: Set<String>
  package var type: QueryType?
  /// Session properties that the client set, as texts.
  package var properties: [String: String]
  package var schema: String?
  package var clientInfo: String?
  package var groups: Set<String> = []
  /// `query_priority`.
  package var priority: Int
  /// The longest it may wait, in microseconds; nil: as long as it takes.
  package var longestWait: Int64?

  package init(
    id: String, user: String, source: String = "", clientTags: Set<String> = [], type: QueryType? = nil, properties: [String: String] = [:],
    schema: String? = nil, clientInfo: String? = nil, priority: Int = 1, longestWait: Int64? = nil
  ) {
    self.id = id
    self.user = user
    self.source = source
    self.clientTags = clientTags
    self.type = type
    self.properties = properties
    self.schema = schema
    self.clientInfo = clientInfo
    self.priority = priority
    self.longestWait = longestWait
  }
}
