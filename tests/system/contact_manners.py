#!/usr/bin/python3
"""A server that refuses is left alone, by every command, longer each time, and nothing of
what it said is read or kept; old answers stand in, marked; a list stops cleanly."""
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from cases import MAIL, REFUSALS  # noqa: E402
from desk import Desk, chosen, problem, rdap_network  # noqa: E402

def ripe(last):
    return "rdap rdap.db.ripe.net /ip/203.0.113.%d" % last



def texts(desk):
    for name, host, address, query, text in REFUSALS:
        desk.fresh()
        desk.put(host, query % address, text)
        [answer] = desk.contact(address)
        asked = desk.asked("whois " + host)
        desk.check("text/%s-no-contact" % name, MAIL in json.dumps(answer["contacts"]), False)
        desk.check("text/%s-said" % name, problem(answer, host + " refused to answer"), True)
        desk.check("text/%s-asked-once" % name, len(asked), 1)
        [answer] = desk.contact(address)
        desk.check("text/%s-left-alone" % name, (desk.asked("whois " + host), problem(
            answer, "it refused at")), ([], True))
        desk.contact(address, later=2 * 86400)
        desk.check("text/%s-asked-again" % name, len(desk.asked("whois " + host)), 1)


def statuses(desk):
    for status in (403, 429, 503):
        desk.fresh()
        desk.put("rdap.db.ripe.net", "ip/203.0.113.7", "<html>%s</html>" % MAIL,
                 ".%d.html" % status)
        [answer] = desk.contact("203.0.113.7")
        desk.check("status/%d-said" % status, problem(answer, "HTTP %d" % status), True)
        desk.check("status/%d-no-contact" % status, MAIL in json.dumps(answer), False)
        desk.asked()
        done = desk.run("contact", "203.0.113.8")
        desk.check("status/%d-left-alone" % status, desk.asked("rdap"), [])
        desk.check("status/%d-in-words" % status, ("it refused at " in done.stdout, (
            "(HTTP %d)" % status in done.stdout or "HTTP %d" % status in done.stdout),
            "is not asked again before " in done.stdout), (True, True, True))


BODIES = (("lacnic-notice", {"rdapConformance": ["rdap_level_0"], "notices": [
               {"title": "Rate Limit Notice", "description": ["wait, or write to " + MAIL]}]}),
          ("error-429", {"errorCode": 429, "title": "Too Many Requests", "description": [MAIL]}),
          ("error-503", {"errorCode": 503, "title": "Busy", "description": [MAIL]}))


def bodies(desk):
    """Refusals within an answer of status 200: left alone like any other, longer each time."""
    for name, body in BODIES:
        desk.fresh()
        desk.put("rdap.lacnic.net", "rdap/ip/203.0.113.140", json.dumps(body))
        [answer] = desk.contact("203.0.113.140")
        desk.check("body/%s-said" % name, problem(answer, "refused to answer"), True)
        desk.check("body/%s-no-contact" % name, MAIL in json.dumps(answer["contacts"]), False)
        for when, later, asked in (("once", None, 1), ("left-alone", 0, 0), ("later", 2 * 86400, 1)):
            if later is not None:
                desk.contact("203.0.113.140", later=later)
            desk.check("body/%s-asked-%s" % (name, when), len(desk.asked("rdap")), asked)
        with contextlib.closing(sqlite3.connect(desk.store)) as store:
            desk.check("body/%s-longer-each-time" % name, store.execute(
                "SELECT times FROM back_off WHERE host = 'rdap.lacnic.net'").fetchall(), [(2,)])


def retry_after(desk):
    """What it says itself counts the first time; a refusal after that lasts longer."""
    desk.fakes.misbehaviour["rdap.db.ripe.net"] = refuse_for(86400)
    desk.contact("203.0.113.7")
    desk.asked()
    for name, later, asked in (("an-hour-later", 3600, []), ("the-day-after", 90000, [ripe(7)])):
        desk.contact("203.0.113.7", later=later)
        desk.check("retry-after/%s" % name, desk.asked("rdap"), asked)


def refuse_for(seconds):
    def misbehave(stream):
        stream.write(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %d\r\n"
                     b"Content-Length: 0\r\nConnection: close\r\n\r\n" % seconds)
    return misbehave


def two_networks(desk):
    for last, first, end, name in ((7, 0, 63, "low"), (70, 64, 127, "high")):
        desk.put("rdap.db.ripe.net", "ip/203.0.113.%d" % last, rdap_network(
            "203.0.113.%d" % first, "203.0.113.%d" % end, name.upper(),
            ["abuse@%s.example" % name]), ".json")


def waited_for(desk):
    """A refusal that ends within the time of the next of a list: it waits."""
    two_networks(desk)
    refuse = refuse_for(5)

    def once(stream):
        del desk.fakes.misbehaviour["rdap.db.ripe.net"]
        refuse(stream)
    desk.fakes.misbehaviour["rdap.db.ripe.net"] = once
    answers = desk.contact("203.0.113.7", "203.0.113.70", later=9)
    desk.check("waited/next-one-is-asked", desk.asked("rdap"), [ripe(7), ripe(70)])
    desk.check("waited/contact", chosen(answers[1]), ["abuse@high.example"])


def asked_later(desk):
    """A refusal that lasts: the rest of a list goes on, these are no "nobody"."""
    two_networks(desk)
    desk.put("rdap.apnic.net", "ip/198.51.100.1", rdap_network(
        "198.51.100.0", "198.51.100.63", "EAST", ["abuse@east.example"]), ".json")
    desk.fakes.misbehaviour["rdap.db.ripe.net"] = refuse_for(86400)
    desk.put("whois.ripe.net", "-r 203.0.113.7", REFUSALS[0][4])
    desk.put("whois.ripe.net", "-r 203.0.113.70", REFUSALS[0][4])
    queries = ["203.0.113.7", "203.0.113.70", "198.51.100.1"]
    done = desk.run("contact", "--json", *queries)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    desk.check("later/marked", [bool(answer["later_at"]) for answer in answers],
               [True, True, False])
    desk.check("later/nobody-else", [chosen(answer) for answer in answers],
               [[], [], ["abuse@east.example"]])
    desk.check("later/status", (done.returncode, done.stderr.split(";")[0]),
               (75, "tipoff: 2 of 3 could not be asked about yet"))
    desk.check("later/queries", sorted(desk.asked()), sorted(
        [ripe(7), "whois whois.ripe.net -r 203.0.113.7",
         "rdap rdap.apnic.net /ip/198.51.100.1"]))
    done = desk.run("contact", *queries)
    desk.check("later/in-words", "not known yet: not all could be asked before" in done.stdout,
               True)
    desk.check("later/queries-in-back-off", desk.asked(), [])
    desk.fakes.misbehaviour.clear()
    answers = desk.contact(*queries, later=2 * 86400)
    desk.check("later/asked-then", desk.asked(), [ripe(7), ripe(70)])
    desk.check("later/all", [chosen(answer) for answer in answers],
               [["abuse@low.example"], ["abuse@high.example"], ["abuse@east.example"]])


def drafts_wait(desk):
    """Whom to tell is not known yet: no case says that there is nobody."""
    two_networks(desk)
    log = os.path.join(desk.folder, "auth.log")
    with open(log, "w", encoding="ascii") as file:
        file.writelines("Nov 21 05:00:%02d web1 sshd[9]: Failed password for root from "
                        "203.0.113.70 port 4%03d ssh2\n" % (second, second)
                        for second in range(20))
    desk.fakes.misbehaviour["rdap.db.ripe.net"] = refuse_for(86400)
    desk.put("whois.ripe.net", "-r 203.0.113.7", REFUSALS[0][4])
    desk.contact("203.0.113.7")
    desk.asked()
    done = desk.run("draft", log)
    said = done.stdout + done.stderr
    desk.check("drafts/wait", (done.returncode, "1 source waits for a registry" in said,
                               "nobody to tell" in said), (0, True, False))
    desk.check("drafts/no-case", desk.run("cases", "--json").stdout, "")
    desk.check("drafts/queries", desk.asked(), [])
    desk.fakes.misbehaviour.clear()
    done = desk.run("draft", log, later=2 * 86400)
    desk.check("drafts/then", "abuse@high.example" in desk.run("cases", "--json").stdout, True)
    desk.asked()


def drafted_before_it_waits(desk):
    """A login that is read takes it out of its case, though the registry says nothing now."""
    two_networks(desk)
    log = os.path.join(desk.folder, "auth.log")
    with open(log, "w", encoding="ascii") as file:
        file.writelines("Nov 21 05:00:%02d web1 sshd[9]: Failed password for maria from "
                        "203.0.113.70 port 4%03d ssh2\n" % (second, second)
                        for second in range(20))
    desk.run("draft", log)
    desk.check("logged-in/a-case", "abuse@high.example" in desk.run("cases", "--json").stdout,
               True)
    with contextlib.closing(sqlite3.connect(desk.store)) as store:
        for table in ("finding_contact", "finding"):
            store.execute("DELETE FROM " + table)
        store.commit()
    desk.fakes.misbehaviour["rdap.db.ripe.net"] = refuse_for(86400)
    desk.put("whois.ripe.net", "-r 203.0.113.7", REFUSALS[0][4])
    desk.contact("203.0.113.7")
    with open(log, "w", encoding="ascii") as file:
        file.write("Nov 21 04:00:00 web2 sshd[8]: Accepted password for maria from "
                   "203.0.113.70 port 4000 ssh2\n")
    done = desk.run("draft", log)
    desk.check("logged-in/out-of-its-case", desk.run("cases", "--json").stdout, "")
    desk.check("logged-in/waits-for-nothing", "waits for" in done.stdout + done.stderr, False)
    desk.asked()


def stale(desk):
    """Refused, down, out of budget: the old answer, marked, with its age."""
    for name in ("refused", "down", "used-up"):
        desk.fresh()
        desk.put("rdap.db.ripe.net", "ip/203.0.113.7", rdap_network(
            "203.0.113.0", "203.0.113.31", "LOW", ["abuse@low.example"]), ".json")
        [answer] = desk.contact("203.0.113.7")
        desk.check("stale/%s-fresh-is-not" % name, answer["stale"], False)
        more = {"deadline": "1 s"}
        if name == "refused":
            desk.fakes.misbehaviour["rdap.db.ripe.net"] = refuse_for(60)
            desk.put("whois.ripe.net", "-r 203.0.113.7", REFUSALS[0][4])
        elif name == "down":
            for host in ("rdap.db.ripe.net", "whois.ripe.net"):
                desk.fakes.misbehaviour[host] = registries.silent
        else:
            more["budgets"] = "* 1 31d 1"
        [answer] = desk.contact("203.0.113.7", now="2026-12-21T06:00:00Z", **more)
        desk.check("stale/%s-contact" % name, chosen(answer), ["abuse@low.example"])
        desk.check("stale/%s-marked" % name, (answer["stale"], problem(
            answer, "its answer of 2026-11-21, 30 days old")), (True, True))
        if name == "used-up":
            desk.check("stale/used-up-in-words", problem(
                answer, "its budget (1 a 31 days) is used up until"), True)


def list_file(desk):
    for last in range(64):
        desk.put("rdap.db.ripe.net", "ip/203.0.113.%d" % last, rdap_network(
            "203.0.113.0", "203.0.113.63", "ALL", ["abuse@all.example"]), ".json")
    path = os.path.join(desk.folder, "list")
    with open(path, "w", encoding="ascii") as file:
        file.write("# attackers\n203.0.113.9\n\n10.0.0.1\n203.0.113.3\n")
    answers = desk.contact("--file", path)
    desk.check("list/order", [answer["query"] for answer in answers],
               ["203.0.113.9", "10.0.0.1", "203.0.113.3"])
    desk.check("list/one-question", desk.asked(), [ripe(9)])
    answers = desk.contact("203.0.113.4", "-f", "-", stdin="203.0.113.5\n")
    desk.check("list/with-arguments", [answer["query"] for answer in answers],
               ["203.0.113.4", "203.0.113.5"])
    done = desk.run("contact", "--file", path + ".none")
    desk.check("list/none", (done.returncode != 0, len(done.stderr.splitlines())), (True, 1))


def interrupted(desk):
    """SIGINT: what was asked is shown and kept, the rest is not asked."""
    for block in range(4):
        first, last = "198.51.100.%d" % (block * 16), "198.51.100.%d" % (block * 16 + 15)
        desk.put("rdap.apnic.net", "ip/" + first, rdap_network(
            first, last, "N%d" % block, ["abuse@n%d.example" % block]), ".json")
    queries = ["198.51.100.%d" % (block * 16) for block in range(4)]
    more = {"budgets": "* 2 1h 1", "wait": "24 h"}
    command = [desk.program, "contact", "--json", *queries, "--config",
               desk.configuration(**more), "--store", desk.store,
               "--now", "2026-11-21T06:00:00Z"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=dict(os.environ, HOME=desk.folder))
    while len(kept(desk)) < 2 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    desk.check("interrupted/shown", [json.loads(line)["query"] for line in out.splitlines()],
               queries[:2])
    desk.check("interrupted/said", err.strip(), "tipoff: stopped: 2 of 4 looked up; what was "
               "learnt is kept, so that the same again asks for the rest alone")
    desk.check("interrupted/status", process.returncode, 75)
    desk.asked()
    answers = desk.contact(*queries)
    desk.check("interrupted/asks-the-rest", desk.asked(), [
        "rdap rdap.apnic.net /ip/" + query for query in queries[2:]])
    desk.check("interrupted/all", [chosen(answer) for answer in answers],
               [["abuse@n%d.example" % block] for block in range(4)])


def kept(desk):
    import sqlite3
    if not os.path.exists(desk.store):
        return []
    try:
        with sqlite3.connect("file:%s?mode=ro" % desk.store, uri=True) as store:
            return store.execute("SELECT first FROM finding").fetchall()
    except sqlite3.OperationalError:
        return []


def in_flight(desk):
    """Equal questions under way at once, of names and numbers too, are one."""
    desk.put("rdap.db.ripe.net", "autnum/64500", json.dumps({
        "objectClassName": "autnum", "handle": "AS64500", "startAutnum": 64500,
        "endAutnum": 64500, "name": "NORTHWIND"}), ".json")
    desk.contact("AS64500", "as64500", "AS64500")
    asked = desk.asked()
    desk.check("in-flight/equal-questions", len(asked), len(set(asked)))
    desk.put("rdap.db.ripe.net", "ip/203.0.113.1", rdap_network(
        "203.0.113.0", "203.0.113.31", "LOW", ["abuse@low.example"]), ".json")
    desk.contact(*("203.0.113.%d" % last for last in (1, 2, 1, 31, 3)))
    desk.check("in-flight/neighbours", desk.asked(), [ripe(1)])


def main():
    desk = Desk()
    for test in (texts, statuses, bodies, retry_after, waited_for, asked_later, drafts_wait, drafted_before_it_waits, stale, list_file, interrupted, in_flight):
        desk.fresh()
        test(desk)
    desk.close()


main()
