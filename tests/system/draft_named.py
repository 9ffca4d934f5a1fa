#!/usr/bin/python3
"""draft --source: by address, by an address inside an IPv6 prefix, by the name in the log;
one that did nothing is said to have done nothing."""

import json
import os
import subprocess

TIPOFF, TOP, FOLDER = (os.environ[name] for name in ("TIPOFF", "TOP", "TMPDIR"))


def draft(source):
    """-> the parts of all reports of an own store, and the notes"""
    store = os.path.join(FOLDER, "named-%s.db" % "".join(filter(str.isalnum, source)))
    done = subprocess.run(
        [TIPOFF, "--config", "examples/tipoff.conf", "--store", store, "--json", "--now",
         "2026-11-21T06:00:00Z", "--set", "judge.failures=1000", "--set",
         "judge.users=1000", "draft", "--offline", "--source", source,
         "examples/logs/auth.log", "examples/logs/secure"],
        cwd=TOP, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    cases = [row for row in map(json.loads, done.stdout.splitlines())
             if row["type"] == "case"]
    return [report["part"] for case in cases for report in case["reports"]], done.stderr


def main():
    rows = [("198.51.100.142", "198.51.100.142"),
            ("2001:db8:7:1::/64", "2001:db8:7:1::/64"),
            ("2001:DB8:7:1::1", "2001:db8:7:1::/64"),
            ("7DYN94.delft.ijsselkabel.example", "203.0.113.42")]
    for source, part in rows:
        parts, notes = draft(source)
        good = part in parts and not notes
        print("%s %s" % ("ok" if good else "# %s %s\nnot ok" % (parts, notes), source))
    parts, notes = draft("198.51.100.143")
    good = "198.51.100.143" not in parts and "'198.51.100.143' did nothing" in notes
    print("%s" % ("ok" if good else "# %s %s\nnot ok" % (parts, notes)), "nobody")


main()
