/// What an application reports: one step of a session. Sessions have eight steps on average; all that is the session's (who, where, on which
/// device) is the same in each of its steps.
struct Event {
  /// Which application, and which of its three files.
  struct Feed: Sendable {
    let stream: World.Stream
    let isSupplier: Bool
    let stepsPerSession: Int
  }

  let feed: Feed
  let number: Int
  let day: Int
  private let world: World
  private let draw: Draw
  private let session: Draw
  private let sessionNumber: Int
  private let step: Int

  @inline(__always) init(_ world: World, _ feed: Feed, _ number: Int, day: Int) {
    self.world = world
    self.feed = feed
    self.number = number
    self.day = day
    // streams do not share sessions; numbers of different streams are kept apart
    let salted = number &* 8 &+ feed.stream.rawValue
    draw = world.draw(feed.isSupplier ? .supplierEvent : .event, salted)
    let first = world.numbers(of: feed.stream, day: day).lowerBound
    let place = number - first
    sessionNumber = (day &* 1_000_000 &+ place / feed.stepsPerSession) &* 16 &+ feed.stream.rawValue
    step = place % feed.stepsPerSession
    session = world.draw(feed.isSupplier ? .supplierSession : .session, sessionNumber)
  }

  var received: Int64 { sent + Int64(40_000 + draw.skewed(3_000_000, 1)) }

  var sent: Int64 {
    let numbers = world.numbers(of: feed.stream, day: day)
    let start = number - step
    return world.moment(start, of: numbers, day: day, jitter: session.unit(1) * Double(feed.stepsPerSession))
      + Int64(step) * Int64(4 + session.below(40, 2)) * World.second + Int64(draw.below(900_000, 2))
  }

  /// The number of the shop or supplier.
  var party: Int { feed.isSupplier ? world.supplier(session, 3) : world.retailer(session, 3, day: day) }
  /// Nil while not signed in.
  var user: Int64? { session.chance(0.12, 4) && step < feed.stepsPerSession / 2 ? nil : Int64(party + 1) }

  private var device: Draw { world.draw(.device, feed.isSupplier ? -party - 1 : party) }
  var model: (model: String, os: String) { device.skewedOne(of: Words.devices, 1) }
  var version: String { device.skewedOne(of: Words.versions, 2) }
  var locale: String { device.chance(0.75, 3) ? "ar-EG" : "en-EG" }
  var systemVersion: String {
    model.os == "iOS" ? device.one(of: ["14.4", "14.5", "13.7"], 4) : device.one(of: ["10", "11", "9", "8.1.0"], 4)
  }
  var campaign: String? { session.chance(0.18, 5) ? session.skewedOne(of: Words.campaigns, 6) : nil }

  private static let names = [
    "Application Opened", "Products Searched", "Product List Viewed", "Product Viewed", "Product Added", "Cart Viewed", "Checkout Started",
    "Order Completed",
  ]
  private static let supplierNames = [
    "Application Opened", "Orders Viewed", "Order Viewed", "Order Accepted", "Price Updated", "Stock Updated", "Report Viewed",
    "Order Dispatched",
  ]
  private static let screens = ["Home", "Search", "Category", "Product", "Product", "Cart", "Checkout", "Thanks"]

  /// Steps of a session go along the funnel, and fall back to looking and searching more often the later they are.
  private var stage: Int {
    if step == 0 { return 0 }
    let later = [0, 1, 3, 3, 4, 5, 6, 7][step & 7]
    return draw.chance(0.55 - Double(later) * 0.05, 3) ? later : 1 + draw.below(3, 4)
  }

  var name: String { feed.isSupplier ? Event.supplierNames[stage] : Event.names[stage] }
  var screen: String { feed.isSupplier ? (stage < 4 ? "Orders" : "Products") : Event.screens[stage] }
  var position: Int32? { stage == 2 || stage == 3 ? Int32(1 + draw.skewed(60, 5)) : nil }

  private var seller: Supplier { Supplier(world, feed.isSupplier ? party : world.supplier(draw, 6)) }
  private var hasProduct: Bool { stage == 3 || stage == 4 || (feed.isSupplier && stage == 5) }
  var supplier: Int32? { hasProduct ? Int32(seller.number + 1) : nil }
  var product: Int32? {
    guard hasProduct else { return nil }
    let seller = seller
    return Int32(seller.product(draw.skewed(seller.offers, 7)) + 1)
  }

  /// False: nothing was searched for.
  func writeSearch(_ out: inout Letters) -> Bool {
    guard !feed.isSupplier, stage == 1 || stage == 2 else { return false }
    let isArabic = draw.chance(locale == "ar-EG" ? 0.85 : 0.2, 8)
    let brand = draw.skewedOne(of: Words.brands, 9), family = draw.skewedOne(of: Words.families, 10)
    switch draw.below(4, 11) {
    case 0: out.put(isArabic ? brand.arabic : brand.english)
    case 1:
      out.put(isArabic ? family.arabic : family.english)
      out.put(" ")
      out.put(isArabic ? brand.arabic : brand.english)
    case 2:
      out.put(isArabic ? family.arabic : family.english)
      out.put(" ")
      out.put(draw.one(of: family.sizes, 12))
    default: out.put(isArabic ? family.arabic : family.english)
    }
    return true
  }

  /// A JSON object.
  func writeProperties(_ out: inout Letters) {
    out.put("{\"network\":\"")
    out.put(session.skewedOne(of: ["4g", "wifi", "3g", "edge"], 7))
    out.put("\",\"battery\":")
    out.put(5 + draw.below(95, 13))
    switch stage {
    case 1, 2:
      out.put(",\"results\":")
      out.put(draw.chance(0.08, 14) ? 0 : 1 + draw.skewed(180, 15))
    case 3, 4:
      out.put(",\"quantity\":")
      out.put(1 + draw.skewed(20, 14))
      out.put(",\"tags\":[\"")
      out.put(draw.one(of: ["offer", "new", "top", "near"], 15))
      out.put("\"]")
    case 7:
      out.put(",\"order\":{\"items\":")
      out.put(2 + draw.skewed(14, 14))
      out.put(",\"total\":")
      out.put(200 + draw.skewed(9000, 15))
      out.put("}")
    default: break
    }
    out.put("}")
  }

  func writeID(_ out: inout Letters) { out.put(uuid: draw.bits(16), draw.bits(17)) }
  func writeSession(_ out: inout Letters) { out.put(hex: session.bits(8)) }
  func writeAnonymous(_ out: inout Letters) {
    let device = device
    out.put(uuid: device.bits(5), device.bits(6))
  }

  func writeAddress(_ out: inout Letters) {
    out.put(session.one(of: ["41.", "156.", "197.", "102."], 9))
    out.put(session.below(256, 10))
    out.put(".")
    out.put(session.below(256, 11))
    out.put(".")
    out.put(1 + session.below(254, 12))
  }
}
