/// The one error type that leaves a room. Anything else that escapes is a bug and becomes `GENERIC_INTERNAL_ERROR`.
public struct PrestoError: Error, Sendable, CustomStringConvertible {
  public var code: ErrorCode
  public var message: String
  public var location: SourceLocation?
  /// What a person might do about it: shown beneath the message, never part of it.
  public var hint: String?

  public init(_ code: ErrorCode, _ message: String, at location: SourceLocation? = nil, hint: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
  }

  public var description: String { "\(code.name): \(message)" }

  /// An error of ours as it is; anything else as an internal error that says what it was.
  public init(_ error: any Error) {
    if let known = error as? PrestoError {
      self = known
    } else if error is CancellationError {
      self.init(.userCanceled, "Query was canceled")
    } else {
      self.init(.genericInternalError, "\(error)")
    }
  }

  /// The message with Presto's `line 1:8: ` before it, as semantic and syntax errors carry it.
  public static func at(_ location: SourceLocation, _ code: ErrorCode, _ message: String, hint: String? = nil) -> PrestoError {
    PrestoError(code, "line \(location.line):\(location.column): \(message)", at: location, hint: hint)
  }
}

/// A place in a SQL text. Lines and columns count from 1; columns count Unicode scalars.
public struct SourceLocation: Hashable, Sendable, Codable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
