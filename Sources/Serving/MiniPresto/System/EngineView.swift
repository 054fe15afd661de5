import Analysis
import Federation
import Settings
import Values

/// The engine as one user sees it: what access rules keep from him is not there.
struct EngineView: Sendable {
  private let engine: Engine
  let access: Access

  init(_ engine: Engine, _ access: Access) {
    self.engine = engine
    self.access = access
  }

  var configuration: EngineConfiguration { engine.configuration }
  var address: String? { engine.address }
  var views: ViewStore { engine.views }
  var catalogNames: [String] { access.visible(catalogs: engine.catalogNames) }
  var brokenCatalogs: [String: PrestoError] { engine.brokenCatalogs.filter { access.allows(.seeCatalog($0.key)) } }
  var catalogs: [String: Catalog] { engine.catalogs.filter { access.allows(.seeCatalog($0.key)) } }
  var queries: [QueryRecord] { engine.queries.filter(isVisible) }
  var runningQueries: [QueryRecord] { engine.runningQueries.filter(isVisible) }

  func connectorName(of catalog: String) -> String { engine.connectorName(of: catalog) }

  /// The group a query is in, as Presto's array of names.
  func resourceGroup(of id: String) -> [String] { engine.resourceGroup(of: id) ?? [] }

  private func isVisible(_ record: QueryRecord) -> Bool { access.allows(.viewQuery(owner: record.session.user)) }
}
