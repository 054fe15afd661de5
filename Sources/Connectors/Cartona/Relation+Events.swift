extension Relation {
  static let retailerEvents = events(
    "retailer_events", isSupplier: false, tracks: .tracks, screens: .screens, identifies: .identifies)
  static let supplierEvents = events(
    "supplier_events", isSupplier: true, tracks: .supplierTracks, screens: .supplierScreens, identifies: .supplierIdentifies)

  private static func events(
    _ schema: String, isSupplier: Bool, tracks: World.Stream, screens: World.Stream, identifies: World.Stream
  ) -> [Relation] {
    let track = Event.Feed(stream: tracks, isSupplier: isSupplier, stepsPerSession: 8)
    let screen = Event.Feed(stream: screens, isSupplier: isSupplier, stepsPerSession: 4)
    let identify = Event.Feed(stream: identifies, isSupplier: isSupplier, stepsPerSession: 1)
    let partition = Column.date("dt") { _, row in World.firstDay + row.day }
    return [
      Relation(
        schema, "tracks", .daily(tracks), identity(track) + action(track) + device(track) + [properties(track), partition]),
      Relation(schema, "screens", .daily(screens), identity(screen) + [screenName(screen)] + device(screen).prefix(4) + [partition]),
      Relation(
        schema, "identifies", .daily(identifies), identity(identify) + device(identify).prefix(5) + [properties(identify), partition]),
    ]
  }

  private static func identity(_ feed: Event.Feed) -> [Column] {
    [
      .text("id") { world, row, out in
        Event(world, feed, row.number, day: row.day).writeID(&out)
        return true
      },
      .timestamp("received_at") { Event($0, feed, $1.number, day: $1.day).received },
      .timestamp("sent_at") { Event($0, feed, $1.number, day: $1.day).sent },
      .bigint("user_id") { Event($0, feed, $1.number, day: $1.day).user },
      .text("anonymous_id") { world, row, out in
        Event(world, feed, row.number, day: row.day).writeAnonymous(&out)
        return true
      },
      .text("session_id") { world, row, out in
        Event(world, feed, row.number, day: row.day).writeSession(&out)
        return true
      },
    ]
  }

  private static func screenName(_ feed: Event.Feed) -> Column { .word("screen") { Event($0, feed, $1.number, day: $1.day).screen } }

  private static func action(_ feed: Event.Feed) -> [Column] {
    [
      .word("event") { Event($0, feed, $1.number, day: $1.day).name },
      screenName(feed),
      .text("search_query") { world, row, out in Event(world, feed, row.number, day: row.day).writeSearch(&out) },
      .integer("product_id") { Event($0, feed, $1.number, day: $1.day).product },
      .integer("supplier_id") { Event($0, feed, $1.number, day: $1.day).supplier },
      .integer("position") { Event($0, feed, $1.number, day: $1.day).position },
    ]
  }

  private static func device(_ feed: Event.Feed) -> [Column] {
    [
      .word("app_version") { Event($0, feed, $1.number, day: $1.day).version },
      .word("os") { Event($0, feed, $1.number, day: $1.day).model.os },
      .word("os_version") { Event($0, feed, $1.number, day: $1.day).systemVersion },
      .word("device_model") { Event($0, feed, $1.number, day: $1.day).model.model },
      .word("locale") { Event($0, feed, $1.number, day: $1.day).locale },
      .text("ip") { world, row, out in
        Event(world, feed, row.number, day: row.day).writeAddress(&out)
        return true
      },
      .word("utm_campaign") { Event($0, feed, $1.number, day: $1.day).campaign },
    ]
  }

  private static func properties(_ feed: Event.Feed) -> Column {
    .text("properties") { world, row, out in
      Event(world, feed, row.number, day: row.day).writeProperties(&out)
      return true
    }
  }
}
