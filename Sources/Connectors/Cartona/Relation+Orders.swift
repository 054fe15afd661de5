extension Relation {
  static let all: [Relation] = orders + analytics + prices + field + retailerEvents + supplierEvents

  private static let day = World.day

  /// The transactional database.
  static let orders: [Relation] = [
    Relation(
      "orders", "retailers", .fixed { $0.retailers },
      [
        .bigint("id") { Retailer($0, $1.number).id },
        .text("name") { world, row, out in
          Retailer(world, row.number).writeName(&out)
          return true
        },
        .text("phone") { world, row, out in
          Retailer(world, row.number).writePhone(&out)
          return true
        },
        .integer("governorate_id") { Int32(Retailer($0, $1.number).governorate + 1) },
        .text("city") { world, row, out in
          Retailer(world, row.number).writeCity(&out)
          return true
        },
        .double("lat") { Retailer($0, $1.number).latitude },
        .double("lng") { Retailer($0, $1.number).longitude },
        .word("kind", 20) { Retailer($0, $1.number).kind },
        .instant("registered_at") { Retailer($0, $1.number).registered },
        .bigint("referred_by") { Retailer($0, $1.number).referrer },
      ]),
    Relation(
      "orders", "suppliers", .fixed { $0.suppliers },
      [
        .integer("id") { _, row in Int32(row.number + 1) },
        .text("name") { world, row, out in
          Supplier(world, row.number).writeName(&out)
          return true
        },
        .word("kind", 20) { Words.supplierKinds[Supplier($0, $1.number).kindNumber] },
        .integer("governorate_id") { Int32(Supplier($0, $1.number).governorate + 1) },
        .instant("joined_at") { Supplier($0, $1.number).joined },
      ]),
    Relation(
      "orders", "products", .fixed { $0.products },
      [
        .integer("id") { _, row in Int32(row.number + 1) },
        .text("sku", 32) { world, row, out in
          out.put("SKU-")
          out.put(row.number + 1, digits: 6)
          return true
        },
        .text("name_en") { world, row, out in
          let product = Product(world, row.number)
          for part in [product.brand.english, " ", product.family.english, " ", product.size] { out.put(part) }
          return true
        },
        .text("name_ar") { world, row, out in
          let product = Product(world, row.number)
          for part in [product.family.arabic, " ", product.brand.arabic, " ", product.size] { out.put(part) }
          return true
        },
        .word("brand") { Product($0, $1.number).brand.english },
        .word("category") { Product($0, $1.number).family.category },
        .word("subcategory") { Product($0, $1.number).family.english },
        .word("unit", 12) { Product($0, $1.number).unit },
        .smallint("units_per_carton") { Product($0, $1.number).unitsPerCarton },
        .boolean("is_active") { Product($0, $1.number).isActive },
      ]),
    Relation(
      "orders", "supplier_products", .offers,
      [
        .integer("supplier_id") { _, row in Int32(row.number + 1) },
        .integer("product_id") { Int32(Supplier($0, $1.number).product($1.line) + 1) },
        .money("price") { $0.price(supplier: $1.number, product: Supplier($0, $1.number).product($1.line)) },
        .integer("stock") { world, row in
          let draw = world.draw(.offer, row.number * 128 + row.line)
          return draw.chance(0.06, 2) ? 0 : Int32(1 + draw.skewed(2000, 3))
        },
        .instant("updated_at") { world, row in
          Int64(World.firstDay - 1) * day - Int64(world.draw(.offer, row.number * 128 + row.line).below(2_000_000, 4)) * World.second
        },
      ]),
    Relation(
      "orders", "orders", .daily(.orders),
      [
        .bigint("id") { _, row in Int64(row.number + 1) },
        .bigint("retailer_id") { Int64(Order($0, $1.number, day: $1.day).retailer + 1) },
        .integer("supplier_id") { Int32(Order($0, $1.number, day: $1.day).supplier + 1) },
        .word("status", 16) { world, row in
          switch Order(world, row.number, day: row.day).status {
          case .delivered: "delivered"
          case .cancelled: "cancelled"
          case .returned: "returned"
          case .shipped: "shipped"
          }
        },
        .instant("created_at") { Order($0, $1.number, day: $1.day).created },
        .instant("delivered_at") { Order($0, $1.number, day: $1.day).delivered },
        .instant("cancelled_at") { Order($0, $1.number, day: $1.day).cancelled },
        .money("total", precision: 12) { Order($0, $1.number, day: $1.day).total },
        .word("payment", 12) { Order($0, $1.number, day: $1.day).payment },
        .word("promo_code", 24) { world, row in Order(world, row.number, day: row.day).promotion.map { Words.promotions[$0].code } },
      ]),
    Relation(
      "orders", "order_items", .orderLines,
      [
        .bigint("order_id") { _, row in Int64(row.number + 1) },
        .smallint("line") { _, row in Int16(row.line + 1) },
        .integer("product_id") { Int32(line($0, $1).product + 1) },
        .integer("quantity") { line($0, $1).quantity },
        .money("unit_price") { line($0, $1).price },
        .money("discount") { line($0, $1).discount },
      ]),
    Relation(
      "orders", "promotions", .fixed { _ in Words.promotions.count },
      [
        .word("code", 24) { _, row in Words.promotions[row.number].code },
        .word("description") { _, row in Words.promotions[row.number].text },
        .date("starts_on") { World.firstDay - 20 + $0.draw(.promotion, $1.number).below(15, 1) },
        .date("ends_on") { World.firstDay + 16 + $0.draw(.promotion, $1.number).below(160, 2) },
        .money("percent", precision: 5) { _, row in Int64(Words.promotions[row.number].percent) },
      ]),
  ]

  private static func line(_ world: World, _ row: Row) -> Line {
    let order = Order(world, row.number, day: row.day)
    return Line(world, order, row.line, Supplier(world, order.supplier), order.promotion)
  }
}
