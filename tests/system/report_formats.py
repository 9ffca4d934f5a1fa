#!/usr/bin/python3
"""The machine-readable parts that a contact may want, each read by somebody else: YAML by
PyYAML, IODEF by xmllint and jsonschema, ARF by a parser of RFC 5965's grammar here, X-ARF by
the official schema, which our own check of it has to agree with."""

import copy
import csv
import email
import email.policy
import email.utils
import io
import json
import os
import re
import subprocess
import tempfile

import report_fixtures as fixtures
import yaml
from xarf_schema import own_errors, validators

checks = fixtures.Checks()
ok = checks.ok
IODEF = os.path.join(os.environ.get("CORPORA", ""), "iodef")
ATTACKS = ("login-attack", "compromise", "scan", "sweep", "dos", "mail-abuse",
           "exploit-attempt", "probe", "ipv6", "inside", "sensor", "three", "twelve")


def case_of(name, form, **more):
    case = copy.deepcopy(fixtures.fixture(name))
    case["format"] = form
    case.update(more)
    return case


def message(case):
    return email.message_from_bytes(fixtures.render(case, "message"),
                                    policy=email.policy.default)


def kinds(mail):
    return [part.get_content_type() for part in mail.iter_parts()] or \
        [mail.get_content_type()]


def content(mail, number):
    part = list(mail.iter_parts())[number]
    got = part.get_content()
    return got if isinstance(got, str) else got.decode()


def line_of(case, text):
    lines = case["sources"][0]["incidents"][0]["lines"]
    lines[:] = [{"at": "2026-11-21T02:14:07Z", "text": text, "user": ""}]
    return case


def plain_and_csv():
    for name in ("login-attack", "three"):
        mail = message(case_of(name, "plain"))
        ok("plain, %s: the text alone" % name, kinds(mail) == ["text/plain"], kinds(mail))
        ok("plain, %s: no attachment is spoken of" % name,
           "attached" not in mail.get_content(), mail.get_content())
    for name, sources in (("login-attack", 1), ("three", 3)):
        mail = message(case_of(name, "csv"))
        rows = list(csv.DictReader(io.StringIO(content(mail, 1))))
        ok("csv, %s" % name, kinds(mail) == ["text/plain", "text/csv"] and
           len({row["source"] for row in rows}) == sources, rows)


# ---- X-ARF 4 ----

def mutations(report):
    """Changed copies; the schema says of each whether it is still right."""
    for key in report:
        yield "without " + key, {k: v for k, v in report.items() if k != key}
        for value in ("", "nonsense", -1, 0, 70000, 1.5, [], {}, None, True):
            yield "%s = %r" % (key, value), {**report, key: value}
    for party in ("reporter", "sender"):
        for key in report[party]:
            less = {k: v for k, v in report[party].items() if k != key}
            yield "%s without %s" % (party, key), {**report, party: less}
            yield "%s.%s a number" % (party, key), {**report, party: {**less, key: 7}}
        yield party + " with a long name", {
            **report, party: {**report[party], "org": "ö" * 201}}
        yield party + " with a name of 200", {
            **report, party: {**report[party], "org": "ö" * 200}}
    for key in ("payload", "content_type"):
        item = {k: v for k, v in report["evidence"][0].items() if k != key}
        yield "evidence without " + key, {**report, "evidence": [item]}
    yield "long description", {**report, "description": "ä" * 1001}
    yield "description of 1000", {**report, "description": "ä" * 1000}
    for kind in ("port_scan", "login_attack", "ddos", "vulnerability_scan",
                 "infected_host"):
        yield "as a " + kind, {**report, "type": kind}


# What our check asks beyond the schema and its format checker: true times and the like,
# and that only what we make passes.
STRICTER = re.compile(
    r"(timestamp|first_seen|last_seen|report_id|destination_ip) = |"
    r"(source_identifier|description|evidence_source|type|category) = ''|"
    r"(xarf_version|type) = |(domain|contact|org)|evidence = (\[\]|.*)|"
    r"(protocol|source_port|destination_port|total_requests|confidence) = True")


def checked(*reports):
    """-> whether our own rows take each"""
    lines = "".join(json.dumps(report) + "\n" for report in reports)
    done = subprocess.run([fixtures.RENDER, "check-xarf"], input=lines.encode(),
                          capture_output=True, timeout=120, check=True)
    return [not line for line in done.stdout.decode().split("\n")[:len(reports)]]


def own_rows(schemas):
    """Nothing that the schema refuses passes our rows; what it takes and we refuse is one
    of the things that it does not check."""
    schema = schemas.get("schema with formats")
    if not schema:
        return
    wrong, refused = [], 0
    for name in ("login-attack", "scan", "dos", "mail-abuse", "exploit-attempt"):
        report = json.loads(fixtures.render(case_of(name, "xarf"), "parts").splitlines()[0])
        ok("our rows take the report about " + name, checked(report) == [True], report)
        changes = list(mutations(report))
        for (title, changed), ours in zip(changes, checked(*(c for _, c in changes))):
            theirs = not schema(changed)
            refused += not ours
            if ours and not theirs:
                wrong.append("%s: %s: the schema refuses it" % (name, title))
            if theirs and not ours and not STRICTER.search(title) and \
                    title.split(" ")[0] not in ("as", "without", "size", "service"):
                wrong.append("%s: %s: only we refuse it" % (name, title))
            if theirs and not ours and title.startswith("without"):
                wrong.append("%s: %s: only we need it" % (name, title))
    print("# changed copies that our rows refuse: %d" % refused)
    ok("our rows and the official schema agree", not wrong, *wrong)


def false_hash():
    report = json.loads(fixtures.render(case_of("login-attack", "xarf"), "parts"))
    for key, value in (("hash", "sha256:" + "0" * 64), ("payload", "AAAA"), ("size", 3),
                       ("payload", report["evidence"][0]["payload"][:-1] + "\n")):
        item = {**report["evidence"][0], key: value}
        ok("evidence with a false %s is refused" % key,
           checked({**report, "evidence": [item]}) == [False])


def xarf_report(schemas):
    mail = message(case_of("login-attack", "xarf-report"))
    ok("xarf-report: three parts of a multipart/report",
       mail.get_content_type() == "multipart/report" and
       mail.get_param("report-type") == "feedback-report" and
       kinds(mail) == ["text/plain", "message/feedback-report", "application/json"],
       mail.as_string()[:600])
    fields = feedback_fields(raw_part(case_of("login-attack", "xarf-report"), 1))
    ok("xarf-report: its fields", fields.get("Feedback-Type") == ["xarf"] and
       fields.get("Version") == ["1"], fields)
    report = json.loads(content(mail, 2))
    problems = list(own_errors(report))
    for errors in schemas.values():
        problems += errors(report)
    ok("xarf-report: the report itself", not problems, *problems)
    mail = message(case_of("three", "xarf-report"))
    ok("xarf-report of three sources: attachments", kinds(mail) == [
        "text/plain", "text/csv"] + ["application/json"] * 3, kinds(mail))


# ---- X-ARF 0.2 ----

# abuse_login-attack_0.1.2 by its own words
OLD_SCHEMA = {
    "type": "object",
    "required": ["Reported-From", "Report-ID", "Category", "Report-Type", "Service", "Port",
                 "User-Agent", "Date", "Source", "Source-Type", "Attachment", "Schema-URL"],
    "properties": {
        "Reported-From": {"type": "string", "format": "email"},
        "Report-ID": {"type": "string", "format": "email"},
        "Category": {"enum": ["abuse"]}, "Report-Type": {"enum": ["login-attack"]},
        "Service": {"type": "string"}, "Port": {"type": "integer"},
        "User-Agent": {"type": "string"}, "Date": {"type": "string"},
        "Source": {"type": "string"}, "Source-Type": {"enum": ["ip-address", "ipv6"]},
        "Destination": {"type": "string"},
        "Destination-Type": {"enum": ["ip-address", "ipv6"]},
        "Attachment": {"enum": ["text/plain"]}, "Schema-URL": {"type": "string"},
        "Version": {"type": "number"}, "Occurrences": {"type": "integer"},
    },
    "additionalProperties": False,
}


def old_report(case):
    import jsonschema
    mail = message(case)
    parts = list(mail.iter_parts())
    report = yaml.safe_load(content(mail, 1))
    problems = [error.message for error in jsonschema.Draft7Validator(
        OLD_SCHEMA, format_checker=jsonschema.FormatChecker()).iter_errors(report)]
    if not email.utils.parsedate_to_datetime(report["Date"]).tzinfo:
        problems.append("no zone in " + report["Date"])
    if parts[1].get_param("name") != "report.txt" or mail["X-XARF"] != "PLAIN" or \
            kinds(mail) != ["text/plain"] * 3 or "Auto-Submitted" in mail or \
            [p.get_content_charset() for p in parts] != ["utf-8"] * 3:
        problems.append(mail.as_string()[:900])
    return report, problems, mail


def xarf_old():
    for name in ("login-attack", "compromise", "ipv6"):
        report, problems, mail = old_report(case_of(name, "xarf-0.2"))
        ok("xarf-0.2, %s" % name, not problems, *problems)
        ok("xarf-0.2, %s: evidence with its time" % name,
           re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 \| ", content(mail, 2)),
           content(mail, 2))
    hostile = ["no", "yes", "1e3", "0x10", "null", "~", "a: b", "a #b", "- x", "[x]", "{x}",
               "!!python/object:os.system x", "&a *b", "'", '"', "\\", "| x", "%YAML",
               "a\nSource: 198.51.100.9", "x\r\n---\r\nSource: 198.51.100.9", "\u2028x",
               "\u202ex", "12:30:45", "2026-11-21", "\U0001f642", "ssh: [", "@x", "`x`", ""]
    for service in hostile:
        case = case_of("login-attack", "xarf-0.2")
        case["sources"][0]["incidents"][0]["services"] = [service]
        if not service:
            parts = fixtures.render(case, "parts").decode()
            ok("xarf-0.2 without a service: no part", "service and port" in parts, parts)
            continue
        report, problems, _ = old_report(case)
        ok("xarf-0.2, service %r stays one text" % service, not problems and
           isinstance(report["Service"], str) and report["Source"] == "203.0.113.77" and
           "\n" not in report["Service"], report, *problems)
    case = case_of("ipv6", "xarf-0.2")
    case["sources"][0]["incidents"][0]["addresses"] = ["2001:10:20:30:40:50:11:12"]
    case["sources"][0]["address"] = "2001:10:20:30::"
    report, problems, _ = old_report(case)
    ok("xarf-0.2: an address of digits is no number of sixties",
       report["Source"] == "2001:10:20:30:40:50:11:12", report)
    for name, word in (("scan", "no type"), ("three", "one source")):
        parts = fixtures.render(case_of(name, "xarf-0.2"), "parts").decode()
        ok("xarf-0.2, %s: no part, and why" % name, word in parts, parts)
        mail = message(case_of(name, "xarf-0.2"))
        ok("xarf-0.2, %s: then it is not called one" % name, "X-XARF" not in mail)


# ---- ARF ----

def raw_part(case, number):
    """The bytes of a part, headers gone, as they stand in the mail."""
    raw = fixtures.render(case, "message")
    boundary = b"\r\n--" + message(case).get_boundary().encode()
    return raw.split(boundary)[number + 1].split(b"\r\n\r\n", 1)[1]


ONCE = {"Feedback-Type", "User-Agent", "Version"}
AT_MOST_ONCE = {"Original-Envelope-Id", "Original-Mail-From", "Arrival-Date",
                "Received-Date", "Reporting-MTA", "Source-IP", "Incidents"}
OFTEN = {"Authentication-Results", "Original-Rcpt-To", "Reported-Domain", "Reported-URI"}


def feedback_fields(body):
    """RFC 5965 section 3.5: fields as in RFC 5322, nothing else. -> {name: [value]}"""
    fields = {}
    for line in body.rstrip(b"\r\n").split(b"\r\n"):
        match = re.fullmatch(rb"([!-9;-~]+): ([ -~]*)", line)
        if not match:
            raise ValueError("no field: %r" % line)
        fields.setdefault(match.group(1).decode(), []).append(match.group(2).decode())
    return fields


def arf_faults(case):
    """What breaks RFC 5965 section 2 and 3."""
    mail = message(case)
    if mail.get_content_type() != "multipart/report" or \
            mail.get_param("report-type") != "feedback-report":
        return ["no feedback report: " + mail.as_string()[:500]]
    faults = []
    if kinds(mail) != ["text/plain", "message/feedback-report", "text/rfc822-headers"]:
        faults.append("parts: %s" % kinds(mail))
    fields = feedback_fields(raw_part(case, 1))
    for name, values in fields.items():
        if name not in ONCE | AT_MOST_ONCE | OFTEN:
            faults.append("unknown field " + name)
        if name not in OFTEN and len(values) != 1:
            faults.append("%s stands %d times" % (name, len(values)))
    faults += ["no " + name for name in ONCE - fields.keys()]
    if fields.get("Version") != ["1"] or fields.get("Feedback-Type") != ["abuse"]:
        faults.append(str(fields))
    if not email.utils.parsedate_to_datetime(fields["Arrival-Date"][0]).tzinfo:
        faults.append("Arrival-Date without zone")
    if "Original-Mail-From" in fields and not re.fullmatch(
            r"<[^<>\s]+@[^<>\s]+>", fields["Original-Mail-From"][0]):
        faults.append("Original-Mail-From: %s" % fields["Original-Mail-From"])
    return faults


MAIL = """Return-Path: <winner@lottery.example>
Received: from bulk.lottery.example (bulk.lottery.example [203.0.113.77])
\tby web1.harbour-books.example with ESMTP id x1
\tfor <rosa.vidal@harbour-books.example>; Sat, 21 Nov 2026 02:14:07 +0000
From: "Lottery" <winner@lottery.example>
To: rosa.vidal@harbour-books.example
Subject: You won
Message-ID: <1@lottery.example>

Body with a --=_boundary
"""


def arf():
    case = case_of("mail-abuse", "arf")
    parts = fixtures.render(case, "parts").decode()
    ok("arf: a log is no mail, so there is no part, and why",
       "log and no mail" in parts and kinds(message(case)) == ["text/plain"], parts)
    for title, mail in (("a mail", MAIL), ("with CR LF", MAIL.replace("\n", "\r\n")),
                        ("no sender", MAIL.replace("<winner@lottery.example>", "<>", 1)),
                        ("hostile", MAIL.replace("You won", "\x1b[31m\x00\u202eü") + "\r")):
        case["sources"][0]["mail"] = mail
        faults = arf_faults(case)
        ok("arf of %s: RFC 5965" % title, not faults, *faults)
        headers = content(message(case), 2)
        ok("arf of %s: our people are not named" % title,
           "rosa" not in headers and "winner@" in headers and "Body" not in headers, headers)
        ok("arf of %s: no control, no foreign field" % title,
           not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", headers.replace("\r\n", "\n")),
           repr(headers))
    case["sources"][0]["mail"] = "Subject: x\r\n\r\n--=_\r\nBcc: a@b.example\r\n"
    ok("arf: the body of the mail stays out", "Bcc" not in content(message(case), 2))
    case["sources"][0]["mail"] = "no mail at all"
    parts = fixtures.render(case, "parts").decode()
    ok("arf: no headers, no part", "no headers" in parts, parts)


# ---- IODEF ----

def iodef():
    if not os.path.isdir(IODEF):
        print("skip iodef schema # no corpora")
        return
    import jsonschema
    with open(os.path.join(IODEF, "iodef-8727.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft4Validator(schema,
                                           format_checker=jsonschema.FormatChecker())
    for name in ATTACKS:
        mail = message(case_of(name, "iodef"))
        at = kinds(mail).index("application/xml")
        said = xmllint(list(mail.iter_parts())[at].get_content())
        ok("iodef, %s: xmllint" % name, not said, said)
        mail = message(case_of(name, "iodef-json"))
        at = kinds(mail).index("application/json")
        document = json.loads(content(mail, at))
        errors = ["%s: %s" % (list(e.path), e.message[:200])
                  for e in validator.iter_errors(document)]
        ok("iodef-json, %s: schema" % name, not errors, *errors)
        ok("iodef-json, %s: an incident each" % name, len(document["Incident"]) ==
           len(fixtures.fixture(name)["sources"]))
    for text in ("]]></RecordItem><x/>", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;", "\x00\x0b\x1b",
                 "\ufffe\uffff", "\u202e", "\U0001f642 & < > \" '", "%s%n", "&#0;"):
        case = line_of(case_of("login-attack", "iodef"), text)
        part = list(message(case).iter_parts())[1].get_content()
        said = xmllint(part)
        ok("iodef, line %r stays text" % text, not said and b"<x/>" not in part, said)
    unset = fixtures.render(case_of("unset", "iodef"), "parts").decode()
    ok("iodef without your name: no part, and why", "not configured" in unset, unset)
    part = list(message(case_of("login-attack", "iodef")).iter_parts())[1].get_content()
    ok("xmllint finds what is wrong", xmllint(part.replace(b'purpose="reporting"', b"")) and
       xmllint(part.replace(b"takeover-account", b"login")))


def xmllint(xml):
    """-> what it complains of, empty for nothing"""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(xml)
        file.flush()
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema",
                               os.path.join(IODEF, "iodef-2.0.xsd"), file.name],
                              capture_output=True, timeout=60, check=False)
    return "" if done.returncode == 0 else done.stderr.decode()


# ---- identity ----

def identity():
    mail = message(case_of("login-attack", "xarf", tag="[isp.example #41]"))
    ok("the desk's tag is echoed, letter by letter",
       mail["Subject"].endswith(" [TK7Q2] [isp.example #41]"), mail["Subject"])
    case = case_of("login-attack", "xarf", tag="x\r\nBcc: a@b.example")
    done = fixtures.try_render(case, "message")
    ok("a tag with a line end is refused", done.returncode == 1, done)
    case = case_of("login-attack", "xarf")
    case["settings"].update(plus="maria+%t@harbour-books.example", from_plus=True)
    mail = message(case)
    ok("From carries the token where that is wanted",
       mail["From"].addresses[0].addr_spec == "maria+tk7q2@harbour-books.example" ==
       mail["Reply-To"], mail.items())


schemas = validators()
plain_and_csv()
own_rows(schemas)
false_hash()
xarf_report(schemas)
xarf_old()
arf()
iodef()
identity()
checks.exit()
