import Expressions

/// Everything an engine knows without plug-ins.
package enum StandardFunctions {
  package static let all: [Function] = {
    let named = families.flatMap(\.functions)
    return Function.operators + named + Function.aliases(of: named)
  }()

  /// Functions of one subject, under the heading that they have in the reference.
  struct Family {
    let title: String
    let functions: [Function]

    init(_ title: String, _ functions: [Function]...) {
      self.title = title
      self.functions = functions.flatMap { $0 }
    }
  }

  static let families: [Family] = [
    Family(
      "Aggregates", Function.counts, Function.sums, Function.averages, Function.extremes, Function.keyedExtremes,
      Function.logicalAggregates,
      Function.collections, Function.frequencies, Function.ranked, Function.listing, Function.foldings, Function.exactQuantiles,
      Function.checksums, Function.reservoirs, Function.aliasedAggregates),
    Family(
      "Statistics", Function.moments, Function.regression, Function.numericHistograms, Function.classifications,
      Function.differentialEntropies, Function.distributions),
    Family(
      "Estimates and sketches", Function.distinctEstimates, Function.quantiles, Function.quantileDigests, Function.sketches,
      Function.quantileDigestFunctions, Function.tdigestParts, Function.setDigests, Function.setDigestFunctions, Function.thetaSketches,
      Function.thetaSketchFunctions, Function.kllSketches, Function.kllSketchFunctions),
    Family("Windows", Function.windows),
    Family("Numbers", Function.rounding, Function.numbers, Function.transcendental, Function.bitwise, Function.distances),
    Family(
      "Text", Function.textBasics, Function.textParts, Function.textSimilarity, Function.textJoining, Function.textMaps, Function.chars,
      Function.stemming, Function.textForms, Function.format),
    Family("Regular expressions", Function.regex),
    Family("Date and time", Function.timeFields, Function.timeUnits, Function.timeConversions, Function.timeFormats),
    Family(
      "Arrays", Function.arrayBasics, Function.arrayLambdas, Function.arrayOrder, Function.arraySets, Function.arrayNumbers,
      Function.sequences),
    Family("Maps", Function.mapBasics, Function.mapLambdas, Function.mapPositions),
    Family("JSON", Function.json, Function.jsonCasts, Function.sqlJSON),
    Family("Bytes, hashes and networks", Function.binary, Function.networks),
    Family("URLs", Function.urls),
    Family("Choices, lambdas and the session", Function.choices, Function.lambdas, Function.system),
  ]
}

extension FunctionRegistry {
  /// The library, and what only the planner writes.
  package static let standard = FunctionRegistry(StandardFunctions.all + Function.internals)
}

extension Function {
  /// Names that other engines have for the same things.
  static let aliasedAggregates: [Function] = averages.filter { $0.name == "geometric_mean" }.map { $0.renamed("geomean") }
}
