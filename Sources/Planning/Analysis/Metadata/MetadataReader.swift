import Federation
import SQL
import Values

/// Asks catalogs and the view store for the relations a statement names: the only part of analysis that suspends.
struct MetadataReader: Sendable {
  let catalogs: [String: Catalog]
  let views: any ViewResolver
  let access: Access

  /// Everything `requests` names, and everything the views among it name.
  func read(_ requests: MetadataRequests) async -> Metadata {
    var metadata = Metadata()
    var wanted = requests.keys
    while !wanted.isEmpty {
      var further = MetadataRequests(parameters: [])
      for (key, result) in await answers(wanted) {
        metadata.relations[key] = result
        switch result {
        case .success(.view(let view, let policy)):
          further.collect(view.query, NameDefaults(catalog: view.catalog, schema: view.schema))
          for expression in policy.expressions { further.collect(expression, policy.defaults, []) }
        case .success(.table(let table)):
          for expression in table.policy.expressions { further.collect(expression, table.policy.defaults, []) }
        case .success(.rows), .failure: break
        }
      }
      wanted = further.keys.filter { metadata.relations[$0.key] == nil }
    }
    return metadata
  }

  private func answers(_ wanted: [RelationKey: MetadataFilter]) async -> [(RelationKey, Result<RelationSource, PrestoError>)] {
    if wanted.count == 1, let (key, filter) = wanted.first { return [(key, await answer(key, filter))] }
    return await withTaskGroup(of: (RelationKey, Result<RelationSource, PrestoError>).self) { group in
      for (key, filter) in wanted { group.addTask { (key, await answer(key, filter)) } }
      var answers: [(RelationKey, Result<RelationSource, PrestoError>)] = []
      for await answer in group { answers.append(answer) }
      return answers
    }
  }

  private func answer(_ key: RelationKey, _ filter: MetadataFilter) async -> Result<RelationSource, PrestoError> {
    do {
      switch key {
      case .table(let name): return .success(try await relation(name, filter))
      case .file(let path): return .success(.table(try await file(path)))
      case .remoteQuery(let catalog, let text): return .success(.table(try await remoteQuery(catalog, text)))
      }
    } catch { return .failure(PrestoError(error)) }
  }

  private func relation(_ name: ObjectName, _ filter: MetadataFilter) async throws -> RelationSource {
    let catalog = try catalog(name.catalog)
    if name.schema == InformationSchema.name {
      return .rows(try await InformationSchema(catalog: catalog, views: views, filter: filter, access: access).rows(of: name))
    }
    if let view = try await views.view(name) { return .view(view, try policy(of: name)) }
    guard let handle = try await catalog.table(TableName(schema: name.schema, table: name.name)) else {
      throw await missing(name, in: catalog)
    }
    return .table(
      SourceTable(catalog: name.catalog, handle: handle, columns: try await catalog.columns(of: handle), policy: try policy(of: name)))
  }

  private func policy(of name: ObjectName) throws -> TablePolicy { try TablePolicy(access.view(of: name), of: name) }

  private func file(_ path: String) async throws -> SourceTable {
    guard let catalog = catalogs["files"] else {
      throw PrestoError(.notSupported, "Cannot read '\(path)': there is no catalog named 'files' to read files with")
    }
    guard let handle = try await catalog.table(forPath: path) else { throw PrestoError(.tableNotFound, "File '\(path)' does not exist") }
    return SourceTable(
      catalog: catalog.name, handle: handle, columns: try await catalog.columns(of: handle),
      policy: try policy(of: AccessRequest.name(ofFile: path)))
  }

  private func remoteQuery(_ name: String, _ text: String) async throws -> SourceTable {
    let catalog = try catalog(name)
    guard let handle = try await catalog.table(forQuery: text) else {
      throw PrestoError(.notSupported, "Catalog '\(name)' has no query language of its own")
    }
    return SourceTable(catalog: name, handle: handle, columns: try await catalog.columns(of: handle))
  }

  func catalog(_ name: String) throws -> Catalog {
    if let catalog = catalogs[name] { return catalog }
    throw PrestoError(
      .catalogNotFound, "Catalog '\(name)' does not exist",
      hint: NearestName.find(name, among: access.visible(catalogs: catalogs.keys.sorted())).map { "Did you mean '\($0)'?" })
  }

  /// Says what exactly is missing, and what may have been meant.
  private func missing(_ name: ObjectName, in catalog: Catalog) async -> PrestoError {
    guard let known = try? await catalog.schemas() else { return PrestoError(.tableNotFound, "Table '\(name)' does not exist") }
    let schemas = access.visible(schemas: known, in: catalog.name)
    guard schemas.contains(where: { $0.lowercased() == name.schema }) else {
      let near = NearestName.find(name.schema, among: schemas).map { "Did you mean '\($0)'?" }
      let isCatalog = catalogs[name.schema] != nil ? "'\(name.schema)' is a catalog: write catalog.schema.table" : nil
      return PrestoError(.schemaNotFound, "Schema '\(name.schema)' does not exist", hint: isCatalog ?? near)
    }
    let tables = ((try? await catalog.tables(in: name.schema)) ?? []).filter {
      access.allows(.seeTable(ObjectName(catalog: catalog.name, schema: name.schema, name: $0.table.lowercased())))
    }
    return PrestoError(
      .tableNotFound, "Table '\(name)' does not exist",
      hint: NearestName.find(name.name, among: tables.map(\.table)).map { "Did you mean '\($0)'?" })
  }
}
