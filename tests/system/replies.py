#!/usr/bin/python3
"""What a desk answers is handed in, found by three keys, and used by what follows: its tag
in the subject, its mail in the thread, that it answered in the first line."""

import os
import re
import subprocess

from delivery_ground import NORTHWIND, checks, drafted, ok

LINES = "".join("Nov 21 %02d:30:%02d web1 sshd[%d]: Failed password for root from "
                "203.0.113.77 port %d ssh2\n" % (21 + i // 6, i, 4000 + i, 40000 + i)
                for i in range(12))


def header(message, name):
    head = re.sub(rb"\r\n[ \t]+", b" ", message.split(b"\r\n\r\n", 1)[0])
    found = re.search(rb"(?mi)^%s: *(.*?)\r?$" % name, head)
    return found.group(1).decode() if found else None


def sent(name):
    """-> house, case, the mail about 203.0.113.77 that left"""
    house, cases = drafted(name)
    house.send("--yes", cases[NORTHWIND])
    mail = next(m for _, m in house.sink.mails() if "203.0.113.77" in header(m, b"Subject"))
    house.sink.empty()
    house.now = "2026-11-21T20:00:00Z"
    return house, cases[NORTHWIND], mail


def answer(mail, **more):
    fields = {"From": "Abuse Desk <abuse@northwind-hosting.corp>",
              "To": "maria@harbour-books.corp",
              "Subject": "[northwind #4711] Re: your report",
              "Message-ID": "<rt-77@northwind-hosting.corp>",
              "In-Reply-To": header(mail, b"Message-Id"),
              "Date": "Sat, 21 Nov 2026 04:00:00 -0500", **more}
    return "".join("%s: %s\n" % (key.replace("_", "-"), value)
                   for key, value in fields.items() if value) + "\nWe have looked at it.\n"


def handed(house, text, *words, code=0):
    path = os.path.join(house.folder, "answer.eml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return house.run("replies", path, *words, code=code)


def follow_up(house):
    with open(os.path.join(house.folder, "more.log"), "w", encoding="ascii") as file:
        file.write(LINES)
    house.now = "2026-11-22T08:00:01Z"
    house.draft("more.log")
    case = house.rows("SELECT id FROM kase WHERE contact = ? AND state = 'open'", NORTHWIND)
    house.send("--yes", case[0][0])
    mails = [m for _, m in house.sink.mails()]
    ok("one mail follows", len(mails) == 1, mails)
    return mails[0]


def the_thread():
    house, case, mail = sent("thread")
    done = handed(house, answer(mail))
    ok("an answer is found by its thread", b"Case %s: answered; its tag is [northwind #4711]." %
       case.encode() in done.stdout, done)
    shown = house.run("show", case).stdout
    ok("show says tag, time and who", all(w in shown for w in (
        b"Tag:       [northwind #4711]", b"Answered:  2026-11-21 09:00:00 +0000",
        b"desk answered", b"Abuse Desk <abuse@northwind-hosting.corp>")), shown.decode())
    before = house.rows("SELECT COUNT(*) FROM audit")
    done = handed(house, answer(mail))
    ok("handed in again it adds nothing", b"as was known" in done.stdout and
       house.rows("SELECT COUNT(*) FROM audit") == before, done)
    after = follow_up(house)
    body = b" ".join(after.split(b"\r\n\r\n", 1)[1].split())
    token = re.search(r"\[(\w{5})\]", header(mail, b"Subject")).group(1)
    ok("its first line says that it goes on after the answer", re.match(
        rb".{0,300}Follow-up: to my report \[%s\] of 2026-11-21 08:00:00 \+0000, which you "
        rb"answered on 2026-11-21 09:00:00 \+0000; what is below came after your answer" %
        token.encode(), body), body[:500])
    ok("its subject ends in the desk's tag", header(after, b"Subject").endswith(
        "] [northwind #4711]"), header(after, b"Subject"))
    ok("it is an answer to the answer, in the thread of both",
       header(after, b"In-Reply-To") == "<rt-77@northwind-hosting.corp>" and
       header(after, b"References").split() ==
       [header(mail, b"Message-Id"), "<rt-77@northwind-hosting.corp>"], after[:900])


def other_keys():
    for title, more in (
            ("the token in its subject", {"In-Reply-To": None, "Subject": "Re: x [%s]"}),
            ("References", {"In-Reply-To": None, "References": "<x@y.corp> %s"}),
            ("the plus-address", {"In-Reply-To": None, "To": "Maria <maria+%s@harbour-books.corp>"})):
        house, case, mail = sent("key")
        house.sets.append("send.plus=maria+%t@harbour-books.corp")
        token = re.search(r"\[(\w{5})\]", header(mail, b"Subject")).group(1)
        more = {key: value and value.replace("%s", header(mail, b"Message-Id")
                                             if key == "References" else token.lower())
                for key, value in more.items()}
        done = handed(house, answer(mail, **more))
        ok("found by " + title, b"Case %s: answered" % case.encode() in done.stdout, done)


def no_answers():
    house, case, mail = sent("none")
    done = handed(house, answer(mail, Auto_Submitted="auto-replied"))
    ok("a machine's acknowledgement teaches the tag and is no answer",
       b"acknowledged by a machine; its tag is [northwind #4711]" in done.stdout and
       house.rows("SELECT answered_at, tag FROM kase WHERE id = ?", case) ==
       [(0, "[northwind #4711]")], done)
    for title, text, why in (
            ("a bounce", answer(mail, Return_Path="<>"), b"a bounce and no answer"),
            ("a stranger's mail", answer(mail, **{"In-Reply-To": "<a@b.corp>"}),
             b"belongs to no report"),
            ("a token that nobody has", answer(mail, **{"In-Reply-To": None, "Subject":
                                                        "[ZZZZZ]"}), b"belongs to no report"),
            ("nothing", "", b"belongs to no report")):
        done = handed(house, text, code=65)
        ok("%s is told in one sentence" % title, why in done.stderr and
           done.stderr.count(b"\n") == 1, done)
    done = handed(house, answer(mail, **{"In-Reply-To": None}), "--case", case)
    ok("the case can be named", b"Case %s: answered" % case.encode() in done.stdout, done)
    done = handed(house, answer(mail, **{"Message-ID": "<evil id@x>", "Date":
                                         "Sat, 21 Nov 2099 04:00:00 +0000",
                                         "Subject": "[x\x1b[31m #1] \x00"}))
    ok("a date that lies ahead is now, an odd id is none, an odd tag is none",
       house.rows("SELECT answer_id, tag FROM kase WHERE id = ?", case) ==
       [("", "[northwind #4711]")] and b"\x1b" not in done.stdout and
       b"2026-11-21 20:00:00" in house.run("show", case).stdout, done)


def by_hand():
    house, case, _ = sent("hand")
    house.run("note", case, "--answered", "--tag", "[northwind #9]")
    after = follow_up(house)
    ok("told by hand it is in the first line too", b"which you answered on 2026-11-21" in
       b" ".join(after.split()) and header(after, b"Subject").endswith("[northwind #9]"), after)
    done = subprocess.run(house.argv("replies", "-"), input=b"x\n", capture_output=True,
                          cwd=house.folder, env=house.env, timeout=60)
    ok("standard input is read", done.returncode == 65 and b"mail '-'" in done.stderr, done)


the_thread()
other_keys()
no_answers()
by_hand()
checks.exit()
