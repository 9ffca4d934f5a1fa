#!/usr/bin/python3
"""X-ARF parts against the official schema, and what the schema does not check: times,
ids, base64, hashes, and that each category gets the type that fits what we own."""

import base64
import copy
import hashlib
import json
import os
import re

import report_fixtures as fixtures

checks = fixtures.Checks()
TYPES = {  # by fixture; None: a part cannot be made
    "probe": "vulnerability_scan",  # the log tells no source port
    "scan": "port_scan",
    "sweep": "port_scan",
    "dos": "ddos",
    "mail-abuse": "infected_host",
    "login-attack": "login_attack",
    "exploit-attempt": "vulnerability_scan",
    "compromise": "login_attack",
    "ipv6": "login_attack",
    "sensor": "login_attack",
    "inside": "port_scan",
    "unset": None,
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def validators():
    """-> name of a check to a function that lists errors; none without the corpora."""
    root = os.path.join(os.environ.get("CORPORA", ""), "xarf/schemas/v4")
    if not os.path.isdir(root):
        print("skip x-arf schema # no corpora")
        return {}
    import jsonschema
    store = {}
    for folder, _, files in os.walk(root):
        for name in files:
            if name.endswith(".json"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    schema = json.load(file)
                store[schema["$id"]] = schema
    master = store["https://xarf.org/schemas/v4/xarf-v4-master.json"]

    def errors(report, checker):
        resolver = jsonschema.RefResolver(master["$id"], master, store=store)
        validator = jsonschema.Draft202012Validator(master, resolver=resolver,
                                                    format_checker=checker)
        return ["%s: %s" % ("/".join(map(str, error.path)), error.message[:200])
                for error in validator.iter_errors(report)]

    return {"schema": lambda report: errors(report, None),
            "schema with formats": lambda report: errors(
                report, jsonschema.FormatChecker())}


def own_errors(report):
    """What the schema asks for and its checkers do not check."""
    for key in ("timestamp", "first_seen", "last_seen"):
        if not TIME.fullmatch(report[key]):
            yield key + " is no RFC 3339 time in UTC: " + report[key]
    if not UUID.fullmatch(report["report_id"]):
        yield "report_id is no UUID of version 4: " + report["report_id"]
    if report["first_seen"] > report["last_seen"]:
        yield "first_seen lies behind last_seen"
    for item in report["evidence"]:
        payload = base64.b64decode(item["payload"], validate=True)
        digest = "sha256:" + hashlib.sha256(payload).hexdigest()
        if item["hash"] != digest or item["size"] != len(payload):
            yield "hash or size of the evidence is wrong"
        for line in payload.decode().splitlines():
            if not re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 \| ", line):
                yield "an evidence line without its time in UTC: " + line


def parts(case):
    return [json.loads(line) for line in fixtures.render(case, "parts").splitlines()]


def judge(name, report, schemas):
    problems = list(own_errors(report))
    checks.ok("own checks " + name, not problems, *problems)
    for title, errors in schemas.items():
        found = errors(report)
        checks.ok("%s %s" % (title, name), not found, *found)


def without_source_port(schemas):
    """login_attack needs the source port: without it the next type is taken."""
    case = copy.deepcopy(fixtures.fixture("login-attack"))
    case["sources"][0]["incidents"][0]["source_ports"] = []
    report = parts(case)[0]
    checks.ok("a login attack without source port is an infected_host",
              report.get("type") == "infected_host", report)
    judge("login-attack without source port", report, schemas)
    case["sources"][0]["incidents"][0]["ports"] = []
    report = parts(case)[0]
    checks.ok("ssh is tcp, whatever its port",
              report.get("type") == "infected_host", report)
    judge("login-attack without any port", report, schemas)
    case["sources"][0]["incidents"][0]["services"] = ["unheard-of"]
    report = parts(case)[0]
    checks.ok("no protocol, no part, and it says why",
              "source port" in report.get("none", ""), report)


def yardstick(schemas):
    """The schema check itself finds what is wrong."""
    report = parts(fixtures.fixture("login-attack"))[0]
    for key in ("first_seen", "source_port", "reporter", "type"):
        broken = {k: v for k, v in report.items() if k != key}
        for title, errors in schemas.items():
            checks.ok("%s misses %s" % (title, key), errors(broken))


def icmp():
    case = copy.deepcopy(fixtures.fixture("scan"))
    incident = case["sources"][0]["incidents"][0]
    incident.update(ports=["0/icmp"], source_ports=[])
    report = parts(case)[0]
    checks.ok("icmp has no ports and becomes a vulnerability_scan",
              report.get("type") == "vulnerability_scan", report)


def steady_ids():
    one, two = (parts(fixtures.fixture("three")) for _ in range(2))
    ids = [report["report_id"] for report in one]
    checks.ok("the same facts have the same ids",
              ids == [report["report_id"] for report in two])
    checks.ok("each source has its own id", len(set(ids)) == 3, ids)


def long_names(schemas):
    case = copy.deepcopy(fixtures.fixture("login-attack"))
    case["settings"]["organisation"] = "Büro " * 200
    judge("with an organisation of 1000 letters", parts(case)[0], schemas)


schemas = validators()
for name, want in TYPES.items():
    report = parts(fixtures.fixture(name))[0]
    checks.ok("type of " + name, report.get("type") == want, report)
    if want:
        judge(name, report, schemas)
for i, report in enumerate(parts(fixtures.fixture("twelve"))):
    judge("twelve, part %d" % (i + 1), report, schemas)
without_source_port(schemas)
yardstick(schemas)
icmp()
steady_ids()
long_names(schemas)
checks.exit()
