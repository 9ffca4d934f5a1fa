#!/usr/bin/python3
"""What public databases would be told, as people read it and approved it; each is taken by
a fake of its database that enforces the documented rules. Then hostile evidence: everybody
can read what is told, so nothing of ours and of third parties may be in it. `--update`
writes what is rendered now, for review."""

import copy
import difflib
import os
import re
import sys
import urllib.parse

import report_fixtures as fixtures
from fakes.databases import DSHIELD, SERVICES, row_problem

checks = fixtures.Checks()
ok = checks.ok
GOLDEN = os.path.join(fixtures.TOP, "tests/golden/public")
DATABASES = ("abuseipdb", "blocklist.de", "dshield")
CASES = ("login-attack", "compromise", "exploit-attempt", "mail-abuse", "dos", "scan",
         "sweep", "probe", "ipv6", "three", "inside", "sensor")
OWN = ("web1", "harbour-books", "198.51.100.20", "mkeller", "jane.roe", "Maria", "Keller",
       "10.0.0.5")


def case_of(name):
    case = copy.deepcopy(fixtures.fixture(name))
    case["settings"].update(blocklist_de_server="fail2ban@reporter.example",
                            dshield_user="12345")
    return case


def told(case, database):
    return fixtures.render(case, database).decode()


def against_golden(name, text):
    path = os.path.join(GOLDEN, name + ".txt")
    if "--update" in sys.argv:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    with open(path, encoding="utf-8", newline="") as file:
        want = file.read()
    ok("golden " + name, text == want, *difflib.unified_diff(
        want.splitlines(), text.splitlines(), "golden", "rendered", lineterm=""))


def forms(text):
    """-> the forms in what was rendered, percent-decoded strictly"""
    lines = [line for line in text.splitlines() if re.match(r"(ip|server)=", line)]
    return [{name: value[0] for name, value in urllib.parse.parse_qs(
        line, strict_parsing=True, errors="strict").items()} for line in lines]


def rules(name, case):
    for form in forms(told(case, "abuseipdb")):
        problem = row_problem(form["ip"], form["categories"], form["timestamp"],
                              form["comment"])
        ok("%s: AbuseIPDB takes it" % name, problem is None and
           set(form) == {"ip", "categories", "timestamp", "comment"}, problem, form)
    for form in forms(told(case, "blocklist.de")):
        ok("%s: blocklist.de takes it" % name, form["service"] in SERVICES and
           set(form) == {"server", "service", "ip", "logs", "format"}, form)
    rows = [row for row in told(case, "dshield").splitlines() if "\t" in row]
    ok("%s: DShield takes it" % name, all(DSHIELD.fullmatch(row) for row in rows), *rows)


def of_ours(name, case):
    for database in DATABASES:
        text = urllib.parse.unquote(told(case, database).replace(
            "fail2ban%40reporter.example", ""))
        found = [word for word in OWN if word in text]
        ok("%s: %s learns nothing of ours" % (name, database), not found, found, text)


def forged():
    """What may be forged, and a source known by name, is told to nobody."""
    case = case_of("login-attack")
    case["sources"][0]["incidents"][0]["certainty"] = "datagram"
    named = case_of("login-attack")
    named["sources"][0].update(name="box.northwind-hosting.example")
    for database in DATABASES:
        text = told(case, database)
        ok("a source that may be forged: %s is not told" % database,
           text.startswith("no 203.0.113.77: what was seen may be forged"), text)
        text = told(named, database)
        ok("a source logged as a name: %s is not told" % database,
           text.startswith("no 203.0.113.77: the log has a name"), text)


def left_out(text, why):
    """-> of how many sources that is said"""
    found = re.findall(r"^no \S+(?: and (\d+) more)?: " + re.escape(why) + "$", text, re.M)
    return sum(1 + int(more or 0) for more in found)


def limits():
    case = case_of("login-attack")
    line = case["sources"][0]["incidents"][0]["lines"][0]
    case["sources"][0]["incidents"][0]["lines"] = [
        dict(line, text="Nov 21 02:14:07 web1 sshd[1]: Failed password for root from "
             "203.0.113.77 port 1 " + "x" * 380)] * 20
    form = forms(told(case, "abuseipdb"))[0]
    ok("a comment is at most 1024 bytes", 500 < len(form["comment"]) <= 1024,
       len(form["comment"]))
    ok("and ends with a whole line", form["comment"].endswith("xxx..."), form["comment"])
    bulk_limits(case["sources"][0]["incidents"][0])


def crowd(count, incident):
    model = case_of("three")
    model["sources"] = [{"address": "203.%d.%d.%d" % (
        100 + i // 62500, i // 250 % 250, i % 250 + 1), "incidents": [incident]}
        for i in range(count)]
    return model


def bulk_limits(incident):
    long = dict(incident, users=[], lines=incident["lines"][:5])
    long["lines"] = [dict(line, text=line["text"].replace("from 203.0.113.77 ", ""))
                     for line in long["lines"]]
    short = {key: incident[key] for key in ("category", "services", "first", "last", "count")}
    for name, count, one in (("2 MB", 2500, long), ("10,000 lines with its heading", 10100,
                                                    short)):
        text = told(crowd(count, one), "abuseipdb")
        rows = len(re.findall(r'^203\.[0-9.]+,"18,22",', text, re.M))
        ok("a bulk report has at most " + name, (rows == 9999 or one is long) and
           1000 < rows < count and
           len(text.split("\r\n\r\n")[1].split("\r\n--")[0]) <= 2000 * 1000, rows)
        ok("more than %s: what it does not hold is said" % name,
           left_out(text, "a bulk report takes no more") == count - rows)
    model = crowd(100, short)
    text = told(model, "blocklist.de")
    ok("blocklist.de gets at most 20 addresses of a case",
       len(forms(text)) == 20 and left_out(text, "20 of a case are enough") == 80)


# Evidence that others chose, and what must not be in what is told.
HOSTILE = (
    ("Nov 21 02:14:07 web1 sshd[1]: Failed password for bob from 203.0.113.77 port 1 ssh2",
     "bob", ("web1", "bob")),
    ("2026-11-21T02:14:07+01:00 web1.harbour-books.example sshd[1]: Failed password for "
     "root from 203.0.113.77", "root", ("web1", "harbour")),
    ("<38>1 2026-11-21T02:14:07Z web1 sshd 3689 - - login of root refused", "root",
     ("web1",)),
    ("web1 login of root refused", "root", ("web1",)),
    ('{"host": "web1", "src": "203.0.113.77", "msg": "x: y"}', "", ("web1",)),
    ("www.harbour-books.example:443 203.0.113.77 - - [21/Nov/2026:02:14:07 +0000] \"GET /\"",
     "", ("harbour-books",)),
    ('203.0.113.77 - - [21/Nov/2026:02:14:07 +0000] "GET /a.php?q=secretvalue HTTP/1.1" 404 '
     '"https://shop.harbour-books.example/x" "Mozilla/5.0 (+http://bot.example/b.html)"', "",
     ("harbour-books", "secretvalue", "bot.example")),
    ('203.0.113.77 - carol [21/Nov/2026:02:14:07 +0000] "GET http://inside.corp/ HTTP/1.0"',
     "carol", ("carol", "inside.corp")),
    ("Nov 21 02:14:07 web1 postfix/smtpd[2]: reject: RCPT from unknown[203.0.113.77]: "
     "from=<dave@customer.example> to=<erin@harbour-books.example> helo=<mx.peer.example>",
     "", ("dave", "erin", "customer.example", "harbour-books", "peer.example")),
    ("Nov 21 02:14:07 web1 sshd[1]: Connection from 203.0.113.77 port 9 on 198.51.100.20 "
     "port 22 via 192.0.2.200", "", ("198.51.100.20", "192.0.2.200")),
    ("Nov 21 02:14:07 web1 app[1]: password=hunter2 token: abcdef cookie: sid=zz9", "",
     ("hunter2", "abcdef", "zz9")),
    ("Nov 21 02:14:07 web1 sshd[1]: \x1b[2J\x07evil\x00 \u202egnp.exe\r\nInjected: yes", "",
     ("\x1b", "\x07", "\x00", "\u202e", "\r")),
    ("Nov 21 02:14:07 web1 sshd[1]: \",\"1\",x\n203.0.113.9,\"18\",2026,\"framed\\\"", "",
     ("\"", "\\", "\n203.0.113.9")),
    ("Nov 21 02:14:07 web1 sshd[1]: a&ip=192.0.2.1&categories=3%00+%0d%0a", "",
     ("192.0.2.1",)),
    ("Nov 21 02:14:07 web1 sshd[1]: --tipoff-0123\r\nContent-Disposition: form-data", "",
     ("\r",)),
    ("Nov 21 02:14:07 web1 sshd[1]: m\u00fcnchen.b\u00fcro.example " + "y" * 100000, "",
     ("b\u00fcro",)),
    ("Nov 21 02:14:07 web1 sshd[1]: x198.51.100.20 g2001:db8::9 198.51.100.20x _198.51.100.20 "
     "203.0.113.77:22", "", ("198.51.100.20", "2001:db8", "::9")),
    ("=cmd|' /C calc'!A0", "", ("calc",)),
    ("", "", ()),
)


def hostile():
    for number, (text, user, never) in enumerate(HOSTILE, 1):
        case = case_of("login-attack")
        incident = case["sources"][0]["incidents"][0]
        incident["lines"] = [{"at": "2026-11-21T02:14:07Z", "text": text, "user": user}]
        incident["users"] = [user] if user else []
        [form] = forms(told(case, "abuseipdb"))
        [listed] = forms(told(case, "blocklist.de"))
        for where, value in (("comment", form["comment"]), ("logs", listed["logs"])):
            found = [word for word in never if word in value]
            ok("hostile %d: the %s holds none of %d words" % (number, where, len(never)),
               not found and value.isascii() and value.replace("\n", "").isprintable() and
               '"' not in value and "\\" not in value, found, value)
        ok("hostile %d: it is about the source alone" % number,
           form["ip"] == listed["ip"] == "203.0.113.77" and form["categories"] == "18,22" and
           row_problem(form["ip"], form["categories"], form["timestamp"],
                       form["comment"]) is None, form)
        bulk = case_of("three")
        bulk["sources"][1]["incidents"][0]["lines"] = incident["lines"]
        rows = re.findall(r"^[0-9a-f.:]+,\"", told(bulk, "abuseipdb"), re.M)
        ok("hostile %d: the table has three rows" % number, len(rows) == 3, rows)


def silent_success():
    """Nobody is told that a login worked."""
    text = "".join(urllib.parse.unquote(told(case_of("compromise"), d)) for d in DATABASES)
    ok("nobody is told that a login worked",
       "Accepted" not in text and "success" not in text, text)


for name in CASES:
    case = case_of(name)
    against_golden(name, "".join("==== %s\n%s" % (d, told(case, d)) for d in DATABASES))
    rules(name, case)
    of_ours(name, case)
forged()
limits()
hostile()
silent_success()
checks.exit()
