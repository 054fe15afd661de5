extension Syntax {
  /// One statement, without its semicolon. The payloads stand in `Statements+….swift`, by family.
  public indirect enum Statement: Node {
    /// `SELECT …`, `VALUES …`, `TABLE t`, `WITH …`
    case query(Query)

    /// `EXPLAIN …`
    case explain(Explain)
    /// `SHOW …`
    case show(Show)
    /// `DESCRIBE t`, `DESC t` is `.show(.columns)`. `DESCRIBE INPUT name`
    case describeInput(PreparedName)
    /// `DESCRIBE OUTPUT name`, `DESCRIBE OUTPUT (query)`
    case describeOutput(DescribeOutput)

    /// `USE [catalog.]schema`
    case use(Use)
    /// `SET SESSION name = value`
    case setSession(SessionAssignment)
    /// `RESET SESSION name`
    case resetSession(ResetSession)
    /// `SET SESSION AUTHORIZATION user`; `RESET SESSION AUTHORIZATION` has no user
    case sessionAuthorization(SessionAuthorization)
    /// `SET TIME ZONE zone | LOCAL`
    case setTimeZone(SetTimeZone)
    /// `SET ROLE …`
    case setRole(SetRole)
    /// `SET PATH …`
    case setPath(SetPath)

    /// `PREPARE name FROM statement`
    case prepare(Prepare)
    /// `EXECUTE name [USING …]`
    case execute(Execute)
    /// `EXECUTE IMMEDIATE 'text' [USING …]`
    case executeImmediate(ExecuteImmediate)
    /// `DEALLOCATE PREPARE name`
    case deallocate(PreparedName)

    /// `INSERT INTO t …`
    case insert(Insert)
    /// `DELETE FROM t …`
    case delete(Delete)
    /// `UPDATE t SET …`
    case update(Update)
    /// `MERGE INTO t …`
    case merge(Merge)
    /// `TRUNCATE TABLE t`
    case truncate(Truncate)

    /// `CREATE TABLE t (…)`
    case createTable(CreateTable)
    /// `CREATE TABLE t AS query`
    case createTableAs(CreateTableAs)
    /// `CREATE VIEW v AS query`
    case createView(CreateView)
    /// `CREATE MATERIALIZED VIEW v AS query`
    case createMaterializedView(CreateMaterializedView)
    /// `REFRESH MATERIALIZED VIEW v`
    case refreshMaterializedView(RefreshMaterializedView)
    /// `CREATE SCHEMA s`
    case createSchema(CreateSchema)
    /// `CREATE CATALOG c USING connector`
    case createCatalog(CreateCatalog)
    /// `CREATE FUNCTION f (…) RETURNS T RETURN e`
    case createFunction(CreateFunction)
    /// `ALTER FUNCTION f CALLED ON NULL INPUT`
    case alterFunction(AlterFunction)
    /// `DROP FUNCTION f`
    case dropFunction(DropFunction)
    /// `CREATE BRANCH b IN TABLE t`
    case createBranch(CreateBranch)
    /// `DROP BRANCH b IN TABLE t`
    case dropBranch(DropBranch)
    /// `ALTER BRANCH a IN TABLE t FAST FORWARD TO b`
    case fastForwardBranch(FastForwardBranch)

    /// `DROP TABLE | VIEW | MATERIALIZED VIEW | SCHEMA | CATALOG name`
    case drop(Drop)
    /// `ALTER TABLE | VIEW | MATERIALIZED VIEW | SCHEMA name RENAME TO name`
    case rename(Rename)
    /// `ALTER … SET AUTHORIZATION …`
    case setAuthorization(SetAuthorization)
    /// `ALTER TABLE | MATERIALIZED VIEW name SET PROPERTIES …`
    case setProperties(SetProperties)
    /// `ALTER TABLE t ADD COLUMN …`
    case addColumn(AddColumn)
    /// `ALTER TABLE t DROP COLUMN …`
    case dropColumn(DropColumn)
    /// `ALTER TABLE t RENAME COLUMN …`
    case renameColumn(RenameColumn)
    /// `ALTER TABLE t ALTER COLUMN …`
    case alterColumn(AlterColumn)
    /// `ALTER TABLE | MATERIALIZED VIEW t EXECUTE procedure …`
    case executeProcedure(ExecuteProcedure)
    /// `COMMENT ON … IS …`
    case comment(Comment)

    /// `CALL procedure(…)`
    case call(Call)
    /// `ANALYZE t`
    case analyze(Analyze)
    /// `KILL QUERY 'id'`
    case killQuery(KillQuery)

    /// `START TRANSACTION …`
    case startTransaction(StartTransaction)
    /// `COMMIT [WORK]`
    case commit(Place)
    /// `ROLLBACK [WORK]`
    case rollback(Place)

    /// `CREATE ROLE r`
    case createRole(CreateRole)
    /// `DROP ROLE r`
    case dropRole(DropRole)
    /// `GRANT privileges ON …`, `DENY …`, `REVOKE …`
    case privileges(ChangePrivileges)
    /// `GRANT roles TO …`, `REVOKE roles FROM …`
    case roles(ChangeRoles)
  }
}

extension Syntax.Statement {
  public var place: Syntax.Place {
    switch self {
    case .query(let node): node.place
    case .explain(let node): node.place
    case .show(let node): node.place
    case .describeInput(let node), .deallocate(let node): node.place
    case .describeOutput(let node): node.place
    case .use(let node): node.place
    case .setSession(let node): node.place
    case .resetSession(let node): node.place
    case .sessionAuthorization(let node): node.place
    case .setTimeZone(let node): node.place
    case .setRole(let node): node.place
    case .setPath(let node): node.place
    case .prepare(let node): node.place
    case .execute(let node): node.place
    case .executeImmediate(let node): node.place
    case .insert(let node): node.place
    case .delete(let node): node.place
    case .update(let node): node.place
    case .merge(let node): node.place
    case .truncate(let node): node.place
    case .createTable(let node): node.place
    case .createTableAs(let node): node.place
    case .createView(let node): node.place
    case .createMaterializedView(let node): node.place
    case .refreshMaterializedView(let node): node.place
    case .createSchema(let node): node.place
    case .createCatalog(let node): node.place
    case .createFunction(let node): node.place
    case .alterFunction(let node): node.place
    case .dropFunction(let node): node.place
    case .createBranch(let node): node.place
    case .dropBranch(let node): node.place
    case .fastForwardBranch(let node): node.place
    case .drop(let node): node.place
    case .rename(let node): node.place
    case .setAuthorization(let node): node.place
    case .setProperties(let node): node.place
    case .addColumn(let node): node.place
    case .dropColumn(let node): node.place
    case .renameColumn(let node): node.place
    case .alterColumn(let node): node.place
    case .executeProcedure(let node): node.place
    case .comment(let node): node.place
    case .call(let node): node.place
    case .analyze(let node): node.place
    case .killQuery(let node): node.place
    case .startTransaction(let node): node.place
    case .commit(let place), .rollback(let place): place
    case .createRole(let node): node.place
    case .dropRole(let node): node.place
    case .privileges(let node): node.place
    case .roles(let node): node.place
    }
  }
}
