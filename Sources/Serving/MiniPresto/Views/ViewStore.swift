import Analysis
import Synchronization
import Values

/// The engine's views, over any catalogs: most sources cannot keep a view in our language. With a file they outlive the process, and processes that
/// share the file see each other's views.
final class ViewStore: ViewResolver {
  private struct State {
    var views: [ObjectName: ViewDefinition] = [:]
    /// Of the file when it was last read.
    var stamp: ViewFile.Stamp?
  }

  private let file: ViewFile?
  private let state = Mutex(State())

  /// nil: views live as long as the engine.
  init(file path: String?) { file = path.map(ViewFile.init) }

  func view(_ name: ObjectName) async throws -> ViewDefinition? { try current { $0[name] } }

  func views(in catalog: String) async throws -> [ViewDefinition] {
    try current { all in all.values.filter { $0.name.catalog == catalog } }
  }

  /// Throws when there is a view of that name that is not to be replaced.
  func create(_ view: ViewDefinition, replaces: Bool, isConditional: Bool) throws {
    _ = try change { all in
      if all[view.name] != nil && !replaces {
        if isConditional { return false }
        throw PrestoError(.tableAlreadyExists, "View already exists: '\(view.name)'")
      }
      all[view.name] = view
      return true
    }
  }

  /// false: there was none.
  func drop(_ name: ObjectName) throws -> Bool { try change { $0.removeValue(forKey: name) != nil } }

  private func current<R: Sendable>(_ look: @Sendable ([ObjectName: ViewDefinition]) -> R) throws -> R {
    try state.withLock { state in
      try refresh(&state)
      return look(state.views)
    }
  }

  /// `edit` says whether it changed anything. The file is locked from reading it to writing it.
  private func change(_ edit: (inout [ObjectName: ViewDefinition]) throws -> Bool) throws -> Bool {
    try state.withLock { state in
      guard let file else { return try edit(&state.views) }
      return try file.locked {
        try refresh(&state)
        guard try edit(&state.views) else { return false }
        try file.write(state.views.values.sorted { "\($0.name)" < "\($1.name)" })
        state.stamp = file.stamp
        return true
      }
    }
  }

  private func refresh(_ state: inout State) throws {
    guard let file, let stamp = file.stamp else {
      // a file that somebody took away has no views
      if file != nil && state.stamp != nil { state = State() }
      return
    }
    if stamp == state.stamp { return }
    state.views = Dictionary(try file.read().map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    state.stamp = stamp
  }
}
