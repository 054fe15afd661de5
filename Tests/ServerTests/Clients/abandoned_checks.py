"""A client that begins a query and is never heard of again. The server gives it a fifth of a second."""
import time

import requests

from checks import ENDLESS, URL, equal, run


def check_query_ends():
    answer = requests.post(URL + "/v1/statement", data="/* abandoned */ " + ENDLESS, headers={"X-Trino-User": "amal"}).json()
    query = f"{URL}/v1/query/{answer['id']}"
    deadline = time.time() + 30
    while requests.get(query).json()["state"] != "FAILED" and time.time() < deadline:
        time.sleep(0.05)
    equal(requests.get(query).json()["errorCode"]["name"], "ABANDONED_QUERY")
    # who comes back is told so
    equal(requests.get(answer["nextUri"]).json()["error"]["errorName"], "ABANDONED_QUERY")


run(globals())
