"""Runs every function of a module whose name begins with check_, against the server on the port that is the first argument."""
import os
import sys
import threading
import time
import traceback

import requests

PORT = int(sys.argv[1])
URL = f"http://localhost:{PORT}"

# for a minute or so on any machine
ENDLESS = (
    "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y), UNNEST(sequence(1, 1000)) c (z)"
    " WHERE x * y + z % 7 = 3"
)
# three pages or so
MANY = (
    "SELECT x * 1000 + y AS id, cast(x AS varchar) AS name, y * 1.5e0 AS price, DATE '2024-01-01' AS day"
    " FROM UNNEST(sequence(0, 99)) a (x), UNNEST(sequence(0, 999)) b (y)"
)
MILLION = MANY.replace("sequence(0, 99)", "sequence(0, 999)")


def run(names):
    said = []
    for name, check in sorted(names.items()):
        if not name.startswith("check_"):
            continue
        try:
            check()
        except Exception:
            said.append(f"FAILED {name}\n{traceback.format_exc()}")
    # not by print: some clients put their own in the place of the standard streams
    os.write(1, "".join(said or ["all well\n"]).encode())
    # threads of a check that failed must not keep the process
    os._exit(1 if said else 0)


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def cancels(cursor):
    """A cursor of the client `trino` that runs is cancelled, and says so."""
    outcome = []

    def ask():
        try:
            cursor.execute(ENDLESS)
            outcome.append(cursor.fetchall())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not cursor.query_id or requests.get(f"{URL}/v1/query/{cursor.query_id}").json()["state"] != "RUNNING":
        time.sleep(0.01)
    cursor.cancel()
    thread.join(20)
    equal(getattr(outcome[0], "error_name", outcome[0]), "USER_CANCELED")
