#!/usr/bin/python3
"""A login that worked before the failures: held and not reported, whatever is read first, in
however many runs; nothing lifts it, no policy sends it, and only a person drafts it."""

import json
import os

from delivery_ground import NORTHWIND, House, checks, ok

SOURCE = "203.0.113.77"
DAY = "2026-11-21"
REASON = "a login from here worked before the 20 failures"


def line(at, text, day=DAY):
    return "%sT%s+00:00 web1 %s\n" % (day, at, text)


def failed(minute, user="maria", source=SOURCE, day=DAY):
    return line("05:%02d:00" % minute, "sshd[%d]: Failed password for %s from %s port 4000 "
                "ssh2" % (3000 + minute, user, source), day)


def worked(at="04:00:00", user="maria", source=SOURCE, day=DAY):
    return line(at, "sshd[2000]: Accepted password for %s from %s port 4000 ssh2"
                % (user, source), day)


def by_mail(user="maria"):
    return line("03:00:00", "dovecot: imap-login: Login: user=<%s>, method=PLAIN, rip=%s, "
                "lip=198.51.100.5, mpid=77, TLS, session=<abc>" % (user, SOURCE))


FAILURES = [failed(minute) for minute in range(20)]


def write(house, name, lines, how="w"):
    with open(os.path.join(house.folder, name), how, encoding="utf-8") as log:
        log.writelines(lines)
    return name


def incidents(house, *logs):
    out = house.run("draft", "--json", *logs, code=None).stdout.decode()
    rows = [json.loads(row) for row in out.splitlines()]
    return {row["source"]: row for row in rows if row["type"] == "incident"}


def verdict(house, *logs, source=SOURCE):
    one = incidents(house, *logs)[source]
    return one["verdict"], one["reasons"][0]


def is_held(house, *logs):
    got = verdict(house, *logs)
    ok_so = got[0] == "hold" and got[1].startswith(REASON) and not house.cases()
    if not ok_so:
        print("#", got, house.cases())
    return ok_so


def in_runs():
    lines = [worked()] + FAILURES
    for piece in (21, 7, 1):
        house = House("runs-%d" % piece)
        for at in range(0, len(lines), piece):
            log = write(house, "auth.log", lines[at:at + piece], "a")
            house.draft(log, code=None)
        ok("held, with %d lines a run" % piece, is_held(house, "auth.log"))
    house = House("first")
    write(house, "auth.log", FAILURES)
    ok("without a login it is a report", verdict(house, "auth.log")[0] == "report")
    house = House("mistyped")
    for more in ([failed(0), failed(1)], [line("05:02:30", worked().split("web1 ")[1].strip())],
                 FAILURES[3:20] + [failed(20)]):
        write(house, "auth.log", more, "a")
        house.draft("auth.log", code=None)
    ok("who mistyped twice before, in runs of their own, is held too",
       is_held(house, "auth.log"))


def by_threads():
    house = House("threads")
    write(house, "auth.log", [worked()] + FAILURES + [failed(m, "root", "203.0.113.78")
                                                     for m in range(59)] * 2000)
    told = [house.run("detect", "--json", "--threads", str(n), "auth.log").stdout
            for n in (1, 2, 5)]
    ok("any number of threads tells the same", told[0] == told[1] == told[2] and
       REASON.encode() in told[0])


def approved(name):
    """A house whose report of the failures is approved, and its case."""
    house = House(name)
    write(house, "auth.log", FAILURES)
    house.draft("auth.log")
    case = house.cases()[NORTHWIND]
    house.run("approve", case)
    return house, case


def read_later():
    house, _ = approved("later")
    write(house, "mail.log", [by_mail("maria@harbour-books.corp")])
    done = house.draft("mail.log")
    ok("a login that is read later takes it out of its open case",
       not house.rows("SELECT id FROM kase WHERE state IN ('open', 'approved')"), done)
    ok("with its reason", verdict(house, "mail.log")[1].startswith(REASON))
    house.send(code=None)
    ok("and what was approved does not leave", not house.sink.mails())
    house = House("old")
    write(house, "auth.log", FAILURES)
    house.draft("auth.log")
    house.now = "2026-11-25T08:00:00Z"
    house.draft("auth.log", code=None)
    open_ones = "SELECT id FROM kase WHERE state IN ('open', 'approved')"
    ok("what grew old in its case stays there", house.rows(open_ones))
    write(house, "mail.log", [by_mail()])
    house.draft("mail.log", code=None)
    ok("until a login is read", not house.rows(open_ones))


def when_it_was_told():
    house, case = approved("told")
    house.send(code=None)
    note = "Note: a login from %s had worked before what case %s told of" % (SOURCE, case)
    ok("it was told, without a word of logins", len(house.sink.mails()) == 1 and
       "had worked" not in house.draft("auth.log", code=None).stdout.decode())
    write(house, "mail.log", [by_mail("maria@harbour-books.corp")])
    done = house.draft("mail.log", code=None).stdout.decode()
    ok("a login that is read after the mail has left is said", note in done and
       "'tipoff correct %s'" % case in done, done)
    got = verdict(house, "mail.log")
    ok("the case stays sent, its incident is held", house.case_state(case) == "sent" and
       got[0] == "hold" and got[1].startswith(REASON), got)
    ok("it is on record", b"login known" in house.run("show", case).stdout)
    ok("and said once", note not in house.draft("mail.log", code=None).stdout.decode())
    house = House("told-first")
    write(house, "auth.log", [worked()] + FAILURES)
    house.draft("--source", SOURCE, "auth.log")
    house.run("approve", house.cases()[NORTHWIND])
    house.send(code=None)
    ok("who sent it knowing of the login hears nothing", len(house.sink.mails()) == 1 and
       b"Note: a login" not in house.draft("auth.log", code=None).stdout)


def by_a_person():
    house = House("person")
    write(house, "auth.log", [worked()] + FAILURES)
    done = house.draft("--source", SOURCE, "--show", "auth.log")
    ok("a person drafts it, and the memo does not say that no login worked",
       b"Compromise:  no sign of it; a login from there had worked" in done.stdout and
       b"no successful login" not in done.stdout, done.stdout.decode())
    house.draft("auth.log")
    ok("it stays in its case", NORTHWIND in house.cases())
    policy = write(house, "policy.conf",
                   ["[policy]\ncategories = login-attack\nconfidence = 80\n"])
    os.chmod(os.path.join(house.folder, policy), 0o600)
    house.sets.append("send.policy=" + os.path.join(house.folder, policy))
    house.now = "2026-11-21T09:30:00Z"
    done = house.run("policy", "check")
    house.send("--unattended", code=None)
    ok("no policy sends it", not house.sink.mails() and b"only a person reports that" in
       done.stdout, done)
    house.run("approve", house.cases()[NORTHWIND])
    house.send(code=None)
    ok("a person does", len(house.sink.mails()) == 1)


def among_several():
    sources = ["203.0.113.%d" % n for n in range(71, 76)]
    for before, top in ((5, "from each of them a login had worked before its failures"),
                        (2, "Compromise: as each block below says")):
        house = House("several-%d" % before)
        write(house, "auth.log", [worked(source=source) for source in sources[:before]] +
              [failed(minute, source=source) for source in sources for minute in range(20)])
        named = [word for source in sources for word in ("--source", source)]
        shown = house.draft(*named, "--show", "auth.log").stdout.decode()
        memo = " ".join(shown[shown.index("Subject:"):].split())
        ok("a memo over 5 sources, %d of them with a login before" % before, top in memo and
           memo.count("a login from there had worked") == before, shown)


def nothing_lifts_it():
    for login in (True, False):
        house = House("days-%s" % login)
        lines = [worked(day="2026-11-18")] if login else []
        for day in ("2026-11-19", "2026-11-20", DAY):
            lines += [failed(minute, day=day) for minute in range(4)]
        write(house, "auth.log", lines)
        ok("4 failures on 3 days, %s login before" % ("a" if login else "no"),
           verdict(house, "auth.log")[0] == ("hold" if login else "report"))
    for login in (True, False):
        house = House("neighbours-%s" % login)
        sources = ["203.0.113.%d" % n for n in range(71, 76)]
        lines = [worked(source=source) for source in sources[1:] if login]
        lines += [failed(minute, source=source) for source in sources for minute in range(4)]
        write(house, "auth.log", lines)
        got = {one["verdict"] for one in incidents(house, "auth.log").values()}
        ok("5 neighbours, %s logins of 4 before" % ("with" if login else "without"),
           got == {"hold" if login else "report"}, got)


def of_another_machine():
    house = House("machine")
    write(house, "auth.log", [worked()] + FAILURES)
    write(house, "told.json",
          [house.run("detect", "--json", "auth.log").stdout.decode()])
    ok("what another tipoff counted", is_held(house, "told.json"))
    house = House("events")
    write(house, "a.log", [worked()])
    write(house, "b.log", FAILURES)
    write(house, "told.json", [house.run("detect", "--json", *words).stdout.decode()
                               for words in (["b.log"], ["--events", "a.log"])])
    ok("the login on one machine, the failures on another", is_held(house, "told.json"))


def switched_off():
    house = House("off")
    write(house, "auth.log", [worked()] + FAILURES)
    house.sets.append("judge.known-login=0")
    ok("known-login = 0 is as before", verdict(house, "auth.log")[0] == "report" and
       not house.rows("SELECT * FROM login"))
    house = House("forgotten")
    log = write(house, "auth.log", [worked()])
    house.draft(log)
    kept = house.rows("SELECT hex(source), user, at FROM login")
    ok("one that worked is remembered", kept == [("CB00714D", b"maria", 1795233600000000)],
       kept)
    house.now = "2027-01-10T00:00:00Z"
    house.draft(log)
    ok("and forgotten when it can explain nothing any more",
       not house.rows("SELECT * FROM login"))


for check in (in_runs, by_threads, read_later, when_it_was_told, by_a_person,
              among_several, nothing_lifts_it, of_another_machine, switched_off):
    check()
checks.exit()
