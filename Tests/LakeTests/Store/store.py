"""An S3 of one's own for the tests: moto behind a proxy that checks signatures and, asked to, misbehaves.

Speaks lines of JSON: a command on standard input, its answer on standard output; the first line out tells the port. Ends with standard input.
Requests are in the clear and the bucket stands in the path. Misbehaviour is asked for by bucket, so that tests do not disturb one another.
"""
import http.client
import http.server
import io
import json
import logging
import re
import sys
import threading
import time
from urllib.parse import unquote

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

ACCESS, SECRET, REGION = "AKIDTESTTESTTEST", "wJalr/SECRET+KEY/of+tests", "eu-test-1"

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
client = boto3.client(
    "s3", endpoint_url=f"http://{host}:{port}", aws_access_key_id=ACCESS, aws_secret_access_key=SECRET, region_name=REGION,
    config=Config(s3={"addressing_style": "path"}))
logging.getLogger("werkzeug").setLevel(logging.ERROR)
lock = threading.Lock()
faults: dict[str, list[dict]] = {}
logs: dict[str, list[str]] = {}


def signature(method, path, headers, body):
    """What the Authorization header should be, by Amazon's own implementation; None for a request without one."""
    given = headers.get("authorization")
    if given is None:
        return None, None
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\d+)/(\S+?)/s3/aws4_request, ?SignedHeaders=(\S+), ?Signature=(\S+)", given)
    if not found or found[1] != ACCESS or found[3] != REGION:
        return given, "another"
    request = AWSRequest(method=method, url=f"http://{headers['host']}{path}", data=body)
    for name in found[4].split(";"):
        request.headers[name] = headers[name]
    request.context["timestamp"] = headers["x-amz-date"]
    signer = S3SigV4Auth(Credentials(ACCESS, SECRET), "s3", REGION)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return found[5], signer.signature(text, request)


def error(code):
    return f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>no &amp; no</Message></Error>'.encode()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body, length=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fault(self, bucket, line):
        with lock:
            logs.setdefault(bucket, []).append(line)
            for fault in faults.get(bucket, []):
                if fault["times"] != 0 and re.search(fault["match"], line):
                    if fault.get("after", 0) > 0:
                        fault["after"] -= 1
                        continue
                    fault["times"] -= 1
                    return fault["do"]
        return ""

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        bucket = unquote(self.path.split("?")[0]).split("/")[1]
        line = f"{self.command} {unquote(self.path)} {headers.get('range', '')}".strip()
        fault = self.fault(bucket, line)
        given, wanted = signature(self.command, self.path, headers, body)
        if given is None and not bucket.startswith("public"):
            return self.answer(403, {}, error("AccessDenied"))
        if given != wanted:
            return self.answer(403, {}, error("SignatureDoesNotMatch"))
        path = self.path
        if fault.startswith("status:"):
            _, status, code = fault.split(":")
            return self.answer(int(status), {}, error(code))
        if fault == "hangup":
            self.close_connection = True
            return
        if fault == "garbage":
            return self.answer(200, {}, b"<html>welcome to this network</html>")
        if fault.startswith("delay:"):
            time.sleep(int(fault[6:]) / 1000)
        if fault.startswith("page:"):
            path += f"&max-keys={fault[5:]}"
        if fault == "whole":
            headers.pop("range", None)
        for name in ("authorization", "x-amz-content-sha256", "x-amz-security-token"):
            headers.pop(name, None)
        # moto asks only who it is
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={ACCESS}/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"
        upstream = http.client.HTTPConnection(host, port)
        upstream.request(self.command, path, body, headers)
        response = upstream.getresponse()
        data = response.read()
        upstream.close()
        kept = {n: v for n, v in response.getheaders() if n.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server")}
        if self.command == "HEAD":
            kept["Content-Length"] = response.headers.get("Content-Length", "0")
        if fault == "truncate":
            self.answer(response.status, kept, data[: len(data) // 2], length=len(data))
            self.wfile.flush()
            self.close_connection = True
            return
        if fault == "lost":
            self.close_connection = True
            return
        if fault == "short":
            data = data[: len(data) // 2]
        if fault == "long":
            data = data + b"more"
        if fault == "range":
            kept = {n: ("bytes 1-2/3" if n.lower() == "content-range" else v) for n, v in kept.items()}
        if fault == "etag":
            kept = {n: ('"another"' if n.lower() == "etag" else v) for n, v in kept.items()}
        self.answer(response.status, kept, data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_request


def table(start, rows):
    numbers = range(start, start + rows)
    return pa.table({
        "a": pa.array(numbers, pa.int64()), "name": [f"name {i}" for i in numbers], "x": [i / 4 for i in numbers],
        "even": [None if i % 3 == 0 else i % 2 == 0 for i in numbers]})


def run(command):
    do, bucket = command["do"], command.get("bucket")
    if do == "bucket":
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    elif do == "put":
        client.put_object(Bucket=bucket, Key=command["key"], Body=command["text"].encode())
    elif do == "parquet":
        out = io.BytesIO()
        pq.write_table(
            table(command["start"], command["rows"]), out, row_group_size=command.get("group", 1 << 20),
            write_page_index=command.get("index", False), data_page_size=command.get("page", 1 << 20))
        client.put_object(Bucket=bucket, Key=command["key"], Body=out.getvalue())
    elif do == "delete":
        client.delete_object(Bucket=bucket, Key=command["key"])
    elif do == "keys":
        return [item["Key"] for item in client.list_objects_v2(Bucket=bucket, Prefix=command.get("prefix", "")).get("Contents", [])]
    elif do == "uploads":
        return [item["Key"] for item in client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]
    elif do == "read":
        # what another reader of the folder sees
        rows = []
        for item in client.list_objects_v2(Bucket=bucket, Prefix=command["prefix"]).get("Contents", []):
            if not any(part[:1] in "._" for part in item["Key"].split("/")):
                data = client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                rows += pq.ParquetFile(io.BytesIO(data)).read(columns=["a"])["a"].to_pylist()
        return sorted(rows)
    elif do == "fault":
        with lock:
            faults.setdefault(bucket, []).append(
                {"match": command["match"], "do": command["what"], "times": command.get("times", 1), "after": command.get("after", 0)})
    elif do == "heal":
        with lock:
            faults.pop(bucket, None)
    elif do == "log":
        with lock:
            return logs.pop(bucket, [])
    return None


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


proxy = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Proxy)
threading.Thread(target=proxy.serve_forever, daemon=True).start()
print(json.dumps({"port": proxy.server_address[1], "access": ACCESS, "secret": SECRET, "region": REGION}), flush=True)
for text in sys.stdin:
    try:
        answer = {"answer": run(json.loads(text))}
    except Exception as problem:
        answer = {"problem": f"{type(problem).__name__}: {problem}"}
    print(json.dumps(answer), flush=True)
server.stop()
