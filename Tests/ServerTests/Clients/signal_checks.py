"""The command told to end by SIGTERM while clients are at work. Its path is the argument."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading

import requests

USER = {"X-Trino-User": "amal"}
# three pages or so, each of which the client asks for
MANY = (
    "SELECT x * 1000 + y AS id, cast(x AS varchar) AS name, y * 1.5e0 AS price, DATE '2024-01-01' AS day"
    " FROM UNNEST(sequence(0, 99)) a (x), UNNEST(sequence(0, 999)) b (y)"
)
SLOW = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 600)) b (y) WHERE x * y % 7 = 3"


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def all_rows(answer):
    rows = []
    while "nextUri" in answer:
        answer = requests.get(answer["nextUri"]).json()
        rows += answer.get("data", [])
    assert "error" not in answer, answer["error"]
    equal(answer["stats"]["state"], "FINISHED")
    return rows


with tempfile.TemporaryDirectory() as folder:
    server = subprocess.Popen([sys.argv[1], "server", "--port", "0", "--threads", "2"], cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        port = re.search(r"listens on http://[^:]+:(\d+)", server.stderr.readline()).group(1)
        url = f"http://localhost:{port}"
        reading = requests.post(url + "/v1/statement", data=MANY, headers=USER).json()
        running = requests.post(url + "/v1/statement", data=SLOW, headers=USER).json()
        # both run, neither has been read
        while requests.get(f"{url}/v1/query/{running['id']}").json()["state"] != "RUNNING":
            pass
        server.send_signal(signal.SIGTERM)
        while requests.get(url + "/v1/info/state").json() != "SHUTTING_DOWN":
            pass
        equal(requests.get(url + "/v1/info/coordinator").status_code, 404)
        refused = requests.post(url + "/v1/statement", data="SELECT 1", headers=USER)
        equal((refused.status_code, refused.text), (503, "The server is shutting down"))
        equal(requests.put(url + "/v1/statement/20260101_000000_00001_chosen?slug=x0123456789abcdef0123", data="SELECT 1", headers={"X-Presto-User": "amal"}).status_code, 503)
        answers = []
        readers = [threading.Thread(target=lambda answer=answer: answers.append(all_rows(answer))) for answer in (reading, running)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(60)
        equal(sorted(len(rows) for rows in answers), [1, 100_000])
        equal(server.wait(30), 0)
        try:
            requests.get(url + "/v1/info")
            assert False, "it still listens"
        except requests.ConnectionError:
            pass
    finally:
        server.kill()
print("all well")
