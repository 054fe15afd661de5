import Foundation
import NIOCore
import Settings
import Testing

@testable import Server

/// The page in the browser.
struct WebPageTests {
  @Test("Every file of the page is part of the program, as it stands in the sources")
  func files() throws {
    let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources/Serving/Server/UI").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == WebFile.all.keys.sorted(), "a file is named in Sources/C/CWebPage/page.c")
    for name in names {
      let file = try #require(WebFile.all[name])
      #expect(Data(file.body.readableBytesView) == (try Data(contentsOf: folder.appendingPathComponent(name))))
      #expect(file.type != "application/octet-stream", "\(name)")
    }
  }

  @Test("Links to a query lead to its page, whatever stands in them")
  func links() {
    #expect(WebEndpoint.place(ofQuery: "/ui/query.html?20260102_030405_00001_abcde") == "./#/query/20260102_030405_00001_abcde")
    for path in ["/ui/query.html", "/ui/query.html?", "/ui/query.html?a/b", "/ui/query.html?%0d%0a", "/ui/query.html?\u{e9}"] {
      #expect(WebEndpoint.place(ofQuery: path) == "./#/queries")
    }
  }

  @Test("A person walks the page in Chromium", .timeLimit(.minutes(20)))
  func walk() async throws {
    for program in ["/usr/bin/chromium", "/usr/bin/chromedriver", ServerFixture.data + "/venv/bin/python"] {
      try #require(FileManager.default.isExecutableFile(atPath: program), "no \(program): run make setup")
    }
    let tables = ServerFixture.data + "/tpch-sf0.01"
    try await ServerFixture.run(catalogs: [
      "memory": .init(["connector.name": "memory"]),
      "field": .init(["connector.name": "sqlite", "sqlite.path": tables + "/tpch.sqlite"]),
      "lake": .init(["connector.name": "lake", "lake.location": tables + "/lake"]),
    ]) { fixture in
      // the screenshots stay, to be looked at
      let (isWell, output) = try await fixture.python("page_checks.py", [ServerFixture.data + "/page"], in: "Browser")
      #expect(isWell && output.contains("all well"), "\(output)")
    }
  }
}
