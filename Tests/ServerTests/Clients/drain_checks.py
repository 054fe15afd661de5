"""A server told to stop while a client reads a result."""
import requests

from checks import MANY, URL, equal, run

USER = {"X-Trino-User": "amal"}


def check_drain():
    answer = requests.post(URL + "/v1/statement", data=MANY, headers=USER).json()
    equal(requests.put(URL + "/v1/info/state", data='"SHUTTING_DOWN"').status_code, 200)
    equal(requests.get(URL + "/v1/info/state").json(), "SHUTTING_DOWN")
    equal(requests.get(URL + "/v1/info/coordinator").status_code, 404)
    equal(requests.post(URL + "/v1/statement", data="SELECT 1", headers=USER).status_code, 503)
    rows = 0
    while "nextUri" in answer:
        answer = requests.get(answer["nextUri"]).json()
        rows += len(answer.get("data", []))
    equal(rows, 100_000)
    equal(answer["stats"]["state"], "FINISHED")


run(globals())
