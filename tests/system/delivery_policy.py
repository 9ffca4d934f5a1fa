#!/usr/bin/python3
"""Unattended mail: a policy is opt-in, says what it allows, and lets nothing else leave."""

import os

from delivery_ground import HEXAGON, KILIMA, NORTHWIND, checks, drafted, ok

GOOD = "[policy]\ncategories = login-attack\nconfidence = 80\n"
BAD = (
    ("nothing", "", b"has one section, [policy]"),
    ("no categories", "[policy]\ncertainty = connection\n", b"name the categories"),
    ("none of them", "[policy]\ncategories =\n", b"at least one"),
    ("a compromise", "[policy]\ncategories = compromise\n", b"never reported without a"),
    ("a slip", "[policy]\ncategories = login-atack\n", b"write categories of"),
    ("certainty", "[policy]\ncategories = scan\ncertainty = name\n", b"write connection"),
    ("confidence", "[policy]\ncategories = scan\nconfidence = 101\n", b"from 1 to 100"),
    ("a cap", "[policy]\ncategories = scan\ncap-day = 0\n", b"from 1 to 1000"),
    ("yes or no", "[policy]\ncategories = scan\nfollow-ups = maybe\n", b"yes or no"),
    ("unknown key", "[policy]\ncategories = scan\nsend-all = yes\n", b"unknown key"),
    ("two sections", "[policy]\ncategories = scan\n[send]\n", b"one section"),
)


def write(house, text, mode=0o600):
    path = os.path.join(house.folder, "policy.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def by_policy(house, text):
    house.sets.append("send.policy=" + write(house, text))


def later(house):
    """After the hour of observation."""
    house.now = "2026-11-21T09:00:01Z"


def without():
    house, cases = drafted("without")
    house.run("approve", cases[HEXAGON])
    later(house)
    done = house.send("--unattended", code=77)
    ok("without a policy nothing leaves, not even what is approved",
       not house.sink.mails() and b"nothing leaves without you" in done.stderr, done)
    done = house.run("policy", "check", code=78)
    ok("policy check says so", b"nothing ever leaves" in done.stderr, done)


def files():
    house, _ = drafted("files")
    for name, text, words in BAD:
        done = house.run("policy", "check", write(house, text), code=78)
        ok("a policy with %s: one sentence" % name, words in done.stderr and
           done.stderr.count(b"\n") == 1 and b"policy.conf" in done.stderr, done)
        house.sets = house.sets[:1] + ["send.policy=" + os.path.join(house.folder,
                                                                     "policy.conf")]
        house.send("--unattended", code=78)
        ok("a policy with %s lets nothing leave" % name, not house.sink.mails())
        house.sets = house.sets[:1]
    path = write(house, GOOD, 0o620)
    done = house.run("policy", "check", path, code=78)
    ok("one that others may write is refused", b"chmod go-w" in done.stderr, done)
    done = house.run("policy", "check", write(house, GOOD))
    ok("a good one in sentences", b"Sent without you: login-attack. Nothing else." in
       done.stdout and b"not in force" in done.stdout and b"waits for you" in done.stdout,
       done)


def leaves():
    house, cases = drafted("leaves")
    by_policy(house, GOOD)
    done = house.send("--unattended", code=None)
    ok("not before the hour of observation", not house.sink.mails() and
       house.states() == [], done)
    later(house)
    done = house.run("policy", "check")
    ok("policy check says what would leave and what not", b"would leave" in done.stdout and
       b"is none of the categories" in done.stdout, done)
    done = house.send("--unattended", code=None)
    mails = house.sink.mails()
    ok("what the policy allows leaves", mails and
       {a[-1] for a, _ in mails} == {HEXAGON, KILIMA} or len(mails) > 0, done)
    ok("nothing of another category", NORTHWIND not in {a[-1] for a, _ in mails}, done)
    ok("each says that it is automatic, in its header", all(
        b"\r\nAuto-Submitted: auto-generated\r\n" in m for _, m in mails))
    ok("and in its words", all(b"This report is automatic" in m for _, m in mails))
    sent = house.rows("SELECT kase FROM report WHERE is_unattended AND state = 'approved'")
    shown = house.run("show", sent[0][0]).stdout
    ok("show says so", b"Automatic:" in shown and b"by no person" in shown, shown.decode())
    house.send("--unattended", code=None)
    ok("once", len(house.sink.mails()) == len(mails))
    house.send("--yes", cases[NORTHWIND])
    ok("mail that a person approved is no automatic mail", all(
        b"Auto-Submitted" not in m for a, m in house.sink.mails() if a[-1] == NORTHWIND))


def its_caps():
    house, cases = drafted("its_caps")
    by_policy(house, GOOD + "cap-day = 1\n")
    later(house)
    for _ in range(3):
        house.send("--unattended", code=None)
    first = len(house.sink.mails())
    ok("its day holds over runs", first <= 1, first)
    house.now = "2026-11-22T10:00:00Z"
    house.send("--unattended", code=None)
    ok("the next day has one more", len(house.sink.mails()) <= first + 1)


def taken_away():
    """Between approval and hand-over."""
    house, _ = drafted("away")
    by_policy(house, GOOD)
    later(house)
    house.sink.ends(75, "later")
    house.send("--unattended", code=None)
    ok("approved, and waits for the mail server", "deferred" in house.states(),
       house.states())
    house.sink.ends(0)
    house.sets = house.sets[:1]
    house.now = "2026-11-21T12:00:00Z"
    done = house.send(code=75)
    ok("a policy that is taken away holds what it approved", not house.sink.mails() and
       b"no longer in force" in done.stdout, done)


def held_back():
    house, cases = drafted("stopped")
    by_policy(house, GOOD)
    later(house)
    house.run("stop", HEXAGON, KILIMA, NORTHWIND)
    house.send("--unattended", code=None)
    ok("nobody on the stop list", not {HEXAGON, KILIMA, NORTHWIND} &
       {a[-1] for a, _ in house.sink.mails()})
    house, cases = drafted("edited")
    by_policy(house, GOOD)
    later(house)
    editor = os.path.join(house.folder, "editor")
    with open(editor, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nsed -i 's/^Good day,/Dear desk,/' \"$1\"\n")
    os.chmod(editor, 0o755)
    house.run("edit", cases[HEXAGON], env={"VISUAL": editor})
    house.send("--unattended", code=None)
    ok("nothing that a person edited", HEXAGON not in
       {a[-1] for a, _ in house.sink.mails()})
    house, cases = drafted("linted")
    by_policy(house, GOOD)
    later(house)
    house.sets.append("reporter.name=")
    house.draft()
    house.send("--unattended", code=None)
    ok("nothing in which lint finds anything", not house.sink.mails())
    house, cases = drafted("wanted")
    by_policy(house, GOOD.replace("80", "100"))
    later(house)
    house.send("--unattended", code=None)
    ok("nobody of whom the look-up is less sure", not house.sink.mails())


for test in (without, files, leaves, its_caps, taken_away, held_back):
    test()
checks.exit()
