import SQL
import Values

extension TableAccess {
  /// Why a text is no expression; nil: it is one.
  package static func parseFailure(_ text: String) -> String? {
    do {
      _ = try Parser.expression(text)
      return nil
    } catch { return PrestoError(error).message }
  }
}
