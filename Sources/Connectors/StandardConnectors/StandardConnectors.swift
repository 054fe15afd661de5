// StandardConnectors: the connectors that come with the engine, one line each. A connector of your own goes beside them:
//
//     Engine(catalogs: .directory("Catalogs"), connectors: .standard + [MyConnector.factory])
import Cartona
import Federation
import Lake
import Memory
import Postgres
import SQLite
import Values

extension [ConnectorFactory] {
  /// What `connector.name` may say.
  public static var standard: [ConnectorFactory] {
    [
      PostgresConnector.factory,
      SQLiteConnector.factory,
      MemoryConnector.factory,
      CartonaConnector.factory,
    ] + LakeConnector.factories
  }
}

extension Catalog {
  /// Reads paths (`SELECT … FROM 'path/*.parquet'`) and has no schemas: with it an engine needs no catalog to read files.
  public static func files(named name: String = "files") -> Catalog { Catalog(name, LakeConnector.files()) }
}
