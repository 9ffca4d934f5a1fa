#!/usr/bin/python3
"""Every shipped rule against its own samples and against lines that accuse an innocent.

Two engines read the same rules: fail2ban's own (where it is installed) and ours.
Both must find what the samples say.
"""

import configparser
import contextlib
import datetime
import io
import ipaddress
import logging
import os
import pathlib
import re
import subprocess
import tempfile

try:
    from fail2ban.client import fail2banregex
except ImportError:
    fail2banregex = None

TOP = pathlib.Path(os.environ.get("TOP", pathlib.Path(__file__).parents[2]))
RULES = TOP / "rules"
TIPOFF = pathlib.Path(os.environ.get("TIPOFF", TOP / "build/test/tipoff"))
MATCH_LOG = TIPOFF.parent / "tests/unit/match_log"
NOT_RULES = {"upstream.conf"}
KEYS = {"category", "service", "port", "handshake", "names", "outcome", "description"}
CATEGORIES = {"backscatter", "probe", "scan", "sweep", "dos", "login-attack", "exploit-attempt",
              "mail-abuse", "compromise"}
SAMPLE = re.compile(r"(match|never)\.(\d+)(?:\.(source|time|user))?\Z")
FORMAT = "<ip>\t<F-USER>\t<time>"


class Rule:
    def __init__(self, path):
        self.path, self.name = path, path.stem
        parser = configparser.RawConfigParser(
            strict=True, inline_comment_prefixes=None, delimiters=("=",),
            default_section="none")
        parser.read(path, encoding="utf-8")
        self.report = dict(parser["Report"])
        self.matches, self.never = {}, {}
        parser["Samples"].pop("own", None)  # words that no peer chooses
        for key, value in parser["Samples"].items():
            kind, number, field = SAMPLE.match(key).groups()
            if kind == "never":
                self.never[int(number)] = value
            else:
                self.matches.setdefault(int(number), {})[field or "line"] = value

    def read(self, lines):
        """What fail2ban finds in the lines: (source, user, seconds) for each match."""
        with tempfile.NamedTemporaryFile("w", suffix=".log", encoding="utf-8") as log:
            log.write("".join(line + "\n" for line in lines))
            log.flush()
            names = self.report.get("names") == "yes"
            said = fail2ban_says(["--usedns=" + ("raw" if names else "no"), "-e", "utf-8",
                                  "-o", FORMAT, log.name, str(self.path)])
        return [row.split("\t") for row in said.splitlines() if row.count("\t") == 2]


def fail2ban_says(words):
    """fail2ban-regex, in this process: its start takes twenty times as long as its work.
    It adds a handler to its log at every call, which would say things again and again."""
    said = io.StringIO()
    log = logging.getLogger("fail2ban")
    before = list(log.handlers)
    with contextlib.redirect_stdout(said):
        try:
            fail2banregex.exec_command_line(words)
        except SystemExit:
            raise RuntimeError(said.getvalue().strip()[-300:] or "no answer") from None
        finally:
            log.handlers[:] = before
    return said.getvalue()


def same_source(found, expected):
    try:
        return ipaddress.ip_address(found) == ipaddress.ip_address(expected)
    except ValueError:
        return found == expected


def instant(stamp):
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def seconds(stamp):
    """Whole ones: fail2ban drops the fraction."""
    return int(instant(stamp).timestamp())


def wrong_keys(rule):
    report = rule.report
    yield from ("unknown key '%s'" % key for key in report.keys() - KEYS)
    if report.get("category") not in CATEGORIES:
        yield "unknown category '%s'" % report.get("category")
    if not re.fullmatch(r"\d+/(tcp|udp)", report.get("port", "1/tcp")):
        yield "port is not like 22/tcp"
    for key, values in (("handshake", "yes no"), ("names", "yes no"),
                        ("outcome", "attempt success")):
        if report.get(key) not in values.split():
            yield "%s is not one of: %s" % (key, values)
    if len(rule.matches) < 5 or len(rule.never) < 5:
        yield "fewer than 5 samples of a kind"
    for number, sample in rule.matches.items():
        if not {"line", "source"} <= sample.keys():
            yield "match.%d lacks its line or its source" % number


def wrong_matches(rule):
    for number, sample in sorted(rule.matches.items()):
        found = rule.read([sample["line"]])
        if len(found) != 1:
            yield "match.%d gives %d events" % (number, len(found))
            continue
        source, user, time = found[0]
        if not same_source(source, sample["source"]):
            yield "match.%d names %s, not %s" % (number, source, sample["source"])
        if "user" in sample and user != sample["user"]:
            yield "match.%d finds user '%s'" % (number, user)
        if "time" in sample and int(float(time)) != seconds(sample["time"]):
            yield "match.%d is dated %s" % (number, time)


def all_as_said(rule, others=()):
    """All match samples in one run, which is quick: false if anything differs, or if
    anything is found in the other lines, which stand behind them."""
    samples = [rule.matches[number] for number in sorted(rule.matches)]
    found = rule.read([sample["line"] for sample in samples] + list(others))
    return len(found) == len(samples) and all(
        same_source(row[0], sample["source"])
        and row[1] == sample.get("user", row[1])
        and ("time" not in sample or int(float(row[2])) == seconds(sample["time"]))
        for row, sample in zip(found, samples))


def wrong_samples(rule):
    if not all_as_said(rule):
        yield from wrong_matches(rule)
    if rule.read(rule.never.values()):
        for number, line in sorted(rule.never.items()):
            yield from ("never.%d names %s" % (number, row[0]) for row in rule.read([line]))


def injections():
    path = pathlib.Path(os.environ.get("CORPORA", "/nonexistent")) / "inject.tsv"
    if not path.is_file():
        return None
    rows = [row.split("\t", 4) for row in path.read_text("utf-8").splitlines()[1:]]
    return [(true, framed, line) for _, true, framed, _, line in rows]


def framed_by(rule, rows):
    innocent = {framed for _, framed, _ in rows}
    for row in rule.read([line for _, _, line in rows]):
        if row[0] in innocent:
            yield "%s is framed" % row[0]


def say(name, problems):
    problems = list(problems)
    print(("not ok " if problems else "ok ") + name)
    for problem in problems:
        print("# " + problem)


def check(rule, rows):
    """One run where all is well; else one for each question."""
    try:
        lines = [line for _, _, line in rows or []]
        if all_as_said(rule, [*rule.never.values(), *lines]):
            return ([], [])
        return (list(wrong_samples(rule)), list(framed_by(rule, rows or [])))
    except RuntimeError as error:
        return ([str(error)], [])


def check_with_fail2ban(rules, rows):
    if fail2banregex is None:
        print("skip rules samples by fail2ban # fail2ban is not installed")
        return
    for rule in rules:
        samples, framed = check(rule, rows)
        say("rules %s: its samples, read by fail2ban" % rule.name, samples)
        if rows is not None:
            say("rules %s: nobody framed, read by fail2ban" % rule.name, framed)
    if rows is None:
        print("skip rules frame nobody # no corpora")


def ours(rule, lines):
    """What our matcher finds, by line number: (source, user, time, contested)."""
    run = subprocess.run(
        [MATCH_LOG, str(RULES), "UTC", "2026-11-21T06:00:00Z", "-", *rule],
        input="".join(line + "\n" for line in lines),
        capture_output=True, text=True, timeout=60, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr.strip())
    rows = [row.split("\t") for row in run.stdout.splitlines()]
    return {int(row[0]): (row[2], row[3], row[1], row[5] == "contested")
            for row in rows if row[0] != "counts"}


def wrong_by_ours(rule):
    numbers = sorted(rule.matches)
    never = sorted(rule.never)
    found = ours([rule.name], [rule.matches[number]["line"] for number in numbers]
                 + [rule.never[number] for number in never])
    for at, number in enumerate(numbers, 1):
        source, user, time, _ = found.get(at, (None, "", "", False))
        sample = rule.matches[number]
        if source is None or not same_source(source, sample["source"]):
            yield "match.%d names %s" % (number, source)
        elif user != sample.get("user", user):
            yield "match.%d finds user '%s'" % (number, user)
        elif "time" in sample and instant(time) != instant(sample["time"]):
            yield "match.%d is dated %s" % (number, time)
    for at, number in enumerate(never, len(numbers) + 1):
        if at in found:
            yield "never.%d names %s" % (number, found[at][0])


def framed_by_ours(rows):
    """All rules at once: a line that two rules read differently must be contested."""
    found = ours([], [line for _, _, line in rows])
    for number, (source, _, _, contested) in sorted(found.items()):
        _, framed, line = rows[number - 1]
        if not contested and source == framed:
            yield "%s is framed: %s" % (source, line)


def check_with_ours(rules, rows):
    for rule in rules:
        say("rules %s: its samples, read by tipoff" % rule.name, wrong_by_ours(rule))
    if rows is not None:
        say("rules: nobody framed by all of them, read by tipoff", framed_by_ours(rows))


def main():
    rules = [Rule(path) for path in sorted(RULES.glob("*.conf"))
             if path.name not in NOT_RULES]
    say("rules: there are some", [] if len(rules) > 20 else ["only %d" % len(rules)])
    for rule in rules:
        say("rules %s: keys" % rule.name, wrong_keys(rule))
    rows = injections()
    check_with_fail2ban(rules, rows)
    check_with_ours(rules, rows)


if __name__ == "__main__":
    main()
