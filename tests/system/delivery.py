#!/usr/bin/python3
"""Approval, caps, stop list and what a mail program's answers make of a message, with a
sendmail of our own."""

import email
import email.policy
import glob
import json
import os
import pty
import shutil
import subprocess

from delivery_ground import (HEXAGON, House, KILIMA, NORTHWIND, checks, drafted, message_id,
                             ok)
import terminals


def nothing_without_approval():
    house, cases = drafted("plain")
    done = house.send()
    ok("send alone sends no draft", done.returncode == 0 and not house.sink.mails(), done)
    ok("and says what to do", b"tipoff send CASE" in done.stdout, done)
    done = house.send(cases[NORTHWIND], code=77)
    ok("send CASE without a terminal wants --yes",
       not house.sink.mails() and b"tipoff approve" in done.stderr, done)
    done = house.run("approve", cases[NORTHWIND])
    ok("approve sends nothing", done.returncode == 0 and not house.sink.mails(), done)
    ok("the case is approved", house.case_state(cases[NORTHWIND]) == "approved")
    done = house.run("send", code=77)
    ok("documentation = public sends nothing",
       not house.sink.mails() and b"--out" in done.stderr, done)
    done = house.send("--dry-run")
    ok("a dry run sends nothing",
       not house.sink.mails() and done.stdout.count(b"would be handed over") == 3, done)
    return house, cases


def exact_bytes(house, cases):
    approved = house.approved()
    done = house.send()
    mails = house.sink.mails()
    ok("three mails left", len(mails) == 3 and done.stdout.count(b"sent") == 3, done)
    ok("each is byte for byte what was approved",
       sorted(approved.values()) == sorted(m for _, m in mails))
    ok("arguments of sendmail are -i -f SENDER -- RECIPIENT and nothing more",
       all(a == ["-i", "-f", "maria@harbour-books.corp", "--", NORTHWIND]
           for a, _ in mails), mails[0][0])
    ok("the case is sent", house.case_state(cases[NORTHWIND]) == "sent")
    done = house.send()
    ok("a second send sends nothing", len(house.sink.mails()) == 3, done)
    ledger = house.rows("SELECT event FROM delivery WHERE outbox = 1 ORDER BY id")
    ok("the ledger has every state",
       [row[0] for row in ledger] == ["ready", "claimed", "sending", "sent"], ledger)
    shown = house.run("show", cases[NORTHWIND]).stdout
    ok("show tells what was approved and sent",
       b"approved: report" in shown and b"sent: report" in shown, shown.decode())


def growth():
    """The log grows between approval and sending."""
    house, cases = drafted("growth")
    case = cases[HEXAGON]
    house.run("approve", case)
    approved = list(house.approved().values())
    with open(os.path.join(house.folder, "examples/logs/auth.log"), "a",
              encoding="utf-8") as log:
        for second in range(12):
            log.write("Nov 21 00:31:%02d web1 sshd[9001]: Failed password for root from "
                      "203.0.113.130 port 5%03d ssh2\n" % (second, second))
    house.copy_store(house.store + ".before")
    house.send()
    ok("without a draft between, what leaves is byte for byte what was approved",
       [m for _, m in house.sink.mails()] == approved)
    house.sink.empty()
    for end in ("-wal", "-shm"):
        if os.path.exists(house.store + end):
            os.unlink(house.store + end)
    house.store += ".before"
    house.draft()
    done = house.send()
    ok("with a draft between, the new revision is not approved and nothing leaves",
       not house.sink.mails(), done)
    ok("the old message is withdrawn", house.states() == ["withdrawn"], house.states())
    ok("the case waits for a person again", house.case_state(case) == "open")
    house.send("--yes", case)
    ok("approved again, the new revision leaves",
       [m for _, m in house.sink.mails()] == list(house.approved().values()) and
       house.sink.mails()[0][1] not in approved)


def parts_come_back():
    """Single mails, one for all, and single mails again."""
    house, cases = drafted("parts")
    for most, wanted in (("1", ["all"]), ("3", ["2001:db8:7:1::/64", "203.0.113.77",
                                                "203.0.113.99"])):
        done = house.run("draft", "examples/logs", "--set", "send.single-reports=" + most,
                         code=10)
        rows = house.rows("SELECT part, revision FROM report WHERE kase = ? AND state = "
                          "'draft' ORDER BY part", cases[NORTHWIND])
        ok("up to %s single mails: %s" % (most, ", ".join(wanted)),
           [row[0] for row in rows] == wanted, rows, done)
    ok("a part that comes back is a new revision", {row[1] for row in rows} == {2}, rows)


def answers():
    """What sendmail's end makes of a message."""
    rows = ((75, "queue disk full", "deferred", 75, "approved"),
            (67, "unknown\x1b[2J user", "failed", 69, "approved"),
            (0, "", "sent", 0, "sent"))
    house, cases = drafted("answers")
    case = cases[HEXAGON]
    house.run("approve", case)
    for code, words, state, end, of_case in rows:
        house.sink.ends(code, words)
        if house.states() == ["deferred"]:
            house.now = "2026-11-21T08:15:01Z"
        again = () if state == "deferred" else ("--send-again", "--yes", case)
        done = house.send(*(again if house.states() == ["failed"] else ()), code=end)
        ok("exit %d of sendmail: %s" % (code, state), house.states() == [state], done)
        ok("exit %d: nothing of it reaches the terminal raw" % code,
           b"\x1b" not in done.stdout + done.stderr, done)
        ok("exit %d: its words are shown" % code, words.split(" ")[0].split("\x1b")[0]
           .encode() in done.stdout, done)
        ok("exit %d: the case is %s" % (code, of_case), house.case_state(case) == of_case)
    ok("one mail in the end", len(house.sink.mails()) == 1)
    house, cases = drafted("nobody")
    house.run("approve", cases[HEXAGON])
    house.sets = ["send.sendmail=/nowhere/sendmail"]
    done = house.send(code=78)
    ok("no mail program: nothing is claimed and it says what to set",
       house.states() == ["ready"] and b"[send] sendmail" in done.stderr, done)


def killed_by_signal():
    house, cases = drafted("signal")
    house.run("approve", cases[HEXAGON])
    with open(house.sink.path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nkill -9 $$\n")
    done = house.send(code=69)
    ok("a mail program that dies leaves it in doubt", house.states() == ["in doubt"], done)
    ok("which is shown with what to do",
       b"--was-delivered " + cases[HEXAGON].encode() in done.stdout, done)
    house.send()
    ok("it is never sent again by itself", house.states() == ["in doubt"])
    house.send("--was-delivered", cases[HEXAGON])
    ok("a person says that it was delivered", house.states() == ["sent"])
    house.send("--was-delivered", cases[HEXAGON], code=66)


def caps():
    house, cases = drafted("caps")
    house.run("approve", cases[NORTHWIND], cases[HEXAGON], cases[KILIMA])
    house.sets.append("send.cap-day=4")
    done = house.send(code=75)
    ok("20 a day in all (here 4): the rest waits and says till when",
       house.states() == ["sent"] * 4 + ["deferred"] * 2 and
       b"again after 2026-11-22 08:00 UTC" in done.stdout, done)
    house.send(code=75)
    ok("the cap holds over runs", len(house.sink.mails()) == 4)
    house.now = "2026-11-22T08:00:01Z"
    house.send()
    ok("a day later the rest leaves", house.states() == ["sent"] * 6, house.states())


def second_case():
    """The next case of a contact waits a day; the single mails of one case do not."""
    house, cases = drafted("second")
    house.send("--yes", cases[NORTHWIND])
    ok("three single mails of a first report count once", house.states() == ["sent"] * 3)
    with open(os.path.join(house.folder, "examples/logs/secure"), "a",
              encoding="utf-8") as log:
        for second in range(30):
            log.write("Nov 21 05:10:%02d mail sshd[77]: Failed password for root from "
                      "203.0.113.78 port 4%04d ssh2\n" % (second, second))
    house.now = "2026-11-21T11:00:00Z"
    house.draft()
    later = house.rows("SELECT id FROM kase WHERE contact = ? AND state = 'open'",
                       NORTHWIND)
    ok("further events make a new case", len(later) == 1, later)
    if not later:
        return
    done = house.send("--yes", later[0][0], code=75)
    ok("1 mail per contact and day: it waits", house.states() == ["sent"] * 3 +
       ["deferred"] and b"had mail about another case today" in done.stdout, done)
    house.now = "2026-11-22T08:00:01Z"
    house.send()
    ok("and leaves a day later", house.states() == ["sent"] * 4)


def stop_list():
    for number, key in enumerate((KILIMA, "kilima.corp", "198.51.100.128/25")):
        house, cases = drafted("stop%d" % number)
        house.run("approve", cases[KILIMA])
        house.run("stop", key)
        done = house.send(code=69)
        ok("nothing to " + key, not house.sink.mails() and
           house.states() == ["failed"] * 2 and b"on the stop list" in done.stdout, done)
        house.run("stop", "--undo", key)
        house.send("--send-again", "--yes", cases[KILIMA])
        ok("taken off the list, and sent by a person's word: " + key,
           len(house.sink.mails()) == 2)
    for key in (KILIMA, "kilima.corp"):
        house, cases = drafted("stop-draft")
        house.run("stop", key)
        for command in ("approve",), ("send", "--yes"):
            done = house.real(*command, cases[KILIMA], code=77)
            ok("%s on the stop list: %s approves nothing" % (key, command[0]),
               b"'%s' is on the stop list" % key.encode() in done.stderr and
               not house.states(), done)


def closed():
    house, cases = drafted("closed")
    house.run("approve", cases[KILIMA])
    house.run("close", cases[KILIMA])
    house.send()
    ok("a closed case is not sent", not house.sink.mails())
    done = house.run("approve", cases[KILIMA], code=77)
    ok("nor approved", b"is closed" in done.stderr, done)


def parts():
    house, cases = drafted("parts")
    house.send("--yes", "--part", "198.51.100.140", cases[KILIMA])
    mails = house.sink.mails()
    ok("--part sends one source's report alone",
       len(mails) == 1 and b"198.51.100.140" in mails[0][1])
    ok("the other stays a draft", house.rows(
        "SELECT part FROM report WHERE state = 'draft' AND kase = ?", cases[KILIMA]) ==
       [("198.51.100.150",)])
    house.send("--yes", cases[KILIMA])
    ok("and can leave later: one case is one mail for the cap",
       len(house.sink.mails()) == 2)
    done = house.send("--yes", "--part", "192.0.2.1", cases[KILIMA], code=66)
    ok("a part that is none is named", b"192.0.2.1" in done.stderr, done)


def unset():
    house = House("unset")
    conf = os.path.join(house.folder, "examples/tipoff.conf")
    with open(conf, encoding="utf-8") as file:
        text = file.read()
    with open(conf, "w", encoding="utf-8") as file:
        file.write(text.replace("name         = Maria Keller\n", ""))
    house.draft()
    case = house.cases()[KILIMA]
    done = house.run("approve", case, code=78)
    ok("no name, no approval", b"[reporter] name is not set" in done.stderr and
       b"set it in [reporter] of 'examples/tipoff.conf'" in done.stderr, done)
    house.sets.append("reporter.name=Maria Keller")
    done = house.run("approve", case, code=78)
    ok("a draft with a placeholder is not approved either", b"'[your name]': set it "
       b"in [reporter] of 'examples/tipoff.conf', then 'tipoff draft'" in done.stderr, done)
    house.draft()
    done = house.run("approve", case)
    ok("drafted again, it is", house.case_state(case) == "approved", done)
    silent = house.rows("SELECT id FROM kase WHERE contact = ''")[0][0]
    done = house.run("approve", silent, code=77)
    ok("a case with nobody to tell is not approved", b"nobody to tell" in done.stderr, done)


def odd_recipients():
    """What should never stand in the store is still not handed on."""
    house, cases = drafted("odd")
    for address in ("abuse@kilima.corp> NOTIFY=NEVER", "-oQ/tmp@kilima.corp",
                    "abuse@kilima.corp,root@kilima.corp", "\"a b\"@kilima.corp",
                    "abuse@[192.0.2.1]", "hostmaster@ripe.net", "abuse@kilima.example"):
        sql = ("UPDATE report SET recipients = '%s' WHERE kase = '%s'" %
               (address.replace("'", "''"), cases[KILIMA]))
        subprocess.run(["sqlite3", house.store, sql], check=True)
        done = house.real("approve", cases[KILIMA], code=77)
        ok("refused: " + address, b"is not mailed" in done.stderr, done)
    ok("nothing was approved", not house.approved())


def copies():
    house, cases = drafted("copies")
    out = os.path.join(house.folder, "out")
    house.run("approve", cases[KILIMA])
    house.run("send", "--out", out)
    paths = sorted(glob.glob(out + "/*.eml"))
    contents = []
    for path in paths:
        with open(path, "rb") as file:
            contents.append(file.read())
    ok("--out writes what was approved, also with documentation = public",
       sorted(contents) == sorted(house.approved().values()), paths)
    ok("their mode is 0600", all(os.stat(p).st_mode & 0o777 == 0o600 for p in paths))
    ok("no state changes", house.states() == ["ready"] * 2 and
       house.case_state(cases[KILIMA]) == "approved")
    for path, content in zip(paths, contents):
        message = email.message_from_bytes(content, policy=email.policy.default)
        ok("Python reads " + os.path.basename(path)[6:], message["To"] == KILIMA and
           message.get_body().get_content().startswith("Spread:") and
           "\nSource:" in message.get_body().get_content() and
           not any(part.defects for part in message.walk()), message.defects)
    mutt(house, paths[0], contents[0])
    done = house.run("send", "--out", out, cases[NORTHWIND])
    ok("--out CASE writes drafts too", len(glob.glob(out + "/*.eml")) == 5, done)
    ok("a file is on record", b"written to a file" in house.run(
        "show", cases[NORTHWIND]).stdout)
    done = house.send("--to-me", cases[NORTHWIND])
    mails = house.sink.mails()
    ok("--to-me sends to yourself alone", len(mails) == 3 and all(
        a[3:] == ["--", "maria@harbour-books.corp"] and
        b"\r\nTo: maria@harbour-books.corp\r\n" in m for a, m in mails), done)
    ok("marked in the subject, with a Message-ID of its own", all(
        b"\r\nSubject: [draft for you] " in m for _, m in mails) and
       not {message_id(m) for _, m in mails} & {r[0] for r in house.rows(
           "SELECT message_id FROM report")})
    ok("and the case is as before", house.case_state(cases[NORTHWIND]) == "open")
    done = house.run("send", "--to-me", cases[NORTHWIND], code=77)
    ok("documentation = public: not even to yourself", len(house.sink.mails()) == 3, done)


def mutt(house, path, content):
    """mutt takes the file as a message to send, which it reads whole."""
    if not shutil.which("mutt"):
        print("skip mutt reads a file of --out # mutt is not installed")
        return
    taken = os.path.join(house.folder, "mutt.out")
    script = os.path.join(house.folder, "mutt.sendmail")
    with open(script, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\ncat >%s\n" % taken)
    os.chmod(script, 0o755)
    done = subprocess.run(
        ["mutt", "-n", "-F", "/dev/null", "-e", "set sendmail=%s" % script, "-e",
         "set use_from=yes from=maria@harbour-books.corp copy=no", "-H", path],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        env={**os.environ, "HOME": house.folder}, cwd=house.folder)
    with open(taken, "rb") as file:
        got = email.message_from_bytes(file.read(), policy=email.policy.default)
    want = email.message_from_bytes(content, policy=email.policy.default)
    ok("mutt reads a file of --out", done.returncode == 0 and
       got["Subject"] == want["Subject"] and got["To"] == want["To"] and
       [p.get_content_type() for p in got.walk()] ==
       [p.get_content_type() for p in want.walk()], done, got)


def on_a_terminal(house, case, answer):
    """`send CASE` with a person at a terminal; -> its exit code and what it showed"""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(house.argv("send", "--set", "judge.documentation=no", case),
                               cwd=house.folder, env=house.env, stdin=theirs,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, answer)
    shown = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        shown += block
    os.close(ours)
    return process.wait(60), shown


def a_person_is_asked():
    if terminals.absent("a person is asked"):
        return
    house, cases = drafted("person")
    code, shown = on_a_terminal(house, cases[HEXAGON], b"n\n")
    ok("a person who says no sends nothing", code == 77 and not house.sink.mails() and
       not house.approved() and b"Approve and send? [y/N]" in shown, code, shown)
    ok("asked with subject and recipient on the screen",
       HEXAGON.encode() in shown and b"SSH login attacks from 6 addresses" in shown, shown)
    code, shown = on_a_terminal(house, cases[HEXAGON], b"y\n")
    ok("a person who says yes sends it", code == 0 and house.states() == ["sent"], code,
       shown)


def two_at_once():
    """Three `send` beside each other: each message once, and nobody fails."""
    house, cases = drafted("beside")
    house.run("approve", cases[NORTHWIND], cases[HEXAGON], cases[KILIMA])
    argv = house.argv("send", "--set", "judge.documentation=no")
    running = [subprocess.Popen(argv, cwd=house.folder, env=house.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE) for _ in range(3)]
    ends = [process.communicate(timeout=120) for process in running]
    ok("three at once: nobody fails", all(p.returncode in (0, 75) for p in running), ends)
    ids = [message_id(m) for _, m in house.sink.mails()]
    ok("three at once: each message leaves once",
       len(ids) == len(set(ids)) == 6 and house.states() == ["sent"] * 6, ids,
       house.states())


def json_lines():
    house, cases = drafted("json")
    done = house.send("--yes", "--json", cases[HEXAGON])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    ok("--json tells approval and delivery",
       [line["type"] for line in lines] == ["approval", "delivery"] and
       lines[1]["state"] == "sent" and lines[1]["recipients"] == [HEXAGON], done)


def usage():
    house, cases = drafted("usage")
    rows = (("send", "--out", "x", "--to-me", cases[KILIMA]), ("send", "--to-me"),
            ("send", "--was-delivered"), ("approve",))
    for words in rows:
        done = house.run(*words, code=64)
        ok("refused: " + " ".join(words[:3]), done.returncode == 64, done)
    done = house.send("--yes", "ZZZZZ", cases[KILIMA], code=66)
    ok("a case that is none stops it before anything leaves",
       not house.sink.mails() and b"ZZZZZ" in done.stderr, done)


exact_bytes(*nothing_without_approval())
for test in (growth, parts_come_back, answers, killed_by_signal, caps, second_case, stop_list,
             closed, parts, unset, odd_recipients, copies, a_person_is_asked, two_at_once,
             json_lines, usage):
    test()
checks.exit()
