import Foundation
import Functions
import Testing

/// The committed list of functions is the one that the declarations give. `make reference` writes it.
@Suite struct FunctionReferenceTests {
  @Test func pageIsUpToDate() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/MiniPresto.docc/Functions.md")
    if ProcessInfo.processInfo.environment["MINIPRESTO_WRITE_REFERENCE"] != nil {
      try FunctionReference.page.write(to: page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: page, encoding: .utf8) == FunctionReference.page, "out of date: make reference")
  }
}
