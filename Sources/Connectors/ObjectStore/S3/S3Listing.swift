import Values

/// What `ListObjectsV2` answers, page by page.
struct S3Listing {
  var entries: [(key: String, entry: ObjectEntry)] = []
  /// Keys up to and with the next slash, where folders were asked for.
  var prefixes: [String] = []
  var token: String?

  /// nil: no answer that makes sense.
  init?(_ body: [UInt8], bucket: String) {
    guard let root = XMLElement.parse(body), root.name == "ListBucketResult" else { return nil }
    for item in root.all("Contents") {
      guard let key = item["Key"]?.text, let size = item["Size"].flatMap({ Int($0.text) }), size >= 0 else { return nil }
      let entry = ObjectEntry(
        path: S3Location(bucket: bucket, key: key).path, size: size, modified: S3Time.nanoseconds(item["LastModified"]?.text ?? ""),
        tag: item["ETag"]?.text)
      entries.append((key, entry))
    }
    prefixes = root.all("CommonPrefixes").compactMap { $0["Prefix"]?.text }
    guard root["IsTruncated"]?.text == "true" else { return }
    guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else { return nil }
    token = next
  }
}

/// The two ways in which answers write a time.
enum S3Time {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `2026-01-31T12:00:00.000Z` or `Sat, 31 Jan 2026 12:00:00 GMT` as nanoseconds since the epoch, in whole seconds; 0 for anything else.
  static func nanoseconds(_ text: String) -> Int {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "T" && text.hasSuffix("Z") })
    let date: [Int?], clock: Substring
    if words.count == 2 {
      date = words[0].split(separator: "-").map { Int($0) }
      clock = words[1]
    } else if words.count >= 5 {
      date = [Int(words[3]), months.firstIndex(of: String(words[2])).map { $0 + 1 }, Int(words[1])]
      clock = words[4]
    } else {
      return 0
    }
    let time = clock.prefix(8).split(separator: ":").map { Int($0) }
    guard date.count == 3, time.count == 3, let year = date[0], let month = date[1], let day = date[2], let hour = time[0],
      let minute = time[1], let second = time[2], (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...24).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return 0 }
    return (Calendar.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000_000
  }
}
