/// What was asked for lately, up to a limit; past it the least recently used go, a quarter at once, so that a burst of additions does not sort
/// for each of them.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var value: Value
    var weight: Int
    var used: Int
  }

  private var entries: [Key: Entry] = [:]
  private var clock = 0
  private var weight = 0
  /// Of all entries together, in whatever unit the weights are.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Counts as a use.
  mutating func value(_ key: Key) -> Value? {
    guard let place = entries.index(forKey: key) else { return nil }
    clock += 1
    entries.values[place].used = clock
    return entries.values[place].value
  }

  /// Replaces what was there under the key.
  mutating func keep(_ value: Value, for key: Key, weight added: Int) {
    clock += 1
    let before = entries.updateValue(Entry(value: value, weight: added, used: clock), forKey: key)
    weight += added - (before?.weight ?? 0)
    if weight <= limit { return }
    for (key, entry) in entries.sorted(by: { $0.value.used < $1.value.used }) {
      if weight <= limit / 4 * 3 { break }
      entries[key] = nil
      weight -= entry.weight
    }
  }
}
