import Expressions
import Values
import Vectors

extension Function {
  /// How good a classifier is at every threshold: outcomes and predictions in 0...1 are counted in buckets of equal width.
  static let classifications: [Function] = [
    classification("classification_precision", "Share of right ones among the positive predictions, by threshold") { at in
      at.truePositive / (at.truePositive + at.falsePositive)
    },
    classification("classification_recall", "Share of positive outcomes that are predicted, by threshold") { at in
      at.truePositive / at.positive
    },
    classification("classification_miss_rate", "Share of positive outcomes that are not predicted, by threshold") { at in
      (at.positive - at.truePositive) / at.positive
    },
    classification("classification_fall_out", "Share of negative outcomes that are predicted positive, by threshold") { at in
      at.falsePositive / at.negative
    },
    classification("classification_thresholds", "The thresholds of the other classification functions") { at in at.threshold },
  ].flatMap { $0 }

  private static func classification(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (ClassificationPoint) -> Double
  ) -> [Function] {
    [[Signature.Pattern.bigint, .boolean, .double], [.bigint, .boolean, .double, .double]].map { arguments in
      .aggregate(name, arguments, .array(.double), summary) { _, result in classificationLog(value).maker(result) }
    }
  }
}

/// What a threshold makes of the outcomes: weights of positive and negative ones, and of those predicted positive.
private struct ClassificationPoint {
  var threshold: Double
  var positive: Double
  var negative: Double
  var truePositive: Double
  var falsePositive: Double
}

/// More buckets than this are a mistake: an array of results has as many elements.
private let mostBuckets: Int64 = 1_000_000

/// Logs (buckets, bucket, weight of positive outcomes, weight of negative ones), shortened to one row a bucket.
private func classificationLog(_ value: @escaping @Sendable (ClassificationPoint) -> Double) -> LogDefinition {
  LogDefinition(
    types: [.bigint, .bigint, .double, .double],
    record: { arguments, count in
      let rows = arguments.completeRows(count)
      let buckets = arguments[0].reader(as: Int64.self), outcomes = arguments[1].reader(as: Bool.self)
      let predictions = arguments[2].reader(as: Double.self), weights = arguments.count == 4 ? arguments[3].reader(as: Double.self) : nil
      let builders = [DataType.bigint, .bigint, .double, .double].map { VectorBuilder($0, capacity: rows.count) }
      for row in rows.lazy.map({ Int($0) }) {
        let total = buckets[row], prediction = predictions[row], weight = weights?[row] ?? 1
        guard total >= 2 else { throw invalidArgument("bucketCount must be at least 2: \(total)") }
        guard total <= mostBuckets else { throw invalidArgument("bucketCount must be at most \(mostBuckets): \(total)") }
        guard prediction >= 0, prediction <= 1 else { throw invalidArgument("Prediction value must be between 0.0 and 1.0") }
        if weight < 0 { throw invalidArgument("Weights must be non-negative") }
        builders[0].append(total)
        // a prediction of exactly 1 belongs into the last bucket
        builders[1].append(min(Int64(Double(total) * min(prediction, 0.99999999999)), total - 1))
        builders[2].append(outcomes[row] ? weight : 0)
        builders[3].append(outcomes[row] ? 0 : weight)
      }
      withExtendedLifetime(arguments) {}
      return (builders.map { $0.finish() }, rows)
    },
    shorten: { $0.summed(within: 1) },
    finish: { log, type in
      let log = log.summed(within: 1)
      let buckets = log.columns[0].reader(as: Int64.self), places = log.columns[1].reader(as: Int64.self)
      let trues = log.columns[2].reader(as: Double.self), falses = log.columns[3].reader(as: Double.self)
      let builder = VectorBuilder(type, capacity: log.count)
      for segment in 0..<log.count {
        let range = log.range(segment)
        if let first = range.first {
          let total = Int(buckets[first])
          var positives = [Double](repeating: 0, count: total), negatives = positives
          for row in range {
            guard buckets[row] == buckets[first] else { throw invalidArgument("Bucket count must be constant") }
            positives[Int(places[row])] = trues[row]
            negatives[Int(places[row])] = falses[row]
          }
          let positive = positives.reduce(0, +), negative = negatives.reduce(0, +)
          var below = (positive: 0.0, negative: 0.0)
          for place in 0..<total where positive > below.positive {
            builder.children[0].append(
              value(
                ClassificationPoint(
                  threshold: Double(place) / Double(total), positive: positive, negative: negative,
                  truePositive: positive - below.positive, falsePositive: negative - below.negative)))
            below.positive += positives[place]
            below.negative += negatives[place]
          }
        }
        builder.closeList()
      }
      return builder.finish()
    })
}
