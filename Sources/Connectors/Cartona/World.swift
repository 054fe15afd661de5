import Values

/// How many there are of everything, and when things happen.
struct World: Sendable {
  let days: Int
  let seed: UInt64
  let scale: Double
  let retailers: Int
  let suppliers: Int
  let products: Int
  let agents: Int
  /// Where each day's numbers begin, and after the last day the total; by stream.
  private let starts: [[Int]]
  /// Minutes of the day by quantile: 1,024 steps of the inverse of the day's curve.
  private let minutes: [Double]

  static let second: Int64 = 1_000_000
  static let hour = 3600 * second
  static let day = 24 * hour
  /// 2021-04-26, a Monday in Ramadan (which ended on 12 May).
  static let firstDay = Calendar.days(year: 2021, month: 4, day: 26)

  /// Things that happen so many times a day.
  enum Stream: Int, CaseIterable {
    case orders, tracks, screens, identifies, supplierTracks, supplierScreens, supplierIdentifies, priceChanges, stockChanges, visits

    /// On a day like any other, at scale 1.
    var usual: Double {
      switch self {
      case .orders: 2000
      case .tracks: 400_000
      case .screens: 100_000
      case .identifies: 8000
      case .supplierTracks: 100_000
      case .supplierScreens: 25_000
      case .supplierIdentifies: 2000
      case .priceChanges: 20_000
      case .stockChanges: 30_000
      case .visits: 1500
      }
    }

    /// Files of events hold the same number every day; what people do follows the week and the month.
    var hasCycle: Bool {
      switch self {
      case .orders, .priceChanges, .stockChanges, .visits: true
      case .tracks, .screens, .identifies, .supplierTracks, .supplierScreens, .supplierIdentifies: false
      }
    }
  }

  init(days: Int, seed: UInt64, scale: Double) {
    self.days = days
    self.seed = seed
    self.scale = scale
    retailers = max(500, Int(60_000 * scale))
    suppliers = max(60, Int(1200 * scale))
    products = max(900, Int(18_000 * scale))
    agents = max(27, Int(300 * scale))
    starts = Stream.allCases.map { stream in
      var total = 0
      var starts = [0]
      for day in 0..<days {
        total += max(1, Int(stream.usual * scale * (stream.hasCycle ? World.busyness(of: day) : 1)))
        starts.append(total)
      }
      return starts
    }
    // weight of each hour: quiet at night, a peak before noon and a higher one in the evening
    let weights: [Double] = [3, 2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 9, 8, 8, 9, 10, 12, 14, 14, 12, 9, 5]
    let total = weights.reduce(0, +)
    var curve: [Double] = []
    var hour = 0
    var before = 0.0
    for step in 0...1024 {
      let wanted = Double(step) / 1024 * total
      while hour < 23 && before + weights[hour] < wanted {
        before += weights[hour]
        hour += 1
      }
      curve.append((Double(hour) + min(1, (wanted - before) / weights[hour])) * 60)
    }
    minutes = curve
  }

  /// Friday is the day of rest, Sunday and Thursday are for stocking up, Ramadan is the peak of the year and the feast after it quiet.
  private static func busyness(of day: Int) -> Double {
    // Monday first
    let week = [1.0, 0.95, 1.0, 1.25, 0.45, 1.05, 1.2][day % 7]
    let season =
      switch day {
      case 0..<17: 1.5
      case 17..<21: 0.5
      default: 1.0
      }
    return week * season
  }

  func numbers(of stream: Stream, day: Int) -> Range<Int> { starts[stream.rawValue][day]..<starts[stream.rawValue][day + 1] }
  func total(of stream: Stream) -> Int { starts[stream.rawValue][days] }

  /// Microseconds since the epoch of number `n` of a day's `numbers`: numbers follow the clock, and the day's curve.
  @inline(__always) func moment(_ n: Int, of numbers: Range<Int>, day: Int, jitter: Double) -> Int64 {
    moment(quantile: (Double(n - numbers.lowerBound) + jitter) / Double(numbers.count), day: day)
  }

  @inline(__always) func moment(quantile: Double, day: Int) -> Int64 {
    let place = min(max(quantile, 0), 0.999_999) * 1024
    let step = Int(place)
    let minute = minutes[step] + (minutes[step + 1] - minutes[step]) * (place - Double(step))
    return Int64(World.firstDay + day) * World.day + Int64(minute * 60_000_000)
  }

  @inline(__always) func draw(_ kind: Draw.Kind, _ number: Int) -> Draw { Draw(seed, kind, number) }

  /// Spreads ranks over numbers, so that the busiest are not the first. 2,147,483,647 is prime, so no two ranks meet.
  @inline(__always) func scattered(_ rank: Int, _ count: Int) -> Int { (rank &* 2_147_483_647 &+ count / 3) % count }
}
