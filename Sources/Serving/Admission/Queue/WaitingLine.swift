/// First in, first out; both ends in constant time.
struct WaitingLine<Element: Equatable & Sendable>: Sendable {
  private var elements: [Element] = []
  private var first = 0

  var count: Int { elements.count - first }
  var isEmpty: Bool { count == 0 }
  var head: Element? { isEmpty ? nil : elements[first] }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let element = elements[first]
    first += 1
    if first > 32 && first > elements.count / 2 {
      elements.removeFirst(first)
      first = 0
    }
    return element
  }

  /// Places from the head; nil: not there.
  func index(of element: Element) -> Int? { elements[first...].firstIndex(of: element).map { $0 - first } }

  @discardableResult
  mutating func remove(_ element: Element) -> Bool {
    guard let place = index(of: element) else { return false }
    elements.remove(at: first + place)
    return true
  }

  var all: ArraySlice<Element> { elements[first...] }
}
