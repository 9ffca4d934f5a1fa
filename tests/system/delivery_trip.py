#!/usr/bin/python3
"""The way to one's own box, and back by the plus-address, with a real exim that writes a
maildir: only after it worked is the plus-address used."""

import os
import re

import crash_random
from delivery_ground import HEXAGON, checks, drafted, ok

PLUS = "send.plus=maria+%t@harbour-books.corp"


def senders(mails):
    return {re.match(rb"Return-path: <(.*?)>", m).group(1).decode() for m in mails}


def the_trip(exim):
    house, cases = drafted("trip")
    house.sets = ["send.sendmail=" + exim.sendmail, PLUS]
    done = house.send("--yes", cases[HEXAGON])
    exim.settle()
    ok("untried: the plus-address is not used, and that is said",
       senders(exim.box()) == {"maria@harbour-books.corp"} and
       b"init --try" in done.stderr, done)
    exim.empty()
    done = house.real("init", "--try")
    ok("init --try sends two mails and says what to do", b"Two mails" in done.stdout and
       b"--received FILE" in done.stdout, done)
    exim.settle()
    mails = exim.box()
    ok("to oneself alone", len(mails) == 2 and senders(mails) == {"maria@harbour-books.corp"})
    back = next(m for m in mails if re.search(rb"^To: maria\+", m, re.M))
    out = next(m for m in mails if m is not back)
    results = (b"Authentication-Results: mx.harbour-books.corp;\n spf=pass "
               b"smtp.mailfrom=harbour-books.corp;\n dkim=none\n")
    path = os.path.join(house.folder, "received")
    for mail, words in ((results + out, (b"arrived", b"SPF:             pass",
                                         b"DKIM:            none", b"not seen to come back")),
                        (back, (b"came back, and is used from now on",))):
        with open(path, "wb") as file:
            file.write(mail)
        done = house.real("init", "--try", "--received", path)
        ok("a mail that is shown is read: %s" % words[-1].decode(),
           all(w in done.stdout for w in words), done)
    with open(path, "wb") as file:
        file.write(b"Message-ID: <other@one.corp>\n\nx\n")
    done = house.real("init", "--try", "--received", path, code=65)
    ok("another mail is none of them", b"none of the mails" in done.stderr, done)
    exim.empty()
    case = next(c for who, c in cases.items() if who != HEXAGON)
    house.send("--yes", case)
    exim.settle()
    ok("after the trip it is used", all(re.fullmatch(
        r"maria\+[a-z0-9]{5}@harbour-books\.corp", s) for s in senders(exim.box())),
       senders(exim.box()))
    house.sets[-1] = PLUS.replace("maria+", "maria-")
    done = house.send(code=None)
    ok("another way of writing it is tried anew", b"init --try" in done.stderr, done)


def by_maildir(exim):
    house, _ = drafted("maildir")
    house.sets = ["send.sendmail=" + exim.sendmail, PLUS]
    exim.empty()
    for name in ("new", "cur"):
        os.makedirs(os.path.join(exim.folder, "box", name), exist_ok=True)
    done = house.real("init", "--try", "--maildir", os.path.join(exim.folder, "box"))
    ok("with a maildir it looks itself", b"arrived" in done.stdout and
       b"Envelope sender: maria@harbour-books.corp" in done.stdout and
       b"came back, and is used" in done.stdout and
       b"no Authentication-Results" in done.stdout, done)
    done = house.real("init", "--try", "--maildir", "/nowhere", code=None)
    ok("a maildir that is none is one sentence", done.returncode and
       done.stderr.count(b"\n") == 1 and b"/nowhere" in done.stderr, done)


if crash_random.lacking():
    print("skip the way to one's own box # %s is not installed" % crash_random.lacking())
else:
    with crash_random.Exim() as exim_here:
        the_trip(exim_here)
        by_maildir(exim_here)
checks.exit()
