"""ClickHouse or Spark over the sources that minipresto reads in place, as a process that answers lines of JSON like peer.py's:
federated.py chdb|spark THREADS SOURCES TABLES

SOURCES is a JSON object: `lake`, a folder of Parquet files; `pg`, a URL; `sq`, a file. TABLES are rows [name, source, table]. SQLite keeps dates as
texts, which both engines are told to see as dates.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peer import Engine, answer

# Where Debian's packages libpostgresql-jdbc-java and libxerial-sqlite-jdbc-java put them.
DRIVERS = [Path("/usr/share/java") / name for name in ("postgresql.jar", "sqlite-jdbc.jar")]


def dates(path, table):
    """Columns of a SQLite table that are declared as dates."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[2] == "DATE"]


class ClickHouse(Engine):
    def __init__(self, threads, sources, tables):
        from chdb import session

        self.session = session.Session()
        self.session.query(f"SET max_threads = {threads}; SET join_use_nulls = 1; SET session_timezone = 'UTC'")
        for name, source, table in tables:
            self.session.query(f"CREATE VIEW {name} AS SELECT {self.read(sources, source, table)}")

    @staticmethod
    def read(sources, source, table):
        if source == "lake":
            return f"* FROM file('{sources['lake']}/{table}.parquet', Parquet)"
        if source == "pg":
            url = urlsplit(sources["pg"])
            return f"* FROM postgresql('{url.hostname}:{url.port}', '{url.path[1:]}', '{table}', '{url.username}', '{unquote(url.password)}')"
        seen = ", ".join(f"toDate32({column}) AS {column}" for column in dates(sources["sq"], table))
        return f"*{f' REPLACE ({seen})' if seen else ''} FROM sqlite('{sources['sq']}', '{table}')"

    def table(self, sql):
        import pyarrow

        return pyarrow.ipc.open_file(pyarrow.py_buffer(self.session.query(sql, "Arrow").bytes())).read_all()


class Spark(Engine):
    def __init__(self, threads, sources, tables):
        from pyspark.sql import SparkSession

        missing = [path.name for path in DRIVERS if not path.exists()]
        if missing:
            raise SystemExit(f"{', '.join(missing)} of Debian's JDBC drivers is not installed")
        builder = SparkSession.builder.master(f"local[{threads}]").config("spark.jars", ",".join(map(str, DRIVERS)))
        settings = {
            "spark.driver.memory": "6g", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC", "spark.log.level": "OFF",
            "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": str(2 * threads),
            "spark.sql.ansi.enabled": "false",
        }
        for key, value in settings.items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        for name, source, table in tables:
            self.read(sources, source, table).createOrReplaceTempView(name)

    def read(self, sources, source, table):
        if source == "lake":
            return self.session.read.parquet(f"{sources['lake']}/{table}.parquet")
        if source == "pg":
            url = urlsplit(sources["pg"])
            properties = {"user": url.username, "password": unquote(url.password), "driver": "org.postgresql.Driver", "fetchsize": "10000"}
            return self.session.read.jdbc(f"jdbc:postgresql://{url.hostname}:{url.port}{url.path}", table, properties=properties)
        properties = {"driver": "org.sqlite.JDBC", "date_string_format": "yyyy-MM-dd"}
        found = dates(sources["sq"], table)
        if found:
            properties["customSchema"] = ", ".join(f"{column} STRING" for column in found)
        frame = self.session.read.jdbc(f"jdbc:sqlite:{sources['sq']}", table, properties=properties)
        return frame.withColumns({column: frame[column].cast("date") for column in found}) if found else frame

    def table(self, sql):
        return self.session.sql(sql).collect()


def main():
    # Java and Spark print to the standard output, which is for answers.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    engine = {"chdb": ClickHouse, "spark": Spark}[sys.argv[1]](int(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4]))
    for line in sys.stdin:
        print(json.dumps(answer(engine, json.loads(line))), file=replies, flush=True)


if __name__ == "__main__":
    main()
