import Values

extension Relation {
  private static let categories = Set(Words.families.map(\.category)).sorted()
  private static let experiments = [("new_checkout", 3), ("search_ranking_v2", 5), ("free_delivery_banner", 8)]
  private static let months = 6

  /// What the analysts keep for themselves.
  static let analytics: [Relation] = [
    Relation(
      "analytics", "retailer_segments", .fixed { $0.retailers },
      [
        .bigint("retailer_id") { _, row in Int64(row.number + 1) },
        .word("segment", 24) { $0.draw(.segment, $1.number).skewedOne(of: ["occasional", "regular", "loyal", "dormant", "champion"], 1) },
        .double("score") { ($0.draw(.segment, $1.number).unit(2) * 1000).rounded() / 1000 },
        .date("computed_on") { _, _ in World.firstDay },
      ]),
    Relation(
      "analytics", "monthly_targets", .fixed { _ in months * Words.governorates.count * categories.count },
      [
        .date("month") { _, row in
          Calendar.days(year: 2021, month: 4 + row.number / (Words.governorates.count * categories.count), day: 1)
        },
        .integer("governorate_id") { _, row in Int32(row.number / categories.count % Words.governorates.count + 1) },
        .word("category") { _, row in categories[row.number % categories.count] },
        .money("target_gmv", precision: 14) { world, row in
          let governorate = row.number / categories.count % Words.governorates.count
          let share = 1 / Double(governorate + 2) / Double(row.number % categories.count + 2)
          return Int64(world.scale * share * 9_000_000) * 1000
        },
      ]),
    Relation(
      "analytics", "experiments", .fixed { $0.retailers * experiments.count / 2 },
      [
        .word("name") { _, row in experiments[row.number % experiments.count].0 },
        .bigint("retailer_id") { Int64(($1.number / experiments.count) * 2 % $0.retailers + 1) },
        .word("variant", 8) { $0.draw(.experiment, $1.number).chance(0.5, 1) ? "control" : "test" },
        .instant("assigned_at") { world, row in
          let day = experiments[row.number % experiments.count].1 - 6
          return Int64(World.firstDay + day) * World.day + Int64(world.draw(.experiment, row.number).below(86_400, 2)) * World.second
        },
      ]),
    Relation(
      "analytics", "delivery_sla", .fixed { _ in Words.governorates.count * Words.supplierKinds.count },
      [
        .integer("governorate_id") { _, row in Int32(row.number / Words.supplierKinds.count + 1) },
        .word("supplier_kind", 20) { _, row in Words.supplierKinds[row.number % Words.supplierKinds.count] },
        .integer("hours") { _, row in Int32(Words.promisedHours[row.number % Words.supplierKinds.count] + (row.number > 80 ? 24 : 0)) },
      ]),
  ]

  /// The history of prices and stocks.
  static let prices: [Relation] = [
    Relation(
      "prices", "price_changes", .daily(.priceChanges),
      [
        .instant("changed_at") { PriceChange($0, $1.number, day: $1.day).moment },
        .integer("supplier_id") { Int32(PriceChange($0, $1.number, day: $1.day).supplier + 1) },
        .integer("product_id") { Int32(PriceChange($0, $1.number, day: $1.day).product + 1) },
        .money("old_price") { PriceChange($0, $1.number, day: $1.day).old },
        .money("new_price") { PriceChange($0, $1.number, day: $1.day).new },
        .word("source", 16) { PriceChange($0, $1.number, day: $1.day).source },
      ]),
    Relation(
      "prices", "stock_changes", .daily(.stockChanges),
      [
        .instant("changed_at") { StockChange($0, $1.number, day: $1.day).moment },
        .integer("supplier_id") { Int32(StockChange($0, $1.number, day: $1.day).supplier + 1) },
        .integer("product_id") { Int32(StockChange($0, $1.number, day: $1.day).product + 1) },
        .integer("delta") { StockChange($0, $1.number, day: $1.day).delta },
      ]),
  ]

  /// What the sales agents' tablets keep. Times are texts, as SQLite has them.
  static let field: [Relation] = [
    Relation(
      "field", "agents", .fixed { $0.agents },
      [
        .integer("id") { _, row in Int32(row.number + 1) },
        .text("name") { world, row, out in
          out.put(row.number % 2 == 0 ? "Agent " : "مندوب ")
          out.put(row.number + 1)
          return true
        },
        .integer("governorate_id") { _, row in Int32(World.governorate(ofAgent: row.number) + 1) },
        .text("hired_on") { world, row, out in
          out.put(date: World.firstDay - 40 - world.draw(.agent, row.number).below(1200, 1))
          return true
        },
      ]),
    Relation(
      "field", "visits", .daily(.visits),
      [
        .integer("id") { _, row in Int32(row.number + 1) },
        .integer("agent_id") { Int32(Visit($0, $1.number, day: $1.day).agent + 1) },
        .bigint("retailer_id") { Int64(Visit($0, $1.number, day: $1.day).retailer + 1) },
        .text("visited_at") { world, row, out in
          out.put(instant: Visit(world, row.number, day: row.day).moment)
          return true
        },
        .word("outcome") { Visit($0, $1.number, day: $1.day).outcome },
        .bigint("order_id") { Visit($0, $1.number, day: $1.day).order },
        .word("notes") { Visit($0, $1.number, day: $1.day).note },
      ]),
    Relation(
      "field", "governorates", .fixed { _ in Words.governorates.count },
      [
        .integer("id") { _, row in Int32(row.number + 1) },
        .word("name_en") { _, row in Words.governorates[row.number].english },
        .word("name_ar") { _, row in Words.governorates[row.number].arabic },
        .word("region") { _, row in Words.governorates[row.number].region },
      ]),
    Relation(
      "field", "holidays", .fixed { _ in Words.holidays.count },
      [
        .word("day") { _, row in Words.holidays[row.number].day },
        .word("name") { _, row in Words.holidays[row.number].name },
      ]),
  ]
}
