"""Who comes in over HTTPS, as whom, and what access rules and resource groups make of it. Arguments: ports of HTTP and HTTPS, folder of the keys."""
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time

import requests
import trino
from trino.auth import BasicAuthentication, CertificateAuthentication, JWTAuthentication

from checks import ENDLESS, URL, equal, run

SECURE, FOLDER = int(sys.argv[2]), sys.argv[3]
HTTPS = f"https://localhost:{SECURE}"
AUTHORITY = FOLDER + "/ca.pem"
# requests prefers these to what a session of its own is told
for name in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]:
    os.environ.pop(name, None)


def password(user, word="secret"):
    return BasicAuthentication(user, word)


def connect(user, auth, **more):
    return trino.dbapi.connect(
        host="localhost", port=SECURE, http_scheme="https", user=user, auth=auth, verify=AUTHORITY, catalog="memory", schema="shop",
        max_attempts=1, request_timeout=300, **more)


def rows(sql, user="ana", auth=None, **more):
    with connect(user, auth or password(user), **more) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]


def refusal(sql, user="ana", auth=None, **more):
    try:
        rows(sql, user, auth, **more)
    except trino.exceptions.TrinoUserError as error:
        return f"{error.error_name}: {error.message}"
    except (trino.exceptions.Error, trino.exceptions.HttpError) as error:
        return str(error)
    return "no error"


def token(claims, key=b"k" * 32):
    def coded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    text = coded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + coded(json.dumps(claims).encode())
    return (text + b"." + coded(hmac.new(key, text, hashlib.sha256).digest())).decode()


def setup():
    for sql in [
        "CREATE SCHEMA memory.shop", "CREATE SCHEMA memory.vault", "CREATE SCHEMA hidden.deep",
        "CREATE TABLE people (name varchar, country varchar, phone varchar, card varchar)",
        "INSERT INTO people VALUES ('ana', 'EG', '111', '4111'), ('ben', 'EG', '222', '4222'), ('cyd', 'DE', '333', '4333')",
        "CREATE TABLE orders (id bigint, who varchar)", "CREATE TABLE memory.vault.gold AS SELECT 1 AS bars",
        "CREATE TABLE hidden.deep.sea AS SELECT 1 AS fish", "CREATE VIEW everybody AS SELECT name, card FROM people",
    ]:
        rows(sql, "root")


def check_password():
    equal(rows("SELECT current_user"), [("ana",)])
    assert "Invalid credentials" in refusal("SELECT 1", auth=password("ana", "guess"))
    assert "401" in refusal("SELECT 1", "nobody", password("nobody"))


def check_token():
    good = {"sub": "ben", "aud": "minipresto", "exp": time.time() + 60}
    equal(rows("SELECT current_user", "ben", JWTAuthentication(token(good))), [("ben",)])
    for bad in [
        token(good, b"x" * 32), token({**good, "aud": "other"}), token({**good, "exp": time.time() - 600}), token(good)[:-2], "no.token.this",
    ]:
        assert "401" in refusal("SELECT 1", "ben", JWTAuthentication(bad)), bad
    # the algorithm is not the token's to choose
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert "401" in refusal("SELECT 1", "ben", JWTAuthentication(header + "." + token(good).split(".")[1] + "."))


def check_certificate():
    mine = CertificateAuthentication(FOLDER + "/client.crt", FOLDER + "/client.key")
    equal(rows("SELECT current_user", "cyd", mine), [("cyd",)])
    # one that nobody has signed never gets through the handshake, and no certificate is no way in by itself
    try:
        requests.get(HTTPS + "/v1/query", cert=(FOLDER + "/stranger.crt", FOLDER + "/stranger.key"), verify=AUTHORITY)
        assert False, "a stranger came in"
    except requests.exceptions.RequestException:
        pass
    equal(requests.get(HTTPS + "/v1/query", verify=AUTHORITY).status_code, 401)


def check_plain_http():
    for path, method in [("/v1/statement", "POST"), ("/v1/query", "GET"), ("/metrics", "GET")]:
        answer = requests.request(method, URL + path, data="SELECT 1", auth=("ana", "secret"))
        equal((answer.status_code, "plain HTTP" in answer.text), (403, True))
    forged = {"X-Forwarded-Proto": "https"}
    equal(requests.post(URL + "/v1/statement", data="SELECT 1", auth=("ana", "secret"), headers=forged).status_code, 403)


def check_links_stay_secure():
    answer = requests.post(HTTPS + "/v1/statement", data="SELECT 1", auth=("ana", "secret"), verify=AUTHORITY).json()
    assert answer["nextUri"].startswith(HTTPS + "/v1/statement/") and answer["infoUri"].startswith(HTTPS + "/"), answer
    requests.delete(answer["nextUri"], verify=AUTHORITY)


def check_impersonation():
    equal(rows("SELECT current_user", "ana", password("root")), [("ana",)])
    assert "cannot impersonate user root" in refusal("SELECT 1", "root", password("ana"))
    assert "cannot impersonate user ben" in refusal("SELECT 1", "ben", password("root"))


def check_tables():
    equal(sorted(rows("SELECT name, phone FROM people")), [("ana", "***11"), ("ben", "***22")])
    equal(rows("SELECT count(*) FROM people WHERE phone = '222'"), [(0,)])
    equal(sorted(rows("SELECT name, card FROM people", "root")), [("ana", "4111"), ("ben", "4222"), ("cyd", "4333")])
    for sql in ["SELECT card FROM people", "SELECT * FROM people", "SELECT name FROM people WHERE card > '4'", "EXPLAIN SELECT card FROM people"]:
        equal(refusal(sql), "PERMISSION_DENIED: Access Denied: Cannot select from columns [card] in table or view memory.shop.people")
    # not in the group
    for sql in ["SELECT name FROM people", "SELECT 1 FROM memory.vault.gold", "SELECT 1 FROM hidden.deep.sea", "SELECT 1 FROM memory.vault.none"]:
        assert refusal(sql, "ben").startswith("PERMISSION_DENIED: Access Denied: Cannot select from table"), sql
    assert "Cannot select from table memory.shop.everybody" in refusal("SELECT name FROM everybody")
    equal(rows("INSERT INTO orders VALUES (1, 'ana')"), [(1,)])
    for sql in [
        "DELETE FROM orders", "UPDATE orders SET id = 2", "TRUNCATE TABLE orders", "DROP TABLE orders", "ALTER TABLE orders ADD COLUMN x bigint",
        "ALTER TABLE orders RENAME TO mine", "CREATE TABLE more AS SELECT 1 AS a", "CREATE VIEW v AS SELECT 1 AS a", "CREATE SCHEMA memory.more",
        "MERGE INTO orders USING (VALUES 1) s (x) ON id = x WHEN MATCHED THEN DELETE", "INSERT INTO people SELECT * FROM people",
        "SELECT * FROM TABLE(memory.system.query(query => 'x'))", "SELECT * FROM '/etc/passwd.parquet'",
    ]:
        assert refusal(sql).startswith("PERMISSION_DENIED: Access Denied: Cannot "), (sql, refusal(sql))
    equal(rows("SELECT count(*) FROM orders", "root"), [(1,)])


def check_explain_shows_no_masked_values():
    plan = rows("EXPLAIN SELECT phone FROM people")[0][0]
    assert "4111" not in plan and "'111'" not in plan, plan
    for row in rows("SHOW STATS FOR people"):
        assert row[0] in (None, "name", "country") and row[5] is None and row[6] is None, row


def check_metadata():
    equal(sorted(rows("SHOW CATALOGS")), [("memory",), ("system",)])
    equal(rows("SHOW SCHEMAS FROM memory LIKE 'vault'"), [])
    equal(sorted(rows("SHOW TABLES")), [("orders",), ("people",)])
    equal([row[0] for row in rows("DESCRIBE people")], ["name", "country", "phone"])
    equal(sorted(rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'people'")), [("country",), ("name",), ("phone",)])
    equal(rows("SELECT * FROM information_schema.tables WHERE table_schema = 'vault'"), [])
    equal(rows("SELECT * FROM information_schema.views"), [])
    equal(rows("SELECT table_name FROM system.jdbc.tables WHERE table_schem IN ('vault', 'deep')"), [])
    equal(rows("SELECT * FROM system.jdbc.schemas WHERE table_catalog = 'hidden' OR table_schem = 'vault'"), [])
    assert "Cannot show tables of schema memory.shop" in refusal("SHOW TABLES", "ben")
    assert "Cannot access catalog hidden" in refusal("SHOW SCHEMAS FROM hidden")
    granted = "SELECT table_name, privilege_type FROM information_schema.table_privileges ORDER BY 1, 2"
    equal(rows(granted), [("orders", "INSERT"), ("orders", "SELECT"), ("people", "SELECT")])
    equal([(row[2], row[6], row[7]) for row in rows("SHOW GRANTS ON people")], [("ana", "people", "SELECT")])
    equal(rows("SHOW ROLES"), [])
    equal(rows("SHOW CURRENT ROLES"), [])
    equal(rows("SELECT * FROM information_schema.applicable_roles"), [])


def check_sessions_and_queries():
    assert "Cannot set system session property task_concurrency" in refusal("SET SESSION task_concurrency = 1")
    assert "Cannot set system session property task_concurrency" in refusal("SELECT 1", session_properties={"task_concurrency": "1"})
    equal(refusal("SELECT 1", "banned"), "PERMISSION_DENIED: Access Denied: Cannot execute query")
    secret = requests.post(HTTPS + "/v1/statement", data="/* of root */ " + ENDLESS, auth=("root", "secret"), verify=AUTHORITY).json()
    path = f"{HTTPS}/v1/query/{secret['id']}"
    equal(requests.get(path, auth=("ana", "secret"), verify=AUTHORITY).status_code, 403)
    equal(requests.delete(path, auth=("ana", "secret"), verify=AUTHORITY).status_code, 403)
    equal(requests.put(path + "/killed", auth=("ana", "secret"), verify=AUTHORITY).status_code, 403)
    assert "of root" not in requests.get(HTTPS + "/v1/query", auth=("ana", "secret"), verify=AUTHORITY).text
    equal(rows("SELECT count(*) FROM system.runtime.queries WHERE query LIKE '/* of ' || 'root%'"), [(0,)])
    assert "Cannot kill query" in refusal(f"CALL system.runtime.kill_query('{secret['id']}')")
    equal(requests.get(path, auth=("root", "secret"), verify=AUTHORITY).json()["session"]["user"], "root")
    equal(requests.delete(path, auth=("root", "secret"), verify=AUTHORITY).status_code, 204)
    for place in ["/metrics", "/v1/resourceGroupState"]:
        equal(requests.get(HTTPS + place, auth=("ana", "secret"), verify=AUTHORITY).status_code, 403)
        equal(requests.get(HTTPS + place, auth=("root", "secret"), verify=AUTHORITY).status_code, 200)


def check_waiting():
    """A query says why it waits and for how long."""
    head = {"X-Trino-Source": "limited"}
    first = requests.post(HTTPS + "/v1/statement", data=ENDLESS, headers=head, auth=("root", "secret"), verify=AUTHORITY).json()
    first_path = f"{HTTPS}/v1/query/{first['id']}"

    def info(path):
        return requests.get(path, auth=("root", "secret"), verify=AUTHORITY).json()

    while info(first_path)["state"] == "QUEUED":
        time.sleep(0.01)
    done = []
    waits = threading.Thread(target=lambda: done.append(rows("SELECT 'waited'", source="limited")))
    waits.start()
    found = []
    while not found:
        found = [one for one in info(HTTPS + "/v1/query") if one["query"] == "SELECT 'waited'" and one.get("queueReason")]
    wanted = "All slots of resource group 'all' are taken: 1 queries run, 1 may; number 1 of 1 in the queue of 'all.ana', waiting for "
    assert found[0]["queueReason"].startswith(wanted), found[0]["queueReason"]
    equal((found[0]["state"], found[0]["resourceGroupId"]), ("QUEUED", ["all", "ana"]))
    groups = info(HTTPS + "/v1/resourceGroupState")
    equal([group["id"] for group in groups], [["all"], ["people"]])
    equal((groups[0]["numRunningQueries"], groups[0]["numQueuedQueries"], groups[0]["state"]), (1, 1, "CAN_QUEUE"))
    equal([group["id"] for group in groups[0]["subGroups"]], [["all", "ana"], ["all", "root"]])
    requests.delete(first_path, auth=("root", "secret"), verify=AUTHORITY)
    waits.join()
    equal(done, [[("waited",)]])


setup()
run(globals())
