import Admission
import Foundation
import Values

extension EngineConfiguration {
  /// Takes the resource groups of a file as Presto's file-based manager has them. Throws CONFIGURATION_INVALID naming group and key.
  public mutating func readResourceGroups(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PrestoError(.configurationInvalid, "The file of resource groups '\(path)' cannot be read")
    }
    resourceGroups = try ResourceGroups(parsing: String(decoding: data, as: UTF8.self), origin: path)
  }
}
