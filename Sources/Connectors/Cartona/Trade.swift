/// An order of 2 to 15 lines. 5 % are cancelled, 2 % returned, 3 % under way; an eighth of the others arrive late.
struct Order {
  enum Status: Int { case delivered, cancelled, returned, shipped }

  let number: Int
  let day: Int
  private let world: World
  private let draw: Draw

  @inline(__always) init(_ world: World, _ number: Int, day: Int) {
    self.world = world
    self.number = number
    self.day = day
    draw = world.draw(.order, number)
  }

  var retailer: Int { world.retailer(draw, 1, day: day) }
  var supplier: Int { world.supplier(draw, 2) }
  var payment: String { draw.one(of: Words.payments, 3) }

  var status: Status {
    switch draw.unit(4) {
    case ..<0.05: .cancelled
    case ..<0.07: .returned
    case ..<0.10: .shipped
    default: .delivered
    }
  }

  var created: Int64 { world.moment(number, of: world.numbers(of: .orders, day: day), day: day, jitter: draw.unit(5)) }

  var delivered: Int64? {
    switch status {
    case .cancelled, .shipped: return nil
    case .delivered, .returned:
      let promised = Double(Words.promisedHours[Supplier(world, supplier).kindNumber])
      let share = draw.chance(0.125, 6) ? 1 + draw.unit(7) * 1.5 : 0.25 + draw.unit(7) * 0.75
      return created + Int64(promised * share * 3600) * World.second
    }
  }

  var cancelled: Int64? { status == .cancelled ? created + Int64(300 + draw.below(36_000, 8)) * World.second : nil }

  /// The number of the promotion used, nil for most.
  var promotion: Int? { draw.chance(day < 17 ? 0.24 : 0.12, 9) ? draw.skewed(Words.promotions.count, 10) : nil }

  var lines: Int {
    let u = draw.unit(11)
    return 2 + Int(u * u * 14)
  }

  var total: Int64 {
    let supplier = Supplier(world, supplier), promotion = promotion
    var sum: Int64 = 0
    for n in 0..<lines {
      let line = Line(world, self, n, supplier, promotion)
      sum += Int64(line.quantity) * line.price - line.discount
    }
    return sum
  }
}

/// One line of an order.
struct Line {
  let product: Int
  let quantity: Int32
  /// Piastres, for one.
  let price: Int64
  /// Piastres, for the line.
  let discount: Int64

  init(_ world: World, _ order: Order, _ n: Int, _ supplier: Supplier, _ promotion: Int?) {
    let draw = world.draw(.line, order.number &* 16 &+ n)
    product = supplier.product(draw.skewed(supplier.offers, 1))
    let u = draw.unit(2)
    let count = 1 + Int32(u * u * u * 40)
    // prices creep up, about 1 % a month
    let price = world.price(supplier: supplier.number, product: product) * Int64(3000 + order.day) / 3000
    quantity = count
    self.price = price
    discount = promotion.map { Int64(count) * price * Int64(Words.promotions[$0].percent) / 10_000 } ?? 0
  }
}

/// A supplier changes the price of a product.
struct PriceChange {
  let supplier: Int
  let product: Int
  let old: Int64
  let new: Int64
  let source: String
  let moment: Int64

  init(_ world: World, _ number: Int, day: Int) {
    let draw = world.draw(.priceChange, number)
    let seller = Supplier(world, world.supplier(draw, 1))
    supplier = seller.number
    product = seller.product(draw.skewed(seller.offers, 2))
    let base = world.price(supplier: supplier, product: product) * Int64(3000 + day) / 3000
    old = Int64(Double(base) * (0.97 + draw.unit(3) * 0.06))
    new = Int64(Double(old) * (0.93 + draw.unit(4) * 0.15))
    source = draw.skewedOne(of: ["supplier_app", "import", "agent", "rule"], 5)
    moment = world.moment(number, of: world.numbers(of: .priceChanges, day: day), day: day, jitter: draw.unit(6))
  }
}

/// A supplier's stock of a product goes down by sales or up by deliveries.
struct StockChange {
  let supplier: Int
  let product: Int
  let delta: Int32
  let moment: Int64

  init(_ world: World, _ number: Int, day: Int) {
    let draw = world.draw(.stockChange, number)
    let seller = Supplier(world, world.supplier(draw, 1))
    supplier = seller.number
    product = seller.product(draw.skewed(seller.offers, 2))
    delta = draw.chance(0.15, 3) ? Int32(50 + draw.below(500, 4)) : -1 - Int32(draw.skewed(90, 5))
    moment = world.moment(number, of: world.numbers(of: .stockChanges, day: day), day: day, jitter: draw.unit(6))
  }
}

/// A sales agent calls on a shop of the agent's governorate, if one is found quickly.
struct Visit {
  let agent: Int
  let retailer: Int
  let moment: Int64
  let outcome: String
  /// The id of an order of the same day.
  let order: Int64?
  let note: String?

  init(_ world: World, _ number: Int, day: Int) {
    let draw = world.draw(.visit, number)
    agent = draw.below(world.agents, 1)
    outcome = draw.one(of: Words.outcomes, 4)
    let orders = world.numbers(of: .orders, day: day)
    let ordered = outcome == "order" && draw.chance(0.8, 5) ? orders.lowerBound + draw.below(orders.count, 6) : nil
    order = ordered.map { Int64($0 + 1) }
    if let ordered {
      retailer = Order(world, ordered, day: day).retailer
    } else {
      let governorate = World.governorate(ofAgent: agent)
      var found = world.retailer(draw, 10, day: day)
      var attempt: UInt64 = 11
      while attempt < 18 && Retailer(world, found).governorate != governorate {
        found = world.retailer(draw, attempt, day: day)
        attempt += 1
      }
      retailer = found
    }
    moment = world.moment(quantile: 0.2 + draw.unit(7) * 0.6, day: day)
    note = draw.chance(0.7, 8) ? draw.one(of: Words.notes, 9) : nil
  }
}

extension World {
  /// Every governorate has an agent; the populous ones have more.
  static func governorate(ofAgent agent: Int) -> Int {
    let all = Words.governorates.count
    return agent < all ? agent : (agent - all) * (agent - all) % all * (agent % 3) / 3
  }
}
