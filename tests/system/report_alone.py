#!/usr/bin/python3
"""The text alone is the report: a plain reader that drops every attachment has a complete
memo, and every evidence line by itself gives the right instant to a naive program."""

import datetime
import email
import email.policy
import email.utils
import os
import re
import subprocess
import tempfile

import report_fixtures as fixtures

checks = fixtures.Checks()
STAMP = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}) \| (.*)$")
UTC = datetime.timezone.utc


def instants(case):
    """Of every evidence line of a fixture, and of first and last."""
    found = set()
    for source in case["sources"]:
        for incident in source["incidents"]:
            found.update([incident["first"], incident["last"]])
            found.update(line["at"] for line in incident["lines"])
    return {datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            for text in found}


def naive(text):
    """What a program makes of the first date, time and offset that it finds."""
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")


def last_zone(text):
    """As Mail::Abuse does: the last [+-]dd:?dd of the text is the zone of all of it."""
    zones = re.findall(r"[+-]\d\d:?\d\d", text)
    return zones[-1].replace(":", "") if zones else None


def text_of(raw):
    """The first text part, all others dropped."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            return part.get_content().replace("\r\n", "\n")
    return ""


def lint(name, text):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", dir=os.environ.get("TMPDIR"),
                                     encoding="utf-8") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([fixtures.TIPOFF, "lint", file.name], capture_output=True,
                              timeout=60)
    checks.ok("complete without attachments: " + name, done.returncode == 0,
              done.stdout.decode(), done.stderr.decode())


def lines_alone(name, case, text):
    want = instants(case)
    lines = [line for line in text.split("\n") if " | " in line]
    checks.ok("there is evidence: " + name, lines, text)
    for line in lines:
        match = STAMP.match(line)
        holds = match and naive(match.group(1)) in want and match.group(1).endswith("+0000")
        checks.ok("a line alone tells its instant: %s: %s" % (name, line[:60]), holds, line)


def fields_alone(name, case, text):
    want = instants(case)
    for key in ("First", "Last"):
        for value in re.findall(r"^%s: +(.*)$" % key, text, re.M):
            checks.ok("%s has year and zone: %s" % (key, name), naive(value) in want, value)


for name in fixtures.names():
    if name == "unset":
        continue
    case = fixtures.fixture(name)
    text = text_of(fixtures.render(case, "message"))
    lint(name, text)
    lines_alone(name, case, text)
    fields_alone(name, case, text)
    checks.ok("the last thing like a zone is UTC or the log's: " + name,
              last_zone(text.split("\n\nNo reply is expected")[-1]) in (None, "+0000"), text[-400:])
checks.exit()
