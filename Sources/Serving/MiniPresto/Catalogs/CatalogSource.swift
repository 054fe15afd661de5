import Federation
import Foundation
import Settings
import Values

/// Where an engine's catalogs come from.
public enum CatalogSource: Sendable {
  case none
  /// One `NAME.properties` file per catalog, with Presto's keys.
  case directory(String)
  /// Made in code.
  case list([Catalog])
  /// Each by its properties, as a file would have them.
  case properties([String: Properties])

  /// `Catalogs.views.json` beside `Catalogs`.
  var viewsFile: String? {
    guard case .directory(let path) = self else { return nil }
    return URL(fileURLWithPath: path).standardizedFileURL.path + ".views.json"
  }

  /// What was found: catalogs that work, those that do not and why, and the kind of connector of each.
  struct Loaded {
    var catalogs: [String: Catalog] = [:]
    var broken: [String: PrestoError] = [:]
    var kinds: [String: String] = [:]
  }

  func load(_ connectors: [ConnectorFactory]) throws -> Loaded {
    var loaded = Loaded()
    func add(_ name: String, _ make: () throws -> Properties) {
      do {
        let properties = try make()
        loaded.kinds[name] = properties["connector.name"]
        loaded.catalogs[name] = try CatalogSource.catalog(name, properties, connectors)
      } catch { loaded.broken[name] = PrestoError(error) }
    }
    switch self {
    case .none: break
    case .list(let list): for catalog in list { loaded.catalogs[catalog.name] = catalog }
    case .properties(let all): for (name, properties) in all { add(name) { properties } }
    case .directory(let path):
      for file in try CatalogSource.files(path) {
        let name = String(file.dropLast(".properties".count)).lowercased()
        add(name) {
          let full = path + "/" + file
          guard let data = FileManager.default.contents(atPath: full) else {
            throw PrestoError(.configurationInvalid, "\(full): cannot be read")
          }
          return try Properties(parsing: String(decoding: data, as: UTF8.self), origin: full) { ProcessInfo.processInfo.environment[$0] }
        }
      }
    }
    // FROM 'path' needs no catalog of one's own
    if loaded.catalogs["files"] == nil && loaded.broken["files"] == nil && connectors.contains(where: { $0.name == "files" }) {
      add("files") { Properties(["connector.name": "files"], origin: "files") }
    }
    return loaded
  }

  private static func files(_ path: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".properties") }.sorted()
    } catch {
      throw PrestoError(.configurationInvalid, "The catalog directory '\(path)' cannot be read", hint: "Give another one with --catalogs")
    }
  }

  /// A catalog from its properties.
  public static func catalog(_ name: String, _ properties: Properties, _ connectors: [ConnectorFactory]) throws -> Catalog {
    let kind = try properties.required("connector.name")
    guard let factory = connectors.first(where: { $0.name == kind }) else {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): there is no connector '\(kind)'",
        hint: "Known connectors: " + connectors.map(\.name).sorted().joined(separator: ", "))
    }
    return Catalog(name, try factory.connector(for: name, properties))
  }
}
