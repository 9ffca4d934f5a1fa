#!/usr/bin/python3
"""The lint judges sentences by their shape: hostile and friendly ones, none of which holds
a phrase of its list, each put into a good memo. Three pairs of files were written after
the rules; docs/decisions.md says what the first look at them found."""

import json
import os
import re
import subprocess
import tempfile
import textwrap

import report_fixtures as fixtures

checks = fixtures.Checks()
TONE = os.path.join(fixtures.TOP, "tests/golden/tone")
MEMO = fixtures.render(fixtures.fixture("login-attack"), "memo").decode()
HEAD, TAIL = MEMO.split("\n\nAll times are UTC", 1)


def sentences(name):
    with open(os.path.join(TONE, name + ".txt"), encoding="utf-8") as file:
        return file.read().splitlines()


def listed():
    """The phrases of the list, as expressions."""
    with open(os.path.join(fixtures.TOP, "src/report/lint.c"), encoding="utf-8") as file:
        rows = re.findall(r'\{ "([^"]+)", "[a-z-]+", [A-Z]+ \}', file.read())
    checks.ok("the list was found", len(rows) > 50, len(rows))
    return [re.compile(r"\b%s%s" % (re.escape(row.rstrip("*")),
                                    "" if row.endswith("*") else r"\b"),
                       0 if row[0].isupper() else re.I) for row in rows]


def findings(texts):
    """-> for each text, the rules found in a good memo that holds it"""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        paths = []
        for i, text in enumerate(texts):
            paths.append(os.path.join(folder, "%d.txt" % i))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write("%s\n\n%s\n\nAll times are UTC%s" %
                           (HEAD, textwrap.fill(text, 76), TAIL))
        done = subprocess.run([fixtures.TIPOFF, "lint", "--json", *paths],
                              capture_output=True, timeout=300)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    found = {path: [] for path in paths}
    for line in done.stdout.decode().splitlines():
        row = json.loads(line)
        found[row["file"]].append(row)
    return [found[path] for path in paths]


def hostile(name):
    rows = [line.split("|", 1) for line in sentences(name)]
    for (rule, text), got in zip(rows, findings([text for _, text in rows])):
        checks.ok("%s, %s: %s" % (name, rule, text),
                  any(row["kind"] != "missing" for row in got), got)
    return [text for _, text in rows]


def friendly(name):
    texts = sentences(name)
    for text, got in zip(texts, findings(texts)):
        checks.ok("%s: %s" % (name, text), not got, got)
    return texts


everything = []
for suffix in ("", "holdout-", "second-", "third-"):
    everything += hostile(suffix + "hostile") + friendly(suffix + "friendly")
for phrase in listed():
    held = [text for text in everything if phrase.search(text)]
    checks.ok("no sentence holds the listed " + phrase.pattern, not held, *held)
checks.exit()
