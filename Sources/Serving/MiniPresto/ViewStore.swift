import Analysis
import Synchronization
import Values

/// The engine's views, over any catalogs: most sources cannot keep a view in our language.
final class ViewStore: ViewResolver {
  private let views = Mutex<[String: ViewDefinition]>([:])

  private func key(_ name: ObjectName) -> String { "\(name.catalog).\(name.schema).\(name.name)" }

  func view(_ name: ObjectName) async throws -> ViewDefinition? { views.withLock { $0[key(name)] } }

  func views(in catalog: String) async throws -> [ViewDefinition] {
    views.withLock { all in all.values.filter { $0.name.catalog == catalog } }
  }

  func create(_ view: ViewDefinition, replaces: Bool, isConditional: Bool) throws {
    try views.withLock { all in
      if all[key(view.name)] != nil && !replaces {
        if isConditional { return }
        throw PrestoError(.tableAlreadyExists, "View already exists: '\(key(view.name))'")
      }
      all[key(view.name)] = view
    }
  }

  /// false: there was none.
  func drop(_ name: ObjectName) -> Bool { views.withLock { $0.removeValue(forKey: key(name)) != nil } }
}
