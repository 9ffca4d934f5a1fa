#!/usr/bin/python3
"""What is learnt after a case was made: a login that worked, an allow-list, a stop list."""

import json
import os

from delivery_ground import House, NORTHWIND, checks, ok

SOURCE = "203.0.113.77"
FAILED = "Nov 21 02:00:%02d web1 sshd[100]: Failed password for root from %s port 4000 ssh2\n"
WORKED = "Nov 21 02:01:00 web1 sshd[100]: Accepted password for root from %s port 4000 ssh2\n"
ALLOWED = ("--set", "own.allow=" + SOURCE)


class Attacked(House):
    """A house with one login attack, drafted as one case."""

    def __init__(self, name):
        super().__init__(name)
        self.log = os.path.join(self.folder, "auth.log")
        for second in range(12):
            self.grow(FAILED % (second, SOURCE))
        self.draft("auth.log")
        self.case = self.cases()[NORTHWIND]

    def grow(self, line):
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(line)

    def incident(self, *words):
        out = self.run("draft", "auth.log", "--json", *words, code=None).stdout.decode()
        rows = [json.loads(line) for line in out.splitlines()]
        return [row for row in rows if row["type"] == "incident"][0]

    def open_cases(self):
        return self.rows("SELECT id FROM kase WHERE state IN ('open', 'approved')")


def compromise_in_an_open_case():
    house = Attacked("open")
    house.run("approve", house.case)
    house.grow(WORKED % SOURCE)
    done = house.draft("auth.log", "--show", code=10)
    ok("a login that worked takes the attack out of its case",
       not house.open_cases() and b"break-in" not in done.stdout, done.stdout.decode())
    house.send(code=None)
    ok("and what was approved of it does not leave", not house.sink.mails())
    house.run("answer", house.incident()["id"], "theirs")
    done = house.draft("auth.log", "--show", code=0)
    ok("answered, it is an urgent report",
       len(house.open_cases()) == 1 and b"Subject: SSH break-in" in done.stdout,
       done.stdout.decode())


def compromise_behind_a_sent_report():
    house = Attacked("sent")
    house.run("approve", house.case)
    house.send()
    ok("the attack was told", len(house.sink.mails()) == 1)
    house.grow(WORKED % SOURCE)
    done = house.draft("auth.log", code=10)
    ok("a login that worked behind a sent report alarms",
       done.stdout.startswith(b"LOOK AT THIS FIRST"), done.stdout.decode())
    house.run("answer", house.incident()["id"], "theirs")
    done = house.draft("auth.log", "--show", code=0)
    ok("and is a new report once answered",
       b"Subject: SSH break-in" in done.stdout, done.stdout.decode())
    house.send()
    ok("which nobody approved yet", len(house.sink.mails()) == 1)


def failures_read_later():
    """Logs are read by name: what a login came behind may stand in a later one."""
    for name, runs in (("order", [("auth.log", "mail.log")]),
                       ("runs", [("mail.log",), ("auth.log", "mail.log")])):
        house = House(name)
        with open(os.path.join(house.folder, "auth.log"), "w", encoding="utf-8") as log:
            log.write(WORKED % SOURCE)
        with open(os.path.join(house.folder, "mail.log"), "w", encoding="utf-8") as log:
            for second in range(12):
                log.write(FAILED % (second, SOURCE))
        for logs in runs:
            done = house.draft(*logs)
        ok("a login that was read before its failures alarms: " + name,
           done.returncode == 10 and (b"Line:     " + (WORKED % SOURCE).encode())
           in done.stdout, done.stdout.decode())
        ok("and is one: " + name, house.draft(*runs[-1], code=10).stdout.count(
            b"12 failures, then a login") == 1)


def allow_list():
    house = Attacked("allow")
    for words in ((), ("--source", SOURCE), ("--held",)):
        incident = house.incident(*ALLOWED, *words)
        ok("allow-listed afterwards, it is no source: " + " ".join(words or ("draft",)),
           incident["verdict"] == "ignore" and "allow-list" in incident["reasons"][0]
           and not house.open_cases(), incident)
    house.draft("auth.log")
    ok("off the list again, it is one", len(house.open_cases()) == 1)


def allow_list_behind_approval():
    house = Attacked("late")
    house.run("approve", house.case)
    done = house.send(*ALLOWED, code=None)
    ok("approved, then allow-listed, it does not leave",
       not house.sink.mails() and b"allow-list" in done.stdout, done)


def stop_list():
    house = Attacked("stop")
    house.run("stop", SOURCE + "/32")
    incident = house.incident()
    ok("a stop for a part of the network holds the sources in it",
       incident["verdict"] == "hold" and not house.open_cases(), incident)
    house.run("stop", "--undo", SOURCE + "/32")
    wider = "security@" + NORTHWIND.split("@")[1]
    shown = house.draft("auth.log", "--wide", "--show").stdout.decode()
    ok("the wider list is added", "To: %s, %s\n" % (NORTHWIND, wider) in shown, shown)
    house.run("stop", wider)
    shown = house.draft("auth.log", "--wide", "--show").stdout.decode()
    ok("but nobody on the stop list", "To: %s\n" % NORTHWIND in shown, shown)


def closed_case():
    house = Attacked("closed")
    house.run("close", house.case)
    done = house.draft("auth.log", code=0)
    ok("the table says that a case is done with",
       b"case sent or closed" in done.stdout and b"not looked up" not in done.stdout,
       done.stdout.decode())


def forged_packets():
    """Anybody can send packets in the name of somebody who once knocked."""
    house = House("forged")
    knock = "Nov 21 01:00:01 files ftpd[4036]: refused connect from 203.0.113.46\n"
    packet = ("Nov %d 01:10:01 %s kernel: [11.1] [UFW BLOCK] IN=eth0 OUT= MAC=aa "
              "SRC=203.0.113.46 DST=198.51.100.%d LEN=44 TOS=0x00 PREC=0x00 TTL=50 ID=1 "
              "PROTO=TCP SPT=4444 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0\n")
    with open(os.path.join(house.folder, "log"), "w", encoding="utf-8") as log:
        for day in (19, 20, 21):
            for end, host in enumerate(("web1", "mail", "shop", "files"), 5):
                log.write(packet % (day, host, end))
        log.write(knock)
    rows = house.run("draft", "log", "--json").stdout.decode().splitlines()
    verdicts = [json.loads(row).get("verdict") for row in rows]
    ok("forged packets make no report of a single knock",
       verdicts == ["hold"] * 4, rows)


closed_case()
forged_packets()
compromise_in_an_open_case()
compromise_behind_a_sent_report()
failures_read_later()
allow_list()
allow_list_behind_approval()
stop_list()
checks.exit()
