import Expressions

/// Everything an engine knows without plug-ins.
package enum StandardFunctions {
  package static let all: [Function] = [Function.operators, aggregates, Function.windows].flatMap { $0 }

  static let aggregates: [Function] = [
    Function.counts, Function.sums, Function.averages, Function.extremes, Function.keyedExtremes, Function.logicalAggregates,
    Function.moments,
    Function.regression, Function.collections, Function.frequencies, Function.ranked, Function.listing, Function.distinctEstimates,
    Function.quantiles, Function.exactQuantiles, Function.checksums, Function.numericHistograms, Function.aliasedAggregates,
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
