import ObjectStore
import Parquet
import Synchronization
import Values

/// A footer with the file it came from.
final class LakeFooter: Sendable {
  let parquet: ParquetFile
  let input: LakeInput

  init(_ entry: ObjectEntry, _ store: any ObjectStore, _ ranges: RangeCache, _ pages: PageCache) async throws {
    input = LakeInput(entry, store, ranges)
    // most footers are whole in what the format reads first
    let tail = max(0, entry.size - 64 << 10)..<entry.size
    var fetched = [try await input.fetch([tail])]
    if input.isRemote, let length = try ParquetFile.footerLength(input), length > tail.count {
      fetched.append(try await input.fetch([entry.size - length..<entry.size]))
    }
    parquet = try ParquetFile.open(input, pages)
    withExtendedLifetime(fetched) {}
  }
}

/// Footers by the identity of their files (path, size, time, the store's own tag).
final class FooterCache: Sendable {
  let store: any ObjectStore
  private let ranges: RangeCache
  private let pages: PageCache
  private let state: Mutex<RecentlyUsed<String, (file: ObjectEntry, footer: LakeFooter)>>

  /// `limit`: column chunks described by all footers together.
  /// `ranges`: where bytes of remote files are kept. `pages`: where decompressed pages of all files are.
  init(_ store: any ObjectStore, _ ranges: RangeCache, _ pages: PageCache, limit: Int = 2_000_000) {
    self.store = store
    self.ranges = ranges
    self.pages = pages
    state = Mutex(RecentlyUsed(limit: limit))
  }

  func footer(_ file: ObjectEntry) async throws -> LakeFooter {
    if let known = state.withLock({ $0.value(file.path) }), known.file == file { return known.footer }
    let footer = try await LakeFooter(file, store, ranges, pages)
    let weight = 100 + footer.parquet.rowGroupCount * footer.parquet.leaves.count
    state.withLock { $0.keep((file, footer), for: file.path, weight: weight) }
    return footer
  }

  /// Of several files, in their order; remote ones side by side.
  func footers(_ files: [ObjectEntry]) async throws -> [LakeFooter] {
    guard files.count > 1, files.contains(where: { store.isRemote($0.path) }) else {
      var found: [LakeFooter] = []
      for file in files { found.append(try await footer(file)) }
      return found
    }
    return try await withThrowingTaskGroup(of: (Int, LakeFooter).self) { group in
      var found = [LakeFooter?](repeating: nil, count: files.count)
      var next = 0
      func start() {
        guard next < files.count else { return }
        let place = next
        next += 1
        group.addTask { (place, try await self.footer(files[place])) }
      }
      for _ in 0..<16 { start() }
      while let (place, footer) = try await group.next() {
        found[place] = footer
        start()
      }
      return found.compactMap { $0 }
    }
  }
}
