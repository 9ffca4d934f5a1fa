#!/usr/bin/python3
"""docs/json.md knows every field of every record that the program prints, and none that
it does not: records of real runs over the examples, field by field."""

import json
import os
import re
import subprocess

TIPOFF, TOP = os.environ["TIPOFF"], os.environ["TOP"]
FOLDER = os.environ["TMPDIR"]
# Only look-ups that this test does not make print this record.
UNSEEN = {"whois", "served"}


def tipoff(*words, may_fail=False, given=None, offline="--offline"):
    """-> the records that a command printed; `given` comes by a pipe"""
    entry = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
    done = subprocess.run(
        [TIPOFF, "--config", "examples/tipoff.conf", "--store",
         os.path.join(FOLDER, "json.db"), "--now", "2026-11-21T06:00:00Z", offline,
         "--json", *words],
        cwd=TOP, capture_output=True, text=True, check=False, **entry)
    assert may_fail or done.returncode in (0, 10), (words, done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()
            if line.startswith("{")]


def fields_of(value, above=""):
    """-> the names in a record: "target.port", "evidence[].text"; what is null or [] in
    one record shows what it holds in another."""
    if isinstance(value, list):
        for item in value:
            yield from fields_of(item, above + "[]")
        if not value or not isinstance(value[0], dict):
            yield above
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from fields_of(inner, "%s.%s" % (above, key) if above else key)
        if not value:
            yield above
    else:
        yield above


def framed():
    """A rule that names an innocent, so that all fields hold something."""
    rule, log = os.path.join(FOLDER, "loose.conf"), os.path.join(FOLDER, "loose.log")
    with open(rule, "w", encoding="utf-8") as file:
        file.write("[Definition]\nfailregex = login of .* from <HOST>\n")
    with open(log, "w", encoding="utf-8") as file:
        file.write("Nov 20 10:00:01 web1 x[7]: login of x from 203.0.113.77\n")
    return tipoff("rules", "test", "--frame", "--log", log, rule, may_fail=True)


def printed():
    """-> {type: names} of everything seen"""
    memo = os.path.join(FOLDER, "memo.txt")
    with open(memo, "w", encoding="utf-8") as file:
        file.write("You must stop this.\n")
    records = tipoff("draft", "examples/logs")
    case = next(row["id"] for row in records if row["type"] == "case" and row["contact"])
    records += tipoff("detect", "--events", "examples/logs")
    bans = os.path.join(FOLDER, "fail2ban.log")
    with open(bans, "w", encoding="utf-8") as file:
        for module, words in (("filter", "Found 203.0.113.77 - 2026-11-21 05:14:30"),
                              ("actions", "Ban 203.0.113.77"),
                              ("actions", "Unban 203.0.113.77")):
            file.write("2026-11-21 05:14:30,123 fail2ban.%s [812]: NOTICE  [sshd] %s\n"
                       % (module, words))
    records += tipoff("detect", bans)
    known = os.path.join(FOLDER, "known.log")
    with open(known, "w", encoding="utf-8") as file:
        for minute, words in enumerate(("Accepted", "Failed")):
            file.write("Nov 20 10:%02d:00 web1 sshd[%d]: %s password for maria from "
                       "203.0.113.77 port 4 ssh2\n" % (minute, minute + 7, words))
    records += tipoff("detect", known)
    crowd = os.path.join(FOLDER, "crowd.log")
    with open(crowd, "w", encoding="utf-8") as file:
        for i in range(1, 101):
            file.write("Nov 20 10:00:00 web1 sshd[7]: Failed password for root from "
                       "192.0.2.%d port 4 ssh2\n" % i)
    records += tipoff("detect", crowd)
    records += tipoff("show", case) + tipoff("approve", case)
    records += tipoff("send", "--dry-run", case)
    providers = os.path.join(FOLDER, "providers.txt")
    with open(providers, "w", encoding="utf-8") as file:
        file.write("hexagon-colo.example | form-only | https://hexagon-colo.example/abuse | "
                   "times with zone | x; 2026-11-01\n")
    forms = tipoff("draft", "examples/logs", "--set", "look-up.providers=" + providers)
    records += [row for row in forms if row["type"] == "case"]
    for query in ("203.0.113.77", "203.0.113.230", "10.0.0.1"):
        records += tipoff("contact", query)
    tipoff("stop", "spam.example")
    records += tipoff("templates", "list")
    records += tipoff("stop") + tipoff("rules", "list") + framed() + tipoff("registry", "status")
    records += tipoff("registry", "build", "--folder", "examples/registry", "--index",
                      os.path.join(FOLDER, "built.index"))
    # a port of our own that nobody listens at, so that it fails and asks nobody
    records += tipoff("registry", "update", "--only", "rdap/asn.json", "--folder",
                      os.path.join(FOLDER, "dumps"), "--set",
                      "look-up.connect-to=data.iana.org:443:127.0.0.1:1", may_fail=True,
                      offline="--quiet")
    records += tipoff("lint", memo, may_fail=True)
    records += tipoff("rules", "list", "--fail2ban", "tests/cli/detect-fail2ban/f2b")
    records += tipoff("rules", "test", "tests/cli/rules-test-output/exampled.log",
                      "tests/cli/rules-test-output/filter.d/exampled.conf", "--missed")
    records += tipoff("watch", "-", given="a line\n")
    found = {}
    for record in records:
        found.setdefault(record["type"], set()).update(fields_of(record))
    return found


def documented():
    """-> {type: names} of the tables"""
    with open(os.path.join(TOP, "docs", "json.md"), encoding="utf-8") as file:
        parts = re.split(r"^## ([\w-]+)\n", file.read(), flags=re.M)[1:]
    found = {}
    for name, part in zip(parts[::2], parts[1::2]):
        rows = re.findall(r"^\| (`.*?) \|", part, re.M)
        found[name] = {"type"}.union(*(re.findall(r"`([^`]+)`", row) for row in rows))
    return found


def plain(names):
    """A list of objects is told by its fields, a list of texts by its name alone."""
    tidy = {re.sub(r"\[\]$", "", name) for name in names}
    return {name for name in tidy
            if not any(other.startswith((name + "[]", name + ".")) for other in tidy)}


def rule_paths():
    """Each rule tells its own file, not the one that it includes first."""
    wrong = [row for row in tipoff("rules", "list")
             if os.path.basename(row["path"]) != row["name"] + ".conf"]
    for row in wrong:
        print("# %(name)s: %(path)s" % row)
    print("%s rules tell their own file" % ("not ok" if wrong else "ok"))


def main():
    rule_paths()
    have, want = documented(), printed()
    for kind in sorted(have.keys() | want.keys()):
        if kind in UNSEEN:
            continue
        wrong = sorted(plain(have.get(kind, set())) ^ plain(want.get(kind, set())))
        for name in wrong:
            print("# %s: only %s" % (name, "in docs/json.md" if name in
                                     have.get(kind, set()) else "printed"))
        print("%s %s" % ("not ok" if wrong else "ok", "fields of " + kind))


main()
