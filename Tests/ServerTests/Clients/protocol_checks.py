"""The protocol itself: both shapes of addresses, tokens, refusals, encodings, headers."""
import base64
import gzip
import json
import threading
import time
import urllib.parse

import lz4.block
import requests
import zstandard

from checks import ENDLESS, MANY, MILLION, PORT, URL, equal, run

TRINO = {"X-Trino-User": "amal", "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME"}
PRESTO = {"X-Presto-User": "amal"}


def post(sql, headers=TRINO, **more):
    return requests.post(URL + "/v1/statement", data=sql.encode(), headers={**headers, **more})


def pages(sql, headers=TRINO, **more):
    answer = post(sql, headers, **more)
    equal(answer.status_code, 200)
    yield answer
    while next_uri := answer.json().get("nextUri"):
        answer = requests.get(next_uri)
        equal(answer.status_code, 200)
        yield answer


def last(sql, headers=TRINO, **more):
    *_, answer = pages(sql, headers, **more)
    return answer


def rows(sql, headers=TRINO, **more):
    return [row for page in pages(sql, headers, **more) for row in page.json().get("data", [])]


def check_first_answer_comes_before_planning():
    answer = post("SELECT 1").json()
    for key in ("id", "infoUri", "nextUri", "stats"):
        assert key in answer, key
    equal(answer["stats"]["state"], "QUEUED")
    assert "columns" not in answer
    parts = answer["id"].split("_")
    equal([len(part) for part in parts], [8, 6, 5, 5])


def check_addresses_have_the_shape_of_the_dialect():
    path = urllib.parse.urlparse(post("SELECT 1").json()["nextUri"]).path.split("/")
    equal(path[1:4], ["v1", "statement", "queued"])
    equal(len(path), 7)
    uri = urllib.parse.urlparse(post("SELECT 1", PRESTO).json()["nextUri"])
    equal(len(uri.path.split("/")), 6)
    assert uri.query.startswith("slug="), uri
    for headers in (TRINO, PRESTO):
        steps = [page.json().get("nextUri", "") for page in pages(MILLION, headers)]
        assert any("/executing/" in step for step in steps), steps


def check_tokens():
    executing = [page.json().get("nextUri", "") for page in pages(MANY)]
    first = next(uri for uri in executing if "/executing/" in uri)
    # every page was fetched
    for uri, status in ((first, 410), (executing[-2], 200), (executing[-2][:-1] + "99", 404), (executing[-2].replace("/x", "/y"), 404)):
        equal(requests.get(uri).status_code, status)
    page = requests.get(executing[-2])
    equal(page.content, requests.get(executing[-2]).content)


def check_a_page_is_repeated_byte_by_byte():
    queued = post(MANY).json()["nextUri"]
    while "/queued/" in queued:
        queued = requests.get(queued).json()["nextUri"]
    one, two = requests.get(queued), requests.get(queued)
    equal(one.content, two.content)
    following = requests.get(one.json()["nextUri"]).json()
    assert following["data"][0] != one.json()["data"][0]
    equal(requests.get(queued).status_code, 410)
    equal(requests.delete(following["nextUri"]).status_code, 204)


def check_refusals():
    equal(requests.post(URL + "/v1/statement", data="SELECT 1").status_code, 401)
    equal(post("").status_code, 400)
    equal(post(" ; \n").status_code, 400)
    equal(requests.get(URL + "/v1/statement", headers=TRINO).status_code, 405)
    equal(requests.get(URL + "/v1/statement/executing/nobody/x/0").status_code, 404)
    equal(requests.get(URL + "/v1/statement/executing/nobody/x/-1").status_code, 404)
    equal(requests.get(URL + "/v1/statement/executing/nobody/x/999999999999999999999").status_code, 404)
    equal(requests.get(URL + "/v1/nothing").status_code, 404)
    equal(post("SELECT 1", **{"X-Trino-Session": "broken"}).status_code, 400)
    equal(requests.head(URL + "/v1/statement", headers=TRINO).status_code, 200)
    equal(requests.head(URL + "/v1/statement").status_code, 401)
    equal(requests.post(URL + "/v1/statement", data=b"x" * (17 << 20), headers=TRINO).status_code, 413)


def check_errors_are_in_the_answer():
    for headers, kind in ((TRINO, "io.trino.spi.TrinoException"), (PRESTO, "com.facebook.presto.spi.PrestoException")):
        answer = last("SELECT 1,\n  nope", headers).json()
        error = answer["error"]
        equal(error["errorName"], "COLUMN_NOT_FOUND")
        equal(error["errorType"], "USER_ERROR")
        equal(error["errorCode"], 47 if headers is TRINO else 50)
        equal(error["errorLocation"], {"lineNumber": 2, "columnNumber": 3})
        equal(error["message"], "line 2:3: Column 'nope' cannot be resolved")
        equal(error["failureInfo"]["message"], error["message"])
        equal(error["failureInfo"]["type"], kind)
        equal(answer["stats"]["state"], "FAILED")
        assert "nextUri" not in answer
    equal(last("SELECT").json()["error"]["errorName"], "SYNTAX_ERROR")
    equal(last("SELECT 1 / 0").json()["error"]["errorName"], "DIVISION_BY_ZERO")


def check_columns_stand_on_every_page_with_rows():
    seen = 0
    for page in pages(MANY):
        answer = page.json()
        if "data" in answer:
            seen += 1
            equal([column["name"] for column in answer["columns"]], ["id", "name", "price", "day"])
    assert seen > 2, seen


def check_rows_are_complete_and_once():
    ids = [row[0] for row in rows(MILLION)]
    equal(len(ids), 1_000_000)
    equal(len(set(ids)), 1_000_000)
    equal((min(ids), max(ids)), (0, 999_999))


def check_small_results_come_in_one_page():
    # the answer to POST, and a page if planning is over by the time it is asked for
    assert len(list(pages("SELECT 1"))) in (2, 3)


def check_cancellation_stops_the_work():
    uri = post(ENDLESS).json()["nextUri"]
    while "/queued/" in uri:
        uri = requests.get(uri).json()["nextUri"]
    query = uri.split("/")[6]
    equal(requests.delete(uri).status_code, 204)
    equal(requests.delete(uri).status_code, 204)
    info = requests.get(f"{URL}/v1/query/{query}").json()
    equal((info["state"], info["errorCode"]["name"]), ("FAILED", "USER_CANCELED"))
    equal(requests.get(uri).json()["error"]["errorName"], "USER_CANCELED")


def check_killing():
    uri = post(ENDLESS).json()["nextUri"]
    query = uri.split("/")[6]
    equal(requests.put(f"{URL}/v1/query/{query}/killed").status_code, 200)
    answer = requests.get(uri).json()
    while "nextUri" in answer:
        answer = requests.get(answer["nextUri"]).json()
    equal(answer["error"]["errorName"], "ADMINISTRATIVELY_KILLED")
    equal(requests.put(f"{URL}/v1/query/{query}/killed").status_code, 409)
    equal(requests.get(f"{URL}/v1/query/nobody").status_code, 410)


def check_two_requests_for_one_page():
    uri = post(MANY).json()["nextUri"]
    while "/queued/" in uri:
        uri = requests.get(uri).json()["nextUri"]
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(requests.get(uri))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal({answer.status_code for answer in answers}, {200})
    equal(len({answer.content for answer in answers}), 1)
    requests.delete(answers[0].json()["nextUri"])


def check_compression():
    uri = post(MANY).json()["nextUri"]
    while "/queued/" in uri:
        uri = requests.get(uri).json()["nextUri"]
    plain = requests.get(uri, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for offer, name in (("gzip, deflate", "gzip"), ("gzip;q=0.5, zstd", "zstd"), ("zstd;q=0, gzip", "gzip"), ("br", None)):
        answer = requests.get(uri, headers={"Accept-Encoding": offer}, stream=True)
        equal(answer.headers.get("Content-Encoding"), name)
        body = answer.raw.read(decode_content=False)
        if name == "gzip":
            equal(gzip.decompress(body), plain.content)
        assert (len(body) < len(plain.content) / 3) == (name is not None)
    requests.delete(plain.json()["nextUri"])


def check_segments():
    for encoding, decode in (("json", None), ("json+lz4, json", lambda body, size: lz4.block.decompress(body, uncompressed_size=size)), ("json+zstd", zstandard.ZstdDecompressor().decompress), ("nonsense, json", None)):
        offset = 0
        kinds = set()
        for page in pages(MILLION, **{"X-Trino-Query-Data-Encoding": encoding}):
            data = page.json().get("data")
            if data is None:
                continue
            equal(data["encoding"], encoding.split(",")[0].replace("nonsense", "json"))
            equal(page.headers["X-Trino-Query-Data-Encoding"], data["encoding"])
            for segment in data["segments"]:
                about = segment["metadata"]
                equal(about["rowOffset"], offset)
                offset += about["rowsCount"]
                kinds.add(segment["type"])
                if segment["type"] == "spooled":
                    body = requests.get(segment["uri"]).content
                    equal(body, requests.get(segment["uri"]).content)
                    equal(requests.get(segment["ackUri"]).status_code, 200)
                    equal(requests.get(segment["uri"]).status_code, 404)
                    equal(requests.get(segment["ackUri"]).status_code, 404)
                else:
                    body = base64.b64decode(segment["data"])
                equal(len(body), about["segmentSize"])
                if "uncompressedSize" in about:
                    body = decode(body, about["uncompressedSize"])
                    equal(len(body), about["uncompressedSize"])
                rows_of_it = json.loads(body)
                equal((len(rows_of_it), rows_of_it[0][0]), (about["rowsCount"], about["rowOffset"]))
        equal(offset, 1_000_000)
        assert "spooled" in kinds, kinds
    equal(last("SELECT 1", **{"X-Trino-Query-Data-Encoding": "json"}).json()["data"]["segments"][0]["type"], "inline")
    equal(last("SELECT 1", **{"X-Trino-Query-Data-Encoding": "nonsense"}).json()["data"], [[1]])
    equal(requests.get(URL + "/v1/spooled/download/guessed").status_code, 404)


def check_segments_of_a_query_that_fails_go():
    answer = post(MILLION + " ORDER BY 1 / (999999 - x * 1000 - y)", **{"X-Trino-Query-Data-Encoding": "json"}).json()
    while "nextUri" in answer:
        answer = requests.get(answer["nextUri"]).json()
    equal(answer["error"]["errorName"], "DIVISION_BY_ZERO")
    # a statement that its client cancels takes its segments along
    answer = post(MILLION, **{"X-Trino-Query-Data-Encoding": "json"}).json()
    spooled = []
    while not spooled:
        answer = requests.get(answer["nextUri"]).json()
        spooled = [segment for segment in answer.get("data", {}).get("segments", []) if segment["type"] == "spooled"]
    equal(requests.get(spooled[0]["uri"]).status_code, 200)
    equal(requests.delete(answer["nextUri"]).status_code, 204)
    deadline = time.time() + 20
    while requests.get(spooled[0]["uri"]).status_code != 404:
        assert time.time() < deadline
        time.sleep(0.01)


def check_ids_that_clients_choose():
    where = f"{URL}/v1/statement/20260101_000000_00001_mine{time.time_ns()}"
    slug = "?slug=x0123456789abcdef0123"

    def put(address, sql="SELECT 7 AS x"):
        return requests.put(address, data=sql, headers=PRESTO)

    answer = put(where + slug)
    equal((answer.status_code, answer.json()["id"]), (200, where.split("/")[-1]))
    assert "slug=x0123456789abcdef0123" in answer.json()["nextUri"], answer.json()
    # sent again, it is the same query
    equal(put(where + slug).json()["nextUri"], answer.json()["nextUri"])
    data, page = [], answer.json()
    while "nextUri" in page:
        page = requests.get(page["nextUri"]).json()
        data += page.get("data", [])
    equal(data, [[7]])
    equal(put(where + "?slug=x9999999999abcdef0123").status_code, 409)
    equal(put(where).status_code, 400)
    equal(put(where + "?slug=short").status_code, 400)
    equal(put(URL + "/v1/statement/Bad-Id" + slug).status_code, 400)


def check_stats():
    last("CREATE TABLE memory.default.counted_stats AS SELECT x * 1000 + y AS x FROM UNNEST(sequence(0, 199)) a (x), UNNEST(sequence(1, 1000)) b (y)")
    sql = "SELECT count(*) FROM memory.default.counted_stats a JOIN memory.default.counted_stats b ON a.x = b.x WHERE a.x * b.x % 7 <> 3"
    for headers in (TRINO, PRESTO):
        stats = last(sql, headers).json()["stats"]
        assert stats["cpuTimeMillis"] > 0 and stats["wallTimeMillis"] > 0 and stats["peakMemoryBytes"] > 0, stats
        equal((stats["processedRows"], stats["progressPercentage"]), (400_000, 100))
        assert stats["totalSplits"] >= 2 and stats["completedSplits"] == stats["totalSplits"], stats
        root = stats["rootStage"]
        equal((root["state"], root["done"], len(root["subStages"])), ("FINISHED", True, 2))
        equal([stage["processedRows"] for stage in root["subStages"]], [200_000, 200_000])
        equal(sum(stage["totalSplits"] for stage in root["subStages"]), stats["totalSplits"])
        assert 0 < root["cpuTimeMillis"] <= stats["cpuTimeMillis"], stats
    seen = set()
    for page in pages(ENDLESS):
        stats = page.json()["stats"]
        seen.add(stats["state"])
        if stats["state"] == "RUNNING" and "rootStage" in stats:
            assert stats["progressPercentage"] < 100 and stats["rootStage"]["state"] == "RUNNING", stats
            equal(requests.delete(page.json()["nextUri"]).status_code, 204)
            break
    assert "RUNNING" in seen
    last("DROP TABLE memory.default.counted_stats")


def check_heartbeats():
    uri = post(MILLION).json()["nextUri"]
    equal(requests.head(uri).status_code, 200)
    equal(requests.head(uri.replace("/x", "/y")).status_code, 404)
    requests.delete(uri)


def check_session_changes():
    for headers, prefix in ((TRINO, "X-Trino-"), (PRESTO, "X-Presto-")):
        equal(last("SET SESSION task_concurrency = 2", headers).headers[prefix + "Set-Session"], "task_concurrency=2")
        equal(last("RESET SESSION task_concurrency", headers).headers[prefix + "Clear-Session"], "task_concurrency")
        answer = last("USE memory.default", headers)
        equal((answer.headers[prefix + "Set-Catalog"], answer.headers[prefix + "Set-Schema"]), ("memory", "default"))
        added = last("PREPARE p FROM SELECT ? + 1", headers).headers[prefix + "Added-Prepare"]
        name, text = added.split("=")
        equal(name, "p")
        assert "?" in urllib.parse.unquote_plus(text)
        equal(rows("EXECUTE p USING 4", headers, **{prefix + "Prepared-Statement": added}), [[5]])
        equal(last("DEALLOCATE PREPARE p", headers, **{prefix + "Prepared-Statement": added}).headers[prefix + "Deallocated-Prepare"], "p")
        equal(last("EXECUTE p", headers).json()["error"]["errorName"], "NOT_FOUND")
        zone = last("SET TIME ZONE 'Africa/Cairo'", headers).headers[prefix + "Set-Session"]
        equal(rows("SELECT current_timezone()", headers, **{prefix + "Session": zone}), [["Africa/Cairo"]])
        equal(rows("SELECT current_timezone()", headers, **{prefix + "Time-Zone": "Asia/Tokyo"}), [["Asia/Tokyo"]])
    equal(last("SELECT 1", **{"X-Trino-Session": "nonsense=1"}).json()["error"]["errorName"], "INVALID_SESSION_PROPERTY")


def check_transactions():
    begun = last("START TRANSACTION", **{"X-Trino-Transaction-Id": "NONE"})
    number = begun.headers["X-Trino-Started-Transaction-Id"]
    equal(rows("SELECT 1", **{"X-Trino-Transaction-Id": number}), [[1]])
    equal(last("START TRANSACTION", **{"X-Trino-Transaction-Id": number}).json()["error"]["errorName"], "NOT_SUPPORTED")
    equal(last("COMMIT", **{"X-Trino-Transaction-Id": number}).headers["X-Trino-Clear-Transaction-Id"], "true")
    equal(last("SELECT 1", **{"X-Trino-Transaction-Id": number}).json()["error"]["errorName"], "UNKNOWN_TRANSACTION")
    equal(last("ROLLBACK", **{"X-Trino-Transaction-Id": "NONE"}).json()["error"]["errorName"], "NOT_IN_TRANSACTION")
    equal(last("START TRANSACTION").json()["error"]["errorName"], "INCOMPATIBLE_CLIENT")


def check_updates():
    answer = last("CREATE TABLE memory.default.counted AS SELECT 1 AS x UNION ALL SELECT 2").json()
    equal((answer["updateType"], answer["updateCount"]), ("CREATE TABLE", 2))
    answer = last("INSERT INTO memory.default.counted VALUES 3").json()
    equal((answer["updateType"], answer["updateCount"], answer["data"]), ("INSERT", 1, [[1]]))
    answer = last("DROP TABLE memory.default.counted").json()
    equal((answer["updateType"], answer["data"], answer["columns"][0]["type"]), ("DROP TABLE", [[True]], "boolean"))


def check_warnings():
    answer = last("SELECT * FROM (SELECT 1 AS x ORDER BY x)").json()
    equal([warning["warningCode"]["name"] for warning in answer["warnings"]], ["REDUNDANT_ORDER_BY"])
    equal(last("SELECT 1").json()["warnings"], [])


def check_times_for_clients_without_precisions():
    plain = {"X-Trino-User": "amal"}
    sql = "SELECT TIMESTAMP '2020-01-02 03:04:05.1239'"
    for headers, kind, value in ((TRINO, "timestamp(4)", "2020-01-02 03:04:05.1239"), (plain, "timestamp", "2020-01-02 03:04:05.124")):
        answer = last(sql, headers).json()
        equal((answer["columns"][0]["type"], answer["data"]), (kind, [[value]]))


def check_links_follow_the_host_that_was_asked():
    uri = post("SELECT 1", **{"Host": "presto.example:1234"}).json()["nextUri"]
    assert uri.startswith("http://presto.example:1234/v1/"), uri
    uri = post("SELECT 1", **{"Host": "presto.example:1234", "X-Forwarded-Host": "evil.example"}).json()["nextUri"]
    assert uri.startswith("http://presto.example:1234/v1/"), uri
    uri = post("SELECT 1", **{"Host": 'a"b/../c'}).json()["nextUri"]
    assert uri.startswith(f"http://127.0.0.1:{PORT}/v1/"), uri


def check_operations():
    info = requests.get(URL + "/v1/info").json()
    equal((info["coordinator"], info["starting"]), (True, False))
    equal(requests.get(URL + "/v1/info/state").json(), "ACTIVE")
    equal(requests.get(URL + "/v1/info/coordinator").status_code, 200)
    equal(requests.put(URL + "/v1/info/state", data='"SHUTTING_DOWN"').status_code, 403)
    assert requests.get(URL + "/v1/status").json()["memoryInfo"]["availableProcessors"] >= 1
    assert "runningQueries" in requests.get(URL + "/v1/cluster").json()
    rows("SELECT 'seen in the list'")
    listed = [query for query in requests.get(URL + "/v1/query").json() if "seen in the list" in query["query"]]
    equal([query["state"] for query in listed], ["FINISHED"])
    assert all(query["state"] == "FAILED" for query in requests.get(URL + "/v1/query?state=failed").json())


def check_metrics():
    def numbers():
        answer = requests.get(URL + "/metrics")
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert answer.text.endswith("# EOF\n")
        return dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))

    # what other checks began may still be ending
    before = numbers()
    while any(float(value) for name, value in before.items() if name.startswith("minipresto_queries{")):
        before = numbers()
    last("SELECT 1")
    last("SELECT nope")
    after = numbers()
    grown = {name: float(after[name]) - float(before[name]) for name in after}
    equal((grown["minipresto_queries_begun_total"], grown["minipresto_queries_finished_total"]), (2, 1))
    equal(grown['minipresto_queries_failed_total{type="USER_ERROR"}'], 1)
    equal(grown['minipresto_query_elapsed_seconds_bucket{le="+Inf"}'], 2)
    assert float(after["minipresto_resident_memory_bytes"]) > 1e6


def check_system_tables():
    equal(rows("SELECT 1 AS marked_for_the_list"), [[1]])
    equal(rows("SELECT state, user, error_code FROM system.runtime.queries WHERE query = 'SELECT 1 AS marked_for_the_list'"), [["FINISHED", "amal", None]])
    equal(rows("SELECT coordinator, state FROM system.runtime.nodes"), [[True, "active"]])
    equal(rows("SELECT catalog_name FROM system.metadata.catalogs ORDER BY 1"), [["files"], ["memory"], ["system"]])
    last("CREATE TABLE memory.default.shown (x bigint, name varchar(10))")
    equal(
        rows("SELECT table_cat, table_schem, table_name, table_type FROM system.jdbc.tables WHERE table_cat = 'memory' AND table_schem LIKE 'default' AND table_name LIKE 'shown' ESCAPE '\\'"),
        [["memory", "default", "shown", "TABLE"]],
    )
    equal(
        rows("SELECT column_name, data_type, type_name, column_size, ordinal_position FROM system.jdbc.columns WHERE table_name = 'shown' ORDER BY ordinal_position"),
        [["x", -5, "bigint", 19, 1], ["name", 12, "varchar(10)", 10, 2]],
    )
    for table in rows("SELECT table_schema, table_name FROM system.information_schema.tables WHERE table_schema <> 'information_schema'"):
        answer = last(f"SELECT * FROM system.{table[0]}.{table[1]}").json()
        assert "error" not in answer, (table, answer.get("error"))
    last("DROP TABLE memory.default.shown")


def check_queries_wait_for_slow_clients_in_bounded_memory():
    uri = post("SELECT a.x, b.y, rpad('', 200, 'z') FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y)").json()["nextUri"]
    for _ in range(5):
        uri = requests.get(uri).json()["nextUri"]
    # the query has met a full buffer by now: what it has yielded stays what it is
    query = f"{URL}/v1/query/{uri.split('/')[6]}"
    seen = -1
    deadline = time.time() + 20
    while time.time() < deadline and seen != (seen := requests.get(query).json()["queryStats"]["outputPositions"]):
        time.sleep(0.2)
    assert 0 < seen < 2_000_000, seen
    equal(requests.delete(uri).status_code, 204)


run(globals())
