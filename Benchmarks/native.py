"""A source asked directly, as its own client would: what answering a whole query there costs without minipresto between.

PostgreSQL's rows come through libpq in texts (PQexec), SQLite's through Python's sqlite3 (fetchall); all of them, counted.
"""

import ctypes
import ctypes.util
import re
import sqlite3
import time


class PostgreSQL:
    def __init__(self, url, database):
        library = ctypes.CDLL(ctypes.util.find_library("pq"))
        self.library = library
        for name in ("PQconnectdb", "PQexec"):
            getattr(library, name).restype = ctypes.c_void_p
        for name in ("PQerrorMessage", "PQresultErrorMessage", "PQparameterStatus"):
            getattr(library, name).restype = ctypes.c_char_p
        self.connection = ctypes.c_void_p(library.PQconnectdb((url + database).encode()))
        if library.PQstatus(self.connection) != 0:
            raise SystemExit(library.PQerrorMessage(self.connection).decode())
        self.version = library.PQparameterStatus(self.connection, b"server_version").decode().split()[0]

    def text(self, sql):
        return re.sub(r"\bpg\.(?=[a-z])", "", sql)

    def run(self, sql):
        """Seconds, rows, and what went wrong."""
        began = time.perf_counter()
        result = ctypes.c_void_p(self.library.PQexec(self.connection, sql.encode()))
        seconds = time.perf_counter() - began
        try:
            if self.library.PQresultStatus(result) != 2:
                return None, 0, self.library.PQresultErrorMessage(result).decode()
            return seconds, self.library.PQntuples(result), None
        finally:
            self.library.PQclear(result)


class SQLite:
    version = sqlite3.sqlite_version

    def __init__(self, path):
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def text(self, sql):
        """Dates are texts there."""
        return re.sub(r"\bDATE (?=')", "", re.sub(r"\bsq\.(?=[a-z])", "", sql))

    def run(self, sql):
        began = time.perf_counter()
        try:
            rows = len(self.connection.execute(sql).fetchall())
        except sqlite3.Error as error:
            return None, 0, str(error)
        return time.perf_counter() - began, rows, None
