import ObjectStore
import Synchronization

/// Ranges of remote files that were fetched before, by the version of the file: dashboards ask for the same columns again and again. The least recently
/// used go first.
final class RangeCache: Sendable {
  private struct Key: Hashable {
    var path: String
    var tag: String
    var range: Range<Int>
  }

  private struct State {
    var entries: [Key: (segment: ObjectSegment, used: Int)] = [:]
    var clock = 0
    var bytes = 0
  }

  private let state = Mutex(State())
  /// Bytes kept; 0: nothing is.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Files without a tag cannot be told from their next version: nothing of them is kept.
  private func key(_ entry: ObjectEntry, _ range: Range<Int>) -> Key? { entry.tag.map { Key(path: entry.path, tag: $0, range: range) } }

  func segment(_ entry: ObjectEntry, _ range: Range<Int>) -> ObjectSegment? {
    guard limit > 0, let key = key(entry, range) else { return nil }
    return state.withLock { state in
      state.clock += 1
      state.entries[key]?.used = state.clock
      return state.entries[key]?.segment
    }
  }

  func add(_ segment: ObjectSegment, of entry: ObjectEntry) {
    // one that would drive out most others is not worth it
    guard segment.bytes.count <= limit / 8, let key = key(entry, segment.range) else { return }
    state.withLock { state in
      state.clock += 1
      let before = state.entries.updateValue((segment, state.clock), forKey: key)
      state.bytes += segment.bytes.count - (before?.segment.bytes.count ?? 0)
      if state.bytes <= limit { return }
      for (key, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) {
        if state.bytes <= limit / 4 * 3 { break }
        state.entries[key] = nil
        state.bytes -= entry.segment.bytes.count
      }
    }
  }
}
