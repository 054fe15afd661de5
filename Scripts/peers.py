"""DuckDB as the peer that tests and benchmarks compare with: one connection over the same sources that minipresto reads."""

from pathlib import Path

import duckdb

TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]


def connect(threads=2):
    """A DuckDB in memory with both scanners, whose files lie inside their PyPI packages, so that nothing is fetched."""
    import duckdb_extension_postgres_scanner as postgres_scanner
    import duckdb_extension_sqlite_scanner as sqlite_scanner

    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET TimeZone = 'UTC'")
    for package in (postgres_scanner, sqlite_scanner):
        folder = Path(package.__file__).parent / "extensions" / f"v{duckdb.__version__}"
        for extension in sorted(folder.glob("*.duckdb_extension")):
            connection.execute(f"LOAD '{extension}'")
    return connection


def attach_postgres(connection, url, database, name="pg"):
    """Attaches one database of a cluster. `url` ends with a slash, as Scripts/postgres prints it."""
    connection.execute(f"ATTACH '{url}{database}' AS {name} (TYPE postgres)")


def attach_sqlite(connection, path, name="sq"):
    connection.execute(f"ATTACH '{path}' AS {name} (TYPE sqlite)")
