/// A shop. Numbers follow the day of registration: the last 3 % register within the first thirty days.
struct Retailer {
  let number: Int
  private let world: World
  private let draw: Draw

  @inline(__always) init(_ world: World, _ number: Int) {
    self.world = world
    self.number = number
    draw = world.draw(.retailer, number)
  }

  var id: Int64 { Int64(number + 1) }
  var governorate: Int { draw.skewed(Words.governorates.count, 1) }
  var kind: String { draw.skewedOne(of: Words.shopKinds, 2) }
  var latitude: Double { Words.governorates[governorate].latitude + (draw.unit(3) - 0.5) / 4 }
  var longitude: Double { Words.governorates[governorate].longitude + (draw.unit(4) - 0.5) / 4 }
  var referrer: Int64? { number > 100 && draw.chance(0.2, 5) ? Int64(draw.below(number, 6) + 1) : nil }
  var isArabic: Bool { draw.chance(0.7, 7) }

  /// Microseconds since the epoch.
  var registered: Int64 {
    let before = world.settledRetailers
    let first = Int64(World.firstDay) * World.day
    let day = Double(number < before ? number - before : number - before + 1)
    let length = number < before ? 730 / Double(before) : 30 / Double(world.retailers - before + 1)
    return first + Int64((day + draw.unit(8)) * length * Double(World.day))
  }

  func writeName(_ out: inout Letters) {
    out.put(draw.one(of: Words.shopFirst, 9))
    out.put(" ")
    out.put(draw.skewedOne(of: Words.shopSecond, 10))
  }

  func writePhone(_ out: inout Letters) {
    out.put(draw.one(of: ["+2010", "+2011", "+2012", "+2015"], 11))
    out.put(draw.below(100_000_000, 12), digits: 8)
  }

  func writeCity(_ out: inout Letters) {
    out.put(Words.governorates[governorate].english)
    out.put(" ")
    out.put(draw.skewedOne(of: Words.districts, 13))
  }
}

/// Who sells: each offers some products, one of every stretch of the catalogue, so the busiest products are offered most.
struct Supplier {
  let number: Int
  private let world: World
  private let draw: Draw

  @inline(__always) init(_ world: World, _ number: Int) {
    self.world = world
    self.number = number
    draw = world.draw(.supplier, number)
  }

  var kindNumber: Int { draw.skewed(Words.supplierKinds.count, 1) }
  var governorate: Int { draw.skewed(Words.governorates.count, 2) }
  var joined: Int64 { Int64(World.firstDay - 30 - draw.below(900, 3)) * World.day + Int64(draw.below(86_400, 4)) * World.second }
  var offers: Int { 30 + draw.below(90, 5) }

  /// The product of offer `k`, 0 ..< offers.
  func product(_ k: Int) -> Int {
    let stretch = world.products / offers
    return k * stretch + draw.below(stretch, UInt64(100 + k))
  }

  func writeName(_ out: inout Letters) {
    out.put(draw.one(of: Words.supplierFirst, 6))
    out.put(" ")
    out.put(draw.one(of: Words.supplierSecond, 7))
    out.put(" ")
    out.put(number + 1)
  }
}

struct Product {
  let number: Int
  private let draw: Draw

  @inline(__always) init(_ world: World, _ number: Int) {
    self.number = number
    draw = world.draw(.product, number)
  }

  var brand: (english: String, arabic: String) { draw.skewedOne(of: Words.brands, 1) }
  var family: Words.Family { draw.skewedOne(of: Words.families, 2) }
  var size: String { draw.one(of: family.sizes, 3) }
  var unit: String { draw.skewedOne(of: Words.units, 4) }
  var unitsPerCarton: Int16 { [6, 12, 24, 48][draw.below(4, 5)] }
  var isActive: Bool { draw.chance(0.96, 6) }
  /// What a carton costs on average, in piastres: 20 to 820 pounds.
  var price: Int64 {
    let u = draw.unit(7)
    return 2000 + Int64(u * u * 80_000)
  }
}

extension World {
  /// Shops that were there on the first day.
  var settledRetailers: Int { retailers - retailers * 3 / 100 }

  /// A shop that is registered on a day, the busiest most often.
  @inline(__always) func retailer(_ draw: Draw, _ use: UInt64, day: Int) -> Int {
    let number = scattered(draw.skewed(retailers, use), retailers)
    if number < settledRetailers || day >= 30 { return number }
    return Retailer(self, number).registered <= Int64(World.firstDay + day) * World.day ? number : number % settledRetailers
  }

  @inline(__always) func supplier(_ draw: Draw, _ use: UInt64) -> Int { scattered(draw.skewed(suppliers, use), suppliers) }

  /// What a supplier asks for a product in piastres, before changes.
  @inline(__always) func price(supplier: Int, product: Int) -> Int64 {
    let draw = draw(.offer, supplier &* 1_000_003 &+ product)
    return Int64(Double(Product(self, product).price) * (0.88 + draw.unit(1) * 0.24))
  }
}
