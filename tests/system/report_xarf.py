#!/usr/bin/python3
"""X-ARF parts against the official schema, and what the schema does not check: times,
ids, base64, hashes, and that each category gets the type that fits what we own."""

import copy
import json

import report_fixtures as fixtures
from xarf_schema import own_errors, validators

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


def port_of_its_instant(schemas):
    """Behind a carrier's NAT a source port tells the customer only at its own instant."""
    case = copy.deepcopy(fixtures.fixture("login-attack"))
    incident = case["sources"][0]["incidents"][0]
    for line, port in zip(incident["lines"], (0, 59870, 40112)):
        line["source_port"] = port
    report = parts(case)[0]
    checks.ok("the source port is one of the time that is given with it",
              (report["source_port"], report["timestamp"], report["first_seen"]) ==
              (59870, incident["lines"][1]["at"], incident["first"]), report)
    judge("with the port of a line", report, schemas)
    case = copy.deepcopy(fixtures.fixture("ipv6"))
    incident = case["sources"][0]["incidents"][0]
    before = parts(case)[0]
    incident["addresses"] = ["2001:db8:7:1::b", "2001:db8:7:1::b1"]
    line = incident["lines"][0]
    line.update(text="web1 sshd[1]: Failed password for root from 2001:db8:7:1::b1 port 9 ssh2",
                source_port=9)
    report = parts(case)[0]
    checks.ok("of a prefix, the address that had that port", (
        report["source_identifier"], report["source_port"], report["timestamp"]) ==
        ("2001:db8:7:1::b1", 9, line["at"]), before, report)
    judge("with an address of a line", report, schemas)


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
port_of_its_instant(schemas)
yardstick(schemas)
icmp()
steady_ids()
long_names(schemas)
checks.exit()
