import Admission
import Analysis
import Optimization
import Settings

extension SessionProperty where Value == Int {
  public static let taskConcurrency = SessionProperty("task_concurrency", 0, "Drivers a pipeline; 0: one per core")
}

enum EngineProperties {
  static let all: [AnySessionProperty] =
    ([AnySessionProperty(.taskConcurrency)] + Analyzer.properties + Optimizer.properties + QueryLimits.properties).sorted {
      $0.name < $1.name
    }
}
