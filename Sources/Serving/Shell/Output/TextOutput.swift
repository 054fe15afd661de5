import Glibc

/// A place to write text to. Throws `OutputClosed` when the reader has gone, as one who leaves a pager has.
package protocol TextOutput: AnyObject {
  func write(_ text: String) throws
  /// Nothing more comes; returns when the reader has seen it all.
  func close()
}

/// Whoever read the output has gone.
struct OutputClosed: Error {}

/// Standard output. What a progress line left on the terminal is wiped away before the first word.
final class StandardOutput: TextOutput {
  private var progress: ProgressLine?

  init(after progress: ProgressLine? = nil) { self.progress = progress }

  func write(_ text: String) throws {
    if text.isEmpty { return }
    progress?.end()
    progress = nil
    if !Terminal.put(text, STDOUT_FILENO) { throw OutputClosed() }
  }

  func close() {}
}
