import Foundation
import Glibc

/// Standard output by way of a pager, where a screen is too small. What fits on one screen is held until the end and printed as it is, so that no
/// pager is seen then.
final class PagedOutput: TextOutput {
  private let screen: (columns: Int, rows: Int)
  private let pager: String
  private let direct: StandardOutput
  private var progress: ProgressLine?
  private var held = ""
  private var heldRows = 0
  private var pipe: UnsafeMutablePointer<FILE>?

  /// nil where there is no pager. `pager` is a command of the shell's, empty for none; nil: `less` if it is there.
  init?(_ pager: String?, screen: (columns: Int, rows: Int), after progress: ProgressLine?) {
    guard let command = pager ?? PagedOutput.less, !command.isEmpty else { return nil }
    self.pager = command
    self.screen = screen
    self.progress = progress
    direct = StandardOutput(after: progress)
  }

  /// Colours kept, long lines cut (the arrow keys move sideways), the screen left as it was.
  private static var less: String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { access($0 + "/less", X_OK) == 0 }
      ? "less --RAW-CONTROL-CHARS --chop-long-lines --no-init --prompt='q leaves, arrows move'" : nil
  }

  func write(_ text: String) throws {
    if pipe == nil {
      held += text
      for line in text.split(separator: "\n") {
        heldRows += 1
        // bytes are never fewer than columns
        if line.utf8.count > screen.columns && TextWidth.columns(String(line)) > screen.columns { heldRows += screen.rows }
      }
      // the prompt that comes after takes a few lines too
      if heldRows <= screen.rows - 3 { return }
      progress?.end()
      guard let opened = popen(pager, "w") else { return try flush() }
      pipe = opened
      let first = held
      held = ""
      return try send(first)
    }
    try send(text)
  }

  private func send(_ text: String) throws {
    guard let pipe, !text.isEmpty else { return }
    var copy = text
    let written = copy.withUTF8 { fwrite($0.baseAddress, 1, $0.count, pipe) }
    if written != text.utf8.count { throw OutputClosed() }
  }

  private func flush() throws {
    let text = held
    held = ""
    try direct.write(text)
  }

  /// Waits until the person leaves the pager.
  func close() {
    if let pipe { pclose(pipe) } else { try? flush() }
    pipe = nil
  }

  deinit { close() }
}
