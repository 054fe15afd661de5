import Values

/// The codes of Presto's JDBC connectors, from 0x0400_0000 as there: what a database behind a library says.
extension ErrorCode {
  public static let sqliteError = ErrorCode(0x0400_0000, "JDBC_ERROR", .external)
  public static let sqliteInvalidValue = ErrorCode(0x0400_0001, "JDBC_NON_TRANSIENT_ERROR", .external)
}
