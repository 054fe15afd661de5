"""SQLAlchemy's dialects of both clients, and pandas over them: what notebooks and dashboards list before they ask."""
import pandas
import sqlalchemy
from sqlalchemy import inspect, text

from checks import MANY, PORT, equal, run


def trino():
    return sqlalchemy.create_engine(f"trino://amal@localhost:{PORT}/memory/default")


def presto():
    return sqlalchemy.create_engine(f"presto://amal@localhost:{PORT}/memory/default")


def prepare():
    with trino().connect() as connection:
        connection.execute(text("DROP TABLE IF EXISTS items"))
        connection.execute(text("CREATE TABLE items AS SELECT 1 AS id, CAST('a' AS varchar(5)) AS name, DECIMAL '1.50' AS price"))
        connection.execute(text("CREATE OR REPLACE VIEW item_names AS SELECT name FROM items"))


def check_trino_dialect():
    prepare()
    inspector = inspect(trino())
    assert "memory" in trino().dialect.get_catalog_names(trino().connect())
    assert "default" in inspector.get_schema_names()
    assert "items" in inspector.get_table_names()
    equal(inspector.get_view_names(), ["item_names"])
    equal(inspector.has_table("items"), True)
    equal(inspector.has_table("nothing"), False)
    equal([(column["name"], str(column["type"])) for column in inspector.get_columns("items")], [("id", "INTEGER"), ("name", "VARCHAR(5)"), ("price", "DECIMAL(3, 2)")])
    assert "name" in inspector.get_view_definition("item_names")
    equal(inspector.get_indexes("items"), [])
    equal(inspector.get_table_comment("items"), {"text": None})


def check_trino_tables_and_parameters():
    prepare()
    items = sqlalchemy.Table("items", sqlalchemy.MetaData(), autoload_with=trino())
    with trino().connect() as connection:
        equal([tuple(row) for row in connection.execute(sqlalchemy.select(items.c.name).where(items.c.id == 1))], [("a",)])
        equal(connection.execute(text("SELECT :x + 1"), {"x": 4}).scalar(), 5)


def check_pyhive_dialect():
    prepare()
    inspector = inspect(presto())
    assert "default" in inspector.get_schema_names()
    assert "items" in inspector.get_table_names()
    equal(inspector.has_table("items"), True)
    equal(inspector.has_table("nothing"), False)
    equal([column["name"] for column in inspector.get_columns("items")], ["id", "name", "price"])


def check_pandas():
    with trino().connect() as connection:
        frame = pandas.read_sql(text(MANY), connection)
    equal((len(frame), list(frame.columns)), (100_000, ["id", "name", "price", "day"]))
    equal(str(frame["price"].dtype), "float64")


run(globals())
