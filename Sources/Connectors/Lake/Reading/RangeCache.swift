import ObjectStore
import Synchronization

/// Ranges of remote files that were fetched before, by the version of the file: dashboards ask for the same columns again and again.
final class RangeCache: Sendable {
  private struct Key: Hashable {
    var path: String
    var tag: String
    var range: Range<Int>
  }

  private let state: Mutex<RecentlyUsed<Key, ObjectSegment>>
  /// Bytes kept; 0: nothing is.
  let limit: Int

  init(limit: Int) {
    self.limit = limit
    state = Mutex(RecentlyUsed(limit: limit))
  }

  /// Files without a tag cannot be told from their next version: nothing of them is kept.
  private func key(_ entry: ObjectEntry, _ range: Range<Int>) -> Key? { entry.tag.map { Key(path: entry.path, tag: $0, range: range) } }

  func segment(_ entry: ObjectEntry, _ range: Range<Int>) -> ObjectSegment? {
    guard limit > 0, let key = key(entry, range) else { return nil }
    return state.withLock { $0.value(key) }
  }

  func add(_ segment: ObjectSegment, of entry: ObjectEntry) {
    // one that would drive out most others is not worth it
    guard segment.bytes.count <= limit / 8, let key = key(entry, segment.range) else { return }
    state.withLock { $0.keep(segment, for: key, weight: segment.bytes.count) }
  }
}
