import Admission
import Analysis
import Optimization
import Settings

extension SessionProperty where Value == Int {
  public static let taskConcurrency = SessionProperty("task_concurrency", 0, "Drivers a pipeline; 0: one per core")
}

extension SessionProperty where Value == Bool {
  public static let adaptivePartialAggregation = SessionProperty(
    "adaptive_partial_aggregation_enabled", true, "Stop grouping by driver where nearly every row is a group")
}

enum EngineProperties {
  static let all: [AnySessionProperty] =
    ([AnySessionProperty(.taskConcurrency), AnySessionProperty(.adaptivePartialAggregation)] + Analyzer.properties + Optimizer.properties
    + QueryLimits.properties).sorted {
      $0.name < $1.name
    }
}
