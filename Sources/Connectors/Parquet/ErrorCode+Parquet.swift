import Values

/// The codes of Presto's hive connector that a file format can cause; EXTERNAL, from 0x0100_0000 as there.
extension ErrorCode {
  public static let parquetBadData = ErrorCode(0x0100_0007, "HIVE_BAD_DATA", .external)
  public static let parquetCannotOpen = ErrorCode(0x0100_0003, "HIVE_CANNOT_OPEN_SPLIT", .external)
  public static let parquetMissingData = ErrorCode(0x0100_0009, "HIVE_MISSING_DATA", .external)
  public static let parquetWriterFailed = ErrorCode(0x0100_001A, "HIVE_WRITER_DATA_ERROR", .external)
}

/// What a decoder found wrong, without the place: whoever knows file, column and page adds them.
struct Malformed: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

extension PrestoError {
  static func badParquet(_ file: String, _ message: String) -> PrestoError { PrestoError(.parquetBadData, "\(file): \(message)") }
}
