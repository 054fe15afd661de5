import Settings

extension SessionProperty where Value == Duration {
  package static let queryMaxQueuedTime = SessionProperty("query_max_queued_time", .forever, "How long a query may wait to run")
  package static let queryMaxPlanningTime = SessionProperty("query_max_planning_time", .forever, "How long planning a query may take")
  package static let queryMaxExecutionTime = SessionProperty(
    "query_max_execution_time", .forever, "How long a query may run, without waiting and planning")
  package static let queryMaxRunTime = SessionProperty("query_max_run_time", .forever, "How long a query may take from its arrival")
  package static let queryMaxCpuTime = SessionProperty("query_max_cpu_time", .forever, "CPU time a query may use")
}

extension SessionProperty where Value == DataSize {
  package static let queryMaxMemory = SessionProperty("query_max_memory", .unlimited, "Memory a query may hold")
  package static let queryMaxTotalMemory = SessionProperty("query_max_total_memory", .unlimited, "Memory a query may hold in all")
  package static let queryMaxMemoryPerNode = SessionProperty("query_max_memory_per_node", .unlimited, "Memory a query may hold on a node")
  package static let queryMaxScanPhysicalBytes = SessionProperty(
    "query_max_scan_physical_bytes", .unlimited, "Bytes a query may read from files and sources")
  package static let queryMaxScanRawInputBytes = SessionProperty(
    "query_max_scan_raw_input_bytes", .unlimited, "Presto's name of query_max_scan_physical_bytes")
  package static let queryMaxRemoteBytes = SessionProperty(
    "query_max_remote_bytes", .unlimited, "Bytes that remote sources may send for a query")
}

extension SessionProperty where Value == Int {
  package static let queryMaxRemoteRows = SessionProperty(
    "query_max_remote_rows", 0, "Rows that remote sources may send for a query; 0: any number")
  package static let queryPriority = SessionProperty("query_priority", 1, "Weight or rank of a query in groups that schedule by it")
}

extension QueryLimits {
  /// What SHOW SESSION lists.
  package static let properties: [AnySessionProperty] = [
    AnySessionProperty(.queryMaxQueuedTime), AnySessionProperty(.queryMaxPlanningTime), AnySessionProperty(.queryMaxExecutionTime),
    AnySessionProperty(.queryMaxRunTime), AnySessionProperty(.queryMaxCpuTime), AnySessionProperty(.queryMaxMemory),
    AnySessionProperty(.queryMaxTotalMemory), AnySessionProperty(.queryMaxMemoryPerNode), AnySessionProperty(.queryMaxScanPhysicalBytes),
    AnySessionProperty(.queryMaxScanRawInputBytes), AnySessionProperty(.queryMaxRemoteBytes), AnySessionProperty(.queryMaxRemoteRows),
    AnySessionProperty(.queryPriority),
  ]
}
