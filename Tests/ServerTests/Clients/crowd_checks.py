"""Who sends statements and fetches nothing must not keep others out. The server takes ten at once, and keeps a place for a tenth of a second."""
import time

import requests

from checks import URL, equal, run

USER = {"X-Trino-User": "amal"}


def check_others_get_a_place():
    for _ in range(10):
        equal(requests.post(URL + "/v1/statement", data="SELECT 1", headers=USER).status_code, 200)
    deadline = time.time() + 20
    while (answer := requests.post(URL + "/v1/statement", data="SELECT 2", headers=USER)).status_code == 429:
        assert time.time() < deadline
        time.sleep(0.02)
    answer, rows = answer.json(), []
    while "nextUri" in answer:
        answer = requests.get(answer["nextUri"]).json()
        rows += answer.get("data", [])
    equal(rows, [[2]])


run(globals())
