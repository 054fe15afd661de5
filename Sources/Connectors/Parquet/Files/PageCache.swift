import CVectors
import Synchronization
import Values
import Vectors

/// Decompressed pages and decoded dictionaries of files that are read again and again: what refreshes every minute finds them as it left them.
///
/// A page is kept when it is met for the second time, so reading a file once drives nothing out. When the room is used up a hand goes round, one slot
/// for each newcomer: the page there loses a life, or goes if it has none, and a newcomer that still has no room is turned away. A table larger than
/// the room thus keeps the same part of its pages from scan to scan: they gain lives faster than the others that come by take them. The room shrinks
/// while queries hold much memory: the two together take no more than the larger.
package final class PageCache: Sendable {
  /// What is known of a page.
  struct Kept: Sendable {
    enum Content: Sendable {
      /// Levels and values from `start` to the end of the buffer.
      case page(Buffer, start: Int)
      /// Slots of a type, and the memory that texts point to.
      case dictionary(DataType, count: Int, slots: DictionarySlots, heap: [Buffer])
    }

    var header: PageHeader
    /// Where the body lies in the file.
    var body: Range<Int>
    var content: Content

    var byteCount: Int {
      switch content {
      case .page(let bytes, _): bytes.byteCount + 256
      case .dictionary(_, _, let slots, let heap): heap.reduce(slots.buffer.byteCount + 256) { $0 + $1.byteCount }
      }
    }

    /// Those of `byteCount` that are in large buffers.
    fileprivate var largeByteCount: Int {
      let buffers =
        switch content {
        case .page(let bytes, _): [bytes]
        case .dictionary(_, _, let slots, let heap): [slots.buffer] + heap
        }
      return buffers.reduce(0) { $0 + ($1.byteCount < Int(MP_LARGE) ? 0 : $1.byteCount) }
    }
  }

  /// One file's share of the room: pages by their offset. They go with it.
  final class Share: Sendable {
    private let cache: PageCache
    private let file: Int

    fileprivate init(_ cache: PageCache, _ file: Int) {
      self.cache = cache
      self.file = file
    }

    deinit { cache.drop(file) }

    func page(at offset: Int) -> Kept? { cache.find(file, offset) }
    /// Whether the page that was not found should be brought; asked once each time.
    func wants(_ offset: Int, _ byteCount: Int) -> Bool { cache.wants(file, offset, byteCount) }
    func keep(_ page: Kept, at offset: Int) { cache.keep(page, file, offset) }
  }

  private struct Slot {
    var file: Int
    var offset: Int
    var page: Kept
    var lives: Int
  }

  private struct State {
    /// Slots by file and offset.
    var places: [Int: [Int: Int]] = [:]
    var slots: [Slot?] = []
    var free: [Int] = []
    var hand = 0
    var bytes = 0
    var largeBytes = 0
    var files = 0
    var hits = 0
    /// Marks of pages that were met once, each where its hash says.
    var met = [UInt32](repeating: 0, count: 1 << 16)
  }

  /// Bytes kept; 0: nothing is.
  package let limit: Int
  private let state = Mutex(State())

  package init(limit: Int) { self.limit = max(0, limit) }

  /// Bytes in use, and how often a page was found.
  package var usage: (bytes: Int, hits: Int) { state.withLock { ($0.bytes, $0.hits) } }

  func share() -> Share? {
    if limit == 0 { return nil }
    let file = state.withLock { state in
      state.files += 1
      return state.files
    }
    return Share(self, file)
  }

  private func find(_ file: Int, _ offset: Int) -> Kept? {
    state.withLock { state in
      guard let place = state.places[file]?[offset], let page = state.slots[place]?.page else { return nil }
      state.hits += 1
      state.slots[place]?.lives = 3
      return page
    }
  }

  private func wants(_ file: Int, _ offset: Int, _ byteCount: Int) -> Bool {
    // one that would drive out most others is not worth it
    guard byteCount <= limit / 16 else { return false }
    let mixed = (UInt64(bitPattern: Int64(file)) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: Int64(offset))) &* 0xD6E8_FEB8_6659_FD93
    let place = Int(mixed >> 48), mark = UInt32(truncatingIfNeeded: mixed >> 16) | 1
    return state.withLock { state in
      if state.met[place] == mark { return true }
      state.met[place] = mark
      return false
    }
  }

  /// What pages may take beside the tables of queries. Each gets an eighth at least.
  private func room(_ largeBytes: Int) -> Int {
    let others = max(0, Int(clamping: mp_used_bytes()) - largeBytes)
    return limit - min(max(others - limit / 8, 0), limit - limit / 8)
  }

  private func keep(_ page: Kept, _ file: Int, _ offset: Int) {
    let size = page.byteCount
    // what is driven out is freed after the lock
    var driven: [Kept] = []
    state.withLock { state in
      guard size <= limit, state.places[file]?[offset] == nil else { return }
      let room = room(state.largeBytes)
      if state.bytes > room {
        // queries need it: whatever comes next goes, and nothing is taken in
        for _ in 0..<16 where state.bytes > room { PageCache.turn(&state, sparing: false).map { driven.append($0) } }
        return
      }
      if state.bytes + size > room { PageCache.turn(&state, sparing: true).map { driven.append($0) } }
      if state.bytes + size > room { return }
      let slot = Slot(file: file, offset: offset, page: page, lives: 1)
      let place = state.free.popLast() ?? state.slots.count
      if place == state.slots.count { state.slots.append(slot) } else { state.slots[place] = slot }
      state.places[file, default: [:]][offset] = place
      state.bytes += size
      state.largeBytes += page.largeByteCount
    }
    withExtendedLifetime(driven) {}
  }

  /// Moves the hand on by one slot. Gives the page there if it goes: `sparing` costs it a life first.
  private static func turn(_ state: inout State, sparing: Bool) -> Kept? {
    if state.slots.isEmpty { return nil }
    state.hand = (state.hand + 1) % state.slots.count
    guard let slot = state.slots[state.hand] else { return nil }
    if sparing && slot.lives > 0 {
      state.slots[state.hand]?.lives -= 1
      return nil
    }
    remove(state.hand, &state)
    return slot.page
  }

  private static func remove(_ place: Int, _ state: inout State) {
    guard let slot = state.slots[place] else { return }
    state.places[slot.file]?[slot.offset] = nil
    state.bytes -= slot.page.byteCount
    state.largeBytes -= slot.page.largeByteCount
    state.slots[place] = nil
    state.free.append(place)
  }

  private func drop(_ file: Int) {
    let pages = state.withLock { state in
      let places = state.places.removeValue(forKey: file) ?? [:]
      let pages = places.values.compactMap { state.slots[$0]?.page }
      for place in places.values { PageCache.remove(place, &state) }
      return pages
    }
    withExtendedLifetime(pages) {}
  }
}
