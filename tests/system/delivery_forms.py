#!/usr/bin/python3
"""Desks that take reports by a web form alone: fields to paste, approval as for mail, a form
in a person's hands, told, refused, taken back; caps, stop list, policy, follow-ups."""

import json
import os
import sqlite3

from delivery_ground import HEXAGON, KILIMA, NORTHWIND, House, checks, ok

FORM = "https://northwind-hosting.corp/report"
OTHER = "https://hexagon-colo.corp/abuse"
ROWS = ("northwind-hosting.corp | form-only | %s | times with zone | x; 2026-11-01\n"
        "hexagon-colo.corp | form-only | %s | - | x; 2026-11-01\n" % (FORM, OTHER))
TEN = 10 * 3600


def equal(name, got, want):
    ok(name, got == want, "got %r" % (got,), "want %r" % (want,))


def house_of(name, rows=ROWS):
    house = House(name)
    table = os.path.join(house.folder, "providers.txt")
    with open(table, "w", encoding="utf-8") as file:
        file.write(rows)
    house.sets.append("look-up.providers=" + table)
    house.draft()
    return house


def outbox(house, case):
    return house.rows("SELECT o.state FROM outbox o JOIN report r ON r.id = o.report WHERE "
                      "r.kase = ? ORDER BY o.id", case)


def case_json(house, case):
    [line] = house.run("show", "--json", case).stdout.splitlines()
    return json.loads(line)


def fields_of(report):
    return {field["name"]: field["value"] for field in report["form"]["fields"]}


def fields():
    house = house_of("fields")
    case = house.cases()[FORM]
    record = case_json(house, case)
    equal("the contact is the form", (record["contact"], record["mailbox"]), (FORM, NORTHWIND))
    equal("a report for each source", len(record["reports"]), 3)
    report = next(r for r in record["reports"] if r["part"] == "203.0.113.77")
    values = fields_of(report)
    equal("URL and what the desk wants", (report["form"]["url"], report["form"]["wants"]),
          (FORM, "times with zone"))
    for name, value in (("source", "203.0.113.77"), ("reporter", "Maria Keller"),
                        ("reporter_mail", "maria@harbour-books.corp"),
                        ("first", "2026-11-21 02:14:07 +0000"), ("zone", "UTC (+0000)"),
                        ("kind", "SSH login attack"), ("reference", report["token"]),
                        ("subject", report["subject"]), ("description", report["memo"]),
                        ("what", "214 failed SSH logins, 35 user names tried")):
        equal("field " + name, values[name], value)
    lines = values["evidence"].splitlines()
    ok("evidence in UTC, no more than of a mail", 1 < len(lines) <= 20 and
       all(" +0000 | " in line for line in lines), lines)
    ok("nothing stands empty", all(values.values()), values)
    shown = house.run("show", case).stdout.decode()
    for words in ("Form: " + FORM, "it wants: times with zone", "Source address:          "
                  "203.0.113.77\n", "tipoff told " + case):
        ok("shown: " + words.split(":")[0], words in shown, shown)
    several = fields_of(case_json(house, house.cases()[OTHER])["reports"][0])
    equal("six sources, a line each", len(several["source"].splitlines()), 6)
    ok("draft --show prints them too",
       "Form: " + FORM in house.draft("--show", "examples/logs").stdout.decode())


def hostile():
    """What an attacker wrote comes out escaped, and the URL is one line."""
    house = House("hostile")
    log = os.path.join(house.folder, "auth.log")
    with open(log, "w", encoding="latin-1") as file:
        for i in range(12):
            file.write("Nov 20 21:14:%02d web1 sshd[3]: Failed password for invalid user "
                       "a\x1b]0;x\x07b\u009b2J<b> from 203.0.113.77 port 5300%d ssh2\n"
                       % (i, i % 10))
    table = os.path.join(house.folder, "providers.txt")
    with open(table, "w", encoding="utf-8") as file:
        file.write(ROWS.replace("times with zone", "times \x1b[2J with zone"))
    house.sets.append("look-up.providers=" + table)
    house.draft(log)
    case = house.cases()[FORM]
    out = house.run("show", case).stdout
    ok("no control reaches the terminal", out.count(b"Form: ") == 1 and
       not any(byte < 32 and byte != 10 for byte in out) and b"\xc2\x9b" not in out, out)
    wants = case_json(house, case)["reports"][0]["form"]["wants"]
    ok("nor the JSON's reader", "\x1b" not in wants, wants)
    for url in ("http://n.corp/abuse", "https://n.corp/a b", "javascript:alert(1)",
                "https://n.corp/<x>"):
        with open(table, "w", encoding="utf-8") as file:
            file.write("n.corp | form-only | %s | w | s\n" % url)
        done = house.run("draft", log, code=None)
        ok("no form: " + url, done.returncode == 78 and b"https URL" in done.stderr, done)


def told():
    house = house_of("told")
    case = house.cases()[FORM]
    done = house.real("told", case, code=None)
    ok("a draft cannot have been told", done.returncode != 0 and
       b"no form there waits" in done.stderr, done)
    done = house.send("--dry-run", case)
    ok("a dry run gives nothing", house.states() == [] and b"Nothing was sent" in done.stdout)
    house.real("approve", case)
    equal("approved: it waits", outbox(house, case), [("ready",)] * 3)
    approved = {row[0]: json.loads(row[1]) for row in house.rows(
        "SELECT part, message FROM report WHERE state = 'approved'")}
    equal("the bytes approved are the form", approved["203.0.113.77"]["url"], FORM)
    done = house.send("--dry-run")
    ok("a dry run says so", b"would be yours to fill in" in done.stdout, done)
    done = house.send(code=75)
    equal("send hands it to nobody", (outbox(house, case), house.sink.mails()),
          ([("to fill in",)] * 3, []))
    ok("but to you", done.stdout.decode().count("Form: " + FORM) == 3 and
       ("tipoff told " + case).encode() in done.stdout, done)
    equal("the case waits for you", house.case_state(case), "to fill in")
    ok("queue says it", b"to fill in" in house.run("queue").stdout)
    ok("draft says it", b"has a form that waits for you" in house.draft().stdout)
    house.send()
    equal("and nothing of it moves", outbox(house, case), [("to fill in",)] * 3)
    done = house.run("edit", case, "--part", "203.0.113.77", code=None)
    ok("nor is it edited", b"--take-back" in done.stderr, done)
    done = house.run("close", case, code=None)
    ok("nor closed", b"is yours to fill in" in done.stderr, done)

    house.now = "2026-11-21T09:30:00Z"
    house.real("told", "--part", "203.0.113.99", "--tag", "[NW #17]", case)
    equal("one is told", sorted(outbox(house, case)), [("sent",), ("to fill in",),
                                                       ("to fill in",)])
    equal("the case still waits", house.case_state(case), "to fill in")
    equal("the desk's number is kept", house.rows("SELECT tag FROM kase WHERE id = ?", case),
          [("[NW #17]",)])
    house.real("told", case)
    equal("all are told", outbox(house, case), [("sent",)] * 3)
    equal("the case is sent", house.case_state(case), "sent")
    equal("since the person said so", house.rows(
        "SELECT DISTINCT datetime(sending_at / 1000000, 'unixepoch') FROM outbox"),
          [("2026-11-21 09:30:00",)])
    record = house.run("show", case).stdout.decode()
    ok("on record", record.count("a person filled in the form") == 3 and
       "approved" in record, record)
    done = house.real("told", case, code=None)
    ok("once", done.returncode != 0, done)
    house.draft()
    equal("nothing is told twice", [row[0] for row in house.rows(
        "SELECT count(*) FROM kase WHERE contact = ?", FORM)], [1])
    house.real("correct", "--reason", "it was our own test", case)
    done = house.send("--yes", case, code=75)
    ok("a correction goes the same way", b"Correction: " in done.stdout and
       outbox(house, case)[3:] == [("to fill in",)] * 3 and not house.sink.mails(), done)
    house.real("told", case)
    equal("and is told the same way", outbox(house, case), [("sent",)] * 6)


def taken_back():
    house = house_of("back")
    case = house.cases()[FORM]
    house.send("--yes", case, code=75)
    house.real("told", "--take-back", case)
    equal("taken back: approved and waits", (outbox(house, case), house.case_state(case)),
          ([("ready",)] * 3, "approved"))
    equal("and counts for no cap", house.rows("SELECT DISTINCT sending_at FROM outbox"), [(0,)])
    house.send(case, code=75)
    equal("given again", outbox(house, case), [("to fill in",)] * 3)


def refused():
    house = house_of("refused")
    case = house.cases()[OTHER]
    house.send("--yes", case, code=75)
    done = house.real("told", "--refused", " ", case, code=None)
    equal("why is asked", done.returncode, 64)
    house.real("told", "--refused", "only customers may", case)
    equal("it failed", (outbox(house, case), house.case_state(case)),
          ([("failed",)], "approved"))
    house.draft()
    rows = house.rows("SELECT contact, instead_of FROM kase WHERE instead_of <> ''")
    ok("the next contact is taken", rows and all(
        before == OTHER and now not in (OTHER, HEXAGON) for now, before in rows), rows)
    new = house.rows("SELECT id FROM kase WHERE instead_of <> ''")[0][0]
    ok("and the case says for whom", ("of %s, which refused a report" % OTHER).encode() in
       house.run("show", new).stdout, house.run("show", new).stdout)


def caps_and_stops():
    house = house_of("caps")
    first, second = house.cases()[FORM], house.cases()[OTHER]
    house.sets.append("send.cap-day=3")
    house.send("--yes", first, code=75)
    done = house.send("--yes", second, code=75)
    equal("a form in hand counts for the day", outbox(house, second), [("deferred",)])
    ok("which is said", b"are used up" in done.stdout, done)
    house.sets.remove("send.cap-day=3")
    house.real("stop", "abuse@hexagon-colo.corp")
    house.send(code=None)
    equal("who stopped mail is told by no form", outbox(house, second), [("failed",)])
    for key in (OTHER, "hexagon-colo.corp"):
        house = house_of("stops")
        second = house.cases()[OTHER]
        house.real("approve", second)
        house.real("stop", key)
        house.send(code=None)
        equal("stopped by " + key.split("/")[0], outbox(house, second), [("failed",)])
        house.draft()
    ok("and not drafted again", not house.rows(
        "SELECT 1 FROM case_incident c JOIN kase k ON k.id = c.kase WHERE k.contact = ?", OTHER))


def one_desk_a_day():
    """The mailbox and the form are one desk: what one was told counts for the other."""
    house = house_of("desk")
    house.send("--yes", house.cases()[FORM], code=75)
    house.real("told", house.cases()[FORM])
    with sqlite3.connect(house.store) as db:
        db.execute("UPDATE kase SET contact = 'x', mailbox = ?, networks = '' WHERE "
                   "contact = ?", (KILIMA, FORM))
    done = house.send("--yes", house.cases()[KILIMA], code=75)
    ok("told by form today, so no mail today", b"had mail about another case today" in
       done.stdout and not house.sink.mails(), done)


def nobody_there():
    house = house_of("policy")
    path = os.path.join(house.folder, "policy")
    with open(path, "w", encoding="ascii") as file:
        file.write("[policy]\ncategories = login-attack, exploit-attempt\nconfidence = 1\n"
                   "certainty = datagram\n")
    os.chmod(path, 0o600)
    house.sets += ["send.policy=" + path, "send.observation=0"]
    house.send("--unattended", code=None)
    ok("no policy approves a form", not house.rows(
        "SELECT 1 FROM outbox o JOIN report r ON r.id = o.report JOIN kase k ON k.id = r.kase "
        "WHERE k.contact LIKE 'http%'"))
    ok("other cases it does", house.states())
    ok("policy check says why", b"which only a person fills in" in
       house.real("policy", "check", code=None).stdout)
    house.real("approve", house.cases()[OTHER])
    house.send("--unattended", code=None)
    equal("nor does it hand over what you approved", outbox(house, house.cases()[OTHER]),
          [("ready",)])


def follow_up():
    house = house_of("follow")
    case = house.cases()[FORM]
    house.send("--yes", case, code=75)
    log = os.path.join(house.folder, "later.log")
    with open(log, "w", encoding="ascii") as file:
        for i in range(30):
            file.write("Nov 23 21:14:%02d web1 sshd[31]: Failed password for root from "
                       "203.0.113.77 port 5300%d ssh2\n" % (i, i % 10))
    house.now = "2026-11-24T08:00:00Z"
    house.draft(log)
    later = [row[0] for row in house.rows(
        "SELECT id FROM kase WHERE contact = ? AND id <> ?", FORM, case)]
    equal("what came later is a case of its own", len(later), 1)
    memo = house.rows("SELECT memo FROM report WHERE kase = ?", later[0])[0][0]
    ok("which follows nothing as long as nothing was told", "to my report" not in memo, memo)
    house.real("told", "--tag", "[NW #17]", case)
    house.draft(log)
    report = case_json(house, later[0])["reports"][0]
    ok("and the first one once it was", "to my report" in report["memo"] and
       "[NW #17]" in report["subject"], report["memo"][:200], report["subject"])


def no_mail_server():
    house = house_of("nomta")
    house.sets[0] = "send.sendmail=/nonexistent"
    done = house.send("--yes", house.cases()[FORM], code=75)
    ok("a form needs no mail server", b"to fill in" in done.stdout, done)
    folder = os.path.join(house.folder, "out")
    done = house.run("send", "--out", folder, house.cases()[OTHER])
    [path] = done.stdout.decode().split()
    with open(path, encoding="utf-8") as file:
        ok("written as JSON", path.endswith(".json") and json.load(file)["url"] == OTHER)


def own_row():
    house = House("own")
    house.sets.append("look-up.contacts=203.0.113.64/26 https://own.corp/form")
    house.draft()
    ok("a form of your own", "https://own.corp/form" in house.cases(), house.cases())
    house.sets[-1] = "look-up.contacts=203.0.113.64/26 ftp://own.corp/form"
    done = house.run("draft", "examples/logs", code=None)
    ok("which is a URL", done.returncode == 78 and b"is no row" in done.stderr, done)


for test in (fields, hostile, told, taken_back, refused, caps_and_stops, one_desk_a_day,
             nobody_there, follow_up, no_mail_server, own_row):
    test()
checks.exit()
