"""Holds the HTTP interface to its own description: the document is valid, and what the server answers is what it says.

    interface.py DUIJIE DATA SECONDS

Makes a data directory DATA with the sample and an account of every role, serves it, validates the description
(openapi-spec-validator) and has schemathesis ask every operation as each role, SECONDS in all. What it asks is drawn
from the description, from a fixed seed.
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

ROLES = {
    None: None,
    "enterprise": "样例江北锂电材料有限公司",
    "holder": "样例江南理工大学",
    "bureau": "样例知识产权局",
    "operator": "运营员",
    "partner": "样例平台",
}
LISTING = "ZL202219900001.3"
# Not asked: whether a well-formed request is taken, for rules of business stand behind the schemas; and methods the
# description does not name, which a test asks by itself.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance," \
         "response_headers_conformance,negative_data_rejection,ignored_auth"


def ask(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def prepared(duijie, data):
    """The sample, and an account of every role: their tokens."""
    place = ["--data-dir", data]
    for kind in ["listings", "enterprises"]:
        ask(duijie, "import", "--kind", kind, f"data/sample/{kind}.csv", *place)
    tokens = {None: None}
    for role, name in ROLES.items():
        if role is None:
            continue
        of = ["--enterprise", name] if role == "enterprise" else ["--name", name]
        login = "913201169900100123" if role == "enterprise" else role
        ask(duijie, "account", "add", login, "--role", role, *of, "--no-password", *place)
        given = json.loads(ask(duijie, "account", "token", login, "--label", "interface", "--json", *place))
        tokens[role] = given["token"]
    return tokens


def served(duijie, data):
    """A server and its address."""
    command = [duijie, "serve", "--listen", "127.0.0.1:0", "--json", "--requests-per-minute", "0", "--data-dir", data]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = ""
    for text in server.stdout:
        line += text
        if "}" in text:
            break
    return server, "http://" + json.loads(line)["listening"]


def begun(address, tokens):
    """Something of everything that the examples in the description name: an enquiry, a licence, a need, a search."""
    for role, path, body in [
        ("enterprise", "enquiries", {"listing": LISTING, "text": "是否提供技术支持？"}),
        ("enterprise", "licences", {"listing": LISTING}),
        ("enterprise", "needs", {"text": "降低隔膜的热收缩", "consent": True}),
        ("enterprise", "searches", {"label": "电池", "query": "q=%E7%94%B5%E6%B1%A0"}),
        ("bureau", "campaigns", {"title": "锂电定向推送", "limits": {"per_enterprise": 3}}),
    ]:
        request = urllib.request.Request(f"{address}/api/v1/{path}", json.dumps(body).encode(), method="POST")
        request.add_header("Authorization", f"Bearer {tokens[role]}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            print(f"{role} {path}: {answer.status}")


def examined(address, role, token, seconds):
    """Whether schemathesis finds nothing, asking as one role."""
    # No settings but these, wherever this is run.
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        header = [] if token is None else ["--header", f"Authorization: Bearer {token}"]
        checks = CHECKS if token is None else CHECKS.replace(",ignored_auth", "")
        command = [
            Path(sys.executable).with_name("schemathesis"), "--config-file", file.name, "run",
            f"{address}/api/v1/openapi.json", *header, "--checks", checks, "--phases", "examples,coverage,fuzzing",
            "--max-time", str(seconds), "--generation-database", "none", "--seed", "20261122", "--request-timeout", "20",
            "--no-color", "--workers", "1",
        ]
        # It leaves a directory where it is run.
        ran = subprocess.run(command, capture_output=True, text=True, cwd=tempfile.gettempdir())
    who = role or "nobody"
    summary = [line for line in ran.stdout.splitlines() if "generated" in line or "passed" in line or "failed" in line]
    print(f"{who}: " + "; ".join(line.strip() for line in summary[-3:]), flush=True)
    if ran.returncode != 0:
        print(ran.stdout[-20000:], ran.stderr[-5000:])
    return ran.returncode == 0


def main():
    duijie, data, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    tokens = prepared(duijie, data)
    server, address = served(duijie, data)
    try:
        with urllib.request.urlopen(f"{address}/api/v1/openapi.json") as answer:
            document = json.load(answer)
        OpenAPIV31SpecValidator(document).validate()
        operations = sum(len(item) for item in document["paths"].values())
        print(f"the description is valid OpenAPI {document['openapi']}: {operations} operations, "
              f"{len(document['components']['schemas'])} schemas")
        begun(address, tokens)
        results = [examined(address, role, token, seconds // len(tokens)) for role, token in tokens.items()]
        if server.poll() is not None:
            sys.exit("the server has ended")
    finally:
        server.terminate()
        server.wait()
    if not all(results):
        sys.exit("the server does not answer as it says")


main()
