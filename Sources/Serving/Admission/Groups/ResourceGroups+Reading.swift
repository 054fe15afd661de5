import Settings
import Values

/// Presto's `resource-groups.json`. Whatever is wrong is said with the group and the key.
extension ResourceGroups {
  package init(parsing text: String, origin: String) throws {
    let file = try ConfigurationObject(try JSONValue(parsing: text, origin: origin), origin: origin)
    try file.check(keys: ["rootGroups", "selectors", "cpuQuotaPeriod"])
    guard let groups = try file.objects("rootGroups"), !groups.isEmpty else { throw file.failure("'rootGroups' is missing or empty") }
    guard let selectors = try file.objects("selectors"), !selectors.isEmpty else { throw file.failure("'selectors' is missing or empty") }
    cpuQuotaPeriod = try file.value("cpuQuotaPeriod", as: Duration.self, example: "1h")
    if let cpuQuotaPeriod, cpuQuotaPeriod < .seconds(1) { throw file.failure("'cpuQuotaPeriod' must be at least 1s") }
    roots = []
    self.selectors = []
    roots = try ResourceGroups.level(groups, parent: nil, origin: origin, hasQuota: cpuQuotaPeriod != nil)
    self.selectors = try selectors.map { try selector($0) }
  }

  private static func level(_ objects: [ConfigurationObject], parent: String?, origin: String, hasQuota: Bool) throws -> [ResourceGroup] {
    var groups: [ResourceGroup] = []
    for object in objects {
      let group = try ResourceGroups.group(object, parent: parent, origin: origin, hasQuota: hasQuota)
      if groups.contains(where: { $0.name == group.name }) {
        throw object.failure("there are two groups '\(parent.map { $0 + "." } ?? "")\(group.name)'")
      }
      groups.append(group)
    }
    return groups
  }

  private static func group(_ unnamed: ConfigurationObject, parent: String?, origin: String, hasQuota: Bool) throws -> ResourceGroup {
    guard let name = try unnamed.text("name"), !name.isEmpty else { throw unnamed.failure("'name' is missing") }
    let path = (parent.map { $0 + "." } ?? "") + name
    let object = try unnamed.named("\(origin): group '\(path)'")
    try object.check(keys: [
      "name", "hardConcurrencyLimit", "maxRunning", "softConcurrencyLimit", "maxQueued", "softMemoryLimit", "softCpuLimit", "hardCpuLimit",
      "schedulingPolicy", "schedulingWeight", "jmxExport", "perQueryLimits", "subGroups",
    ])
    if GroupTemplate.variables(name) == nil { throw object.failure("'name' has a '${' without '}'") }
    if name.contains(".") && !name.contains("$") { throw object.failure("'name' cannot contain a '.'") }
    // maxRunning is the old name
    guard let hard = try object.integer("hardConcurrencyLimit", in: 0...Int.max) ?? object.integer("maxRunning", in: 0...Int.max) else {
      throw object.failure("'hardConcurrencyLimit' is missing")
    }
    guard let queued = try object.integer("maxQueued", in: 0...Int.max) else { throw object.failure("'maxQueued' is missing") }
    var group = ResourceGroup(name: name, hardConcurrencyLimit: hard, maxQueued: queued)
    group.softConcurrencyLimit = try object.integer("softConcurrencyLimit", in: 0...Int.max)
    if let soft = group.softConcurrencyLimit, soft > hard {
      throw object.failure("'softConcurrencyLimit' (\(soft)) must not be more than 'hardConcurrencyLimit' (\(hard))")
    }
    group.softMemoryLimit = try memory(object)
    group.softCpuLimit = try object.value("softCpuLimit", as: Duration.self, example: "1h")
    group.hardCpuLimit = try object.value("hardCpuLimit", as: Duration.self, example: "1h")
    if group.softCpuLimit != nil || group.hardCpuLimit != nil, !hasQuota {
      throw object.failure("'softCpuLimit' and 'hardCpuLimit' need 'cpuQuotaPeriod' beside 'rootGroups'")
    }
    if let soft = group.softCpuLimit, let hard = group.hardCpuLimit, soft > hard {
      throw object.failure("'softCpuLimit' must not be more than 'hardCpuLimit'")
    }
    group.schedulingPolicy = try object.choice("schedulingPolicy", of: SchedulingPolicy.self) ?? .fair
    group.schedulingWeight = try object.integer("schedulingWeight", in: 1...Int(Int32.max)) ?? 1
    group.jmxExport = try object.boolean("jmxExport") ?? false
    group.perQueryLimits = try object.object("perQueryLimits").map(perQueryLimits)
    group.subGroups = try level(object.objects("subGroups") ?? [], parent: path, origin: origin, hasQuota: hasQuota)
    try check(group, object)
    return group
  }

  private static func check(_ group: ResourceGroup, _ object: ConfigurationObject) throws {
    let weighted = group.schedulingPolicy == .weighted || group.schedulingPolicy == .weightedFair
    let declared = try (object.objects("subGroups") ?? []).filter { $0.has("schedulingWeight") }.count
    if declared > 0, !weighted {
      throw object.failure("'schedulingWeight' of sub-groups needs 'schedulingPolicy' weighted or weighted_fair here")
    }
    if declared > 0, declared < group.subGroups.count {
      throw object.failure("'schedulingWeight' must be given for all sub-groups or for none")
    }
    if group.schedulingPolicy == .queryPriority,
      let other = group.subGroups.first(where: { $0.schedulingPolicy != .queryPriority })
    {
      throw object.failure(
        "'schedulingPolicy' query_priority needs the same in all sub-groups, but '\(other.name)' has \(other.schedulingPolicy.rawValue)")
    }
  }

  private static func memory(_ object: ConfigurationObject) throws -> ResourceGroup.MemoryLimit? {
    guard let text = try object.text("softMemoryLimit") else { return nil }
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) { return .fraction(percent / 100) }
    if !text.isEmpty, let size = DataSize(propertyText: text) { return .bytes(size.bytes) }
    throw object.failure("'softMemoryLimit' cannot be '\(text)'; write it like 10% or 10GB")
  }

  private static func perQueryLimits(_ object: ConfigurationObject) throws -> ResourceGroup.PerQueryLimits {
    try object.check(keys: ["executionTimeLimit", "totalMemoryLimit", "cpuTimeLimit"])
    return ResourceGroup.PerQueryLimits(
      executionTime: try object.value("executionTimeLimit", as: Duration.self, example: "1h"),
      totalMemory: try object.value("totalMemoryLimit", as: DataSize.self, example: "10GB"),
      cpuTime: try object.value("cpuTimeLimit", as: Duration.self, example: "1h"))
  }

  // MARK: Selectors

  private func selector(_ object: ConfigurationObject) throws -> QuerySelector {
    try object.check(keys: ["user", "source", "clientInfo", "schema", "userGroup", "queryType", "clientTags", "sessionProperties", "group"])
    guard let name = try object.text("group") else { throw object.failure("'group' is missing") }
    let path = ResourceGroups.path(name)
    guard let target = group(at: path) else { throw object.failure("'group' names '\(name)', which is not among 'rootGroups'") }
    if !target.subGroups.isEmpty { throw object.failure("'group' names '\(name)', which has sub-groups; queries wait in leaves only") }
    var selector = QuerySelector(group: path)
    selector.user = try object.pattern("user")
    selector.source = try object.pattern("source")
    selector.clientInfo = try object.pattern("clientInfo")
    selector.schema = try object.pattern("schema")
    selector.userGroup = try object.pattern("userGroup")
    selector.queryType = try object.choice("queryType", of: QueryType.self)
    selector.clientTags = Set(try object.texts("clientTags") ?? [])
    for property in try object.object("sessionProperties").map({ try $0.patterns() }) ?? [] {
      selector.sessionProperties[property.key] = property.pattern
    }
    for segment in path {
      for variable in GroupTemplate.variables(segment) ?? [] where !selector.knownVariables.contains(variable) {
        throw object.failure("'group' uses ${\(variable)}, which is neither USER, SOURCE, SCHEMA nor a named group of 'user' or 'source'")
      }
    }
    return selector
  }

  /// Dots separate names, but not inside of `${…}`.
  static func path(_ text: String) -> [String] {
    var segments = [""]
    var isInVariable = false
    for character in text {
      if character == "." && !isInVariable { segments.append("") } else { segments[segments.count - 1].append(character) }
      if character == "{" { isInVariable = true }
      if character == "}" { isInVariable = false }
    }
    return segments
  }
}

extension ConfigurationObject {
  /// An object whose values are all patterns.
  fileprivate func patterns() throws -> [(key: String, pattern: TextPattern)] {
    try keys.compactMap { key in try pattern(key).map { (key, $0) } }
  }
}
