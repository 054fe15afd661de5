import Values

/// Errors that a PostgreSQL server causes, numbered as Presto's JDBC connectors number theirs.
extension ErrorCode {
  /// The source is down, refuses us, or failed in a way that may pass.
  public static let jdbcError = ErrorCode(0x0400_0000, "JDBC_ERROR", .external)
  /// The statement itself is wrong for the source: trying again will not help.
  public static let jdbcNonTransientError = ErrorCode(0x0400_0001, "JDBC_NON_TRANSIENT_ERROR", .external)
}

extension PrestoError {
  /// A server's error. Classes of SQLSTATE that mean one of the engine's own errors become it, so that TRY and people see the same error
  /// wherever an expression was evaluated.
  static func postgres(_ state: String, _ message: String, detail: String? = nil, hint: String? = nil, catalog: String) -> PrestoError {
    let code: ErrorCode =
      switch state {
      case "22003": .numericValueOutOfRange
      case "22012": .divisionByZero
      case "42501": .permissionDenied
      case "57014": .userCanceled
      case "42P07": .tableAlreadyExists
      case "42P06": .schemaAlreadyExists
      default:
        switch state.prefix(2) {
        case "22", "23", "42", "0A", "3D", "3F", "28": .jdbcNonTransientError
        default: .jdbcError
        }
      }
    let more = detail.map { " (\($0))" } ?? ""
    return PrestoError(code, "PostgreSQL catalog '\(catalog)': \(message)\(more) [SQLSTATE \(state)]", hint: hint)
  }
}
