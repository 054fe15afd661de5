import Plans

/// A step of the optimizer.
struct Phase: Sendable {
  let name: String
  /// Without it a plan cannot run.
  var isRequired = false
  let run: @Sendable (Plan, PlanningContext) throws -> Plan

  /// Rules, again and again until none has anything to say.
  static func rules(_ name: String, _ rules: [Rule]) -> Phase {
    Phase(name: name) { plan, context in try Rule.applyAll(rules, to: plan, context) }
  }

  /// In order. What each does stands in its file.
  static let all: [Phase] = [
    Phase(name: "inline_shared_queries", run: SharedQueryInlining.run),
    rules("simplify", [.foldConstants, .removeTrivialFilter, .mergeFilters, .mergeLimits, .removeEmptyLimit, .mergeProjections]),
    Phase(name: "decorrelate", isRequired: true, run: Decorrelation.run),
    Phase(name: "push_predicates", run: PredicatePushdown.run),
    rules(
      "simplify_again",
      [.foldConstants, .removeTrivialFilter, .mergeFilters, .mergeProjections, .distinctAggregateAsGroups, .sumsOfShifted]),
    Phase(name: "lower_semi_joins", run: SemiJoinLowering.run),
    Phase(name: "order_joins", run: JoinOrdering.run),
    Phase(name: "push_predicates_again", run: PredicatePushdown.run),
    Phase(name: "prune_columns", run: ColumnPruning.run),
    rules("merge_sort_and_limit", [.limitAsTopN, .topNOfPartitions, .pushLimit, .mergeLimits, .mergeProjections]),
    Phase(name: "choose_semi_join_sides", run: SemiJoinSides.run),
    Phase(name: "dynamic_filters", run: DynamicFiltering.run),
    Phase(name: "offer_to_sources", run: SourceOffers.run),
    Phase(name: "prune_columns_again", run: ColumnPruning.run),
    Phase(name: "narrow_by_top_n", run: TopNFiltering.run),
  ]
}
