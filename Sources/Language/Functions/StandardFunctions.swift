import Expressions

/// Everything an engine knows without plug-ins.
package enum StandardFunctions {
  package static let all: [Function] = {
    let named = [aggregates, scalars, Function.windows].flatMap { $0 }
    return Function.operators + named + Function.aliases(of: named)
  }()

  static let scalars: [Function] = [
    Function.rounding, Function.numbers, Function.transcendental, Function.bitwise,
    Function.textBasics, Function.textParts, Function.textSimilarity, Function.textJoining, Function.textMaps,
    Function.timeFields, Function.timeUnits, Function.timeConversions, Function.timeFormats,
    Function.arrayBasics, Function.arrayLambdas, Function.arrayOrder, Function.arraySets, Function.arrayNumbers, Function.sequences,
    Function.mapBasics, Function.mapLambdas, Function.mapPositions, Function.binary, Function.networks, Function.urls,
    Function.choices, Function.system, Function.lambdas,
    Function.chars, Function.stemming,
    Function.sketches, Function.quantileDigestFunctions, Function.regex, Function.json, Function.jsonCasts, Function.sqlJSON,
    Function.distributions, Function.textForms, Function.tdigestParts, Function.distances,
    Function.setDigestFunctions, Function.thetaSketchFunctions, Function.kllSketchFunctions,
    Function.format,
  ].flatMap { $0 }

  static let aggregates: [Function] = [
    Function.counts, Function.sums, Function.averages, Function.extremes, Function.keyedExtremes, Function.logicalAggregates,
    Function.moments,
    Function.regression, Function.collections, Function.frequencies, Function.ranked, Function.listing, Function.distinctEstimates,
    Function.quantiles, Function.quantileDigests, Function.foldings, Function.exactQuantiles, Function.checksums,
    Function.numericHistograms, Function.classifications, Function.reservoirs, Function.differentialEntropies,
    Function.setDigests, Function.thetaSketches, Function.kllSketches, Function.aliasedAggregates,
  ].flatMap { $0 }
}

extension FunctionRegistry {
  /// The library, and what only the planner writes.
  package static let standard = FunctionRegistry(StandardFunctions.all + Function.internals)
}

extension Function {
  /// Names that other engines have for the same things.
  static let aliasedAggregates: [Function] = averages.filter { $0.name == "geometric_mean" }.map { $0.renamed("geomean") }
}
