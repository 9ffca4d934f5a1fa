#!/usr/bin/python3
"""What a person does about mail beside sending it: the queue, the hours, trying again later,
the next contact, editing, correcting, and what follows an earlier report."""

import json
import os
import re
import stat
import time

from delivery_ground import HEXAGON, KILIMA, NORTHWIND, House, checks, drafted, ok


def header(message, name):
    found = re.search(rb"^%s: *([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)" % name, message, re.M | re.I)
    return re.sub(r"\s+", " ", found.group(1).decode()) if found else None


def more_attempts(house, source, day="21", hour="05"):
    with open(os.path.join(house.folder, "examples/logs/secure"), "a",
              encoding="utf-8") as log:
        for second in range(30):
            log.write("Nov %s %s:10:%02d mail sshd[77]: Failed password for root from "
                      "%s port 4%04d ssh2\n" % (day, hour, second, source, second))


def window():
    house, cases = drafted("window")
    house.run("approve", cases[HEXAGON])
    row = "send.window=mon-fri 09:00-17:00 Europe/Berlin"  # NOW is Saturday 09:00 there
    house.sets.append(row)
    done = house.send(code=75)
    ok("outside of the hours it waits and says till when", not house.sink.mails() and
       b"outside of [send] window; again at 2026-11-23 08:00 UTC" in done.stdout, done)
    done = house.real("queue")
    ok("queue says why and until when", b"2026-11-23 08:00 UTC" in done.stdout and
       b"outside of" in done.stdout, done)
    row = json.loads(house.real("queue", "--json").stdout)
    ok("so does its JSON", row["until"] == "2026-11-23T08:00:00Z" and
       row["state"] == "deferred", row)
    house.now = "2026-11-23T08:00:00Z"
    house.send()
    ok("at that time it leaves", house.states() == ["sent"])
    house, cases = drafted("anyhour")
    house.sets.append("send.window=00:00-00:01 UTC")
    house.send("--yes", "--any-hour", cases[HEXAGON])
    ok("--any-hour passes over the hours alone", house.states() == ["sent"])
    house, cases = drafted("nohours")
    house.run("approve", cases[HEXAGON])
    house.sets.append("send.window=8 to 5")
    done = house.send(code=78)
    ok("a row that is none: one sentence with an example", not house.sink.mails() and
       b"'8 to 5' is no such row" in done.stderr, done)


def backing_off():
    house, cases = drafted("later")
    house.run("approve", cases[HEXAGON])
    house.sink.ends(75, "queue full")
    waits = []
    for _ in range(14):
        house.send(code=None)
        row = house.rows("SELECT state, until, tries FROM outbox")[0]
        if row[0] != "deferred":
            break
        now = house.rows("SELECT changed_at FROM outbox")[0][0]
        waits.append((row[1] - now) // 60000000)
        done = house.send(code=75)
        ok("try %d is not repeated before its time" % row[2],
           house.rows("SELECT tries FROM outbox")[0][0] == row[2] and
           b"tried again after" in done.stdout, done)
        house.now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row[1] // 1000000 + 1))
    ok("a quarter of an hour, doubled up to eight hours",
       waits == [15, 30, 60, 120, 240] + [480] * 8, waits)
    ok("after 14 tries it failed and says so", house.rows(
        "SELECT state, answer LIKE 'given up after 14 tries%' FROM outbox") ==
       [("failed", 1)], house.rows("SELECT state, answer FROM outbox"))
    house, cases = drafted("named")
    house.run("approve", cases[HEXAGON])
    house.sink.ends(75, "")
    house.send(code=75)
    house.sink.ends(0)
    house.send(cases[HEXAGON])
    ok("naming the case tries at once", house.states() == ["sent"])


def caps_of_all():
    house, cases = drafted("network")
    house.run("approve", cases[HEXAGON], cases[KILIMA], cases[NORTHWIND])
    house.sets.append("send.cap-total=3")
    done = house.send(code=75)
    ok("mails in all, ever", len(house.sink.mails()) == 3 and
       b"raise [send] cap-total" in done.stdout, done)
    house.now = "2027-11-21T08:00:00Z"
    house.send(code=75)
    ok("no day makes room for more", len(house.sink.mails()) == 3)


def next_contact():
    house, cases = drafted("next")
    case = cases[NORTHWIND]
    house.run("approve", case)
    house.sink.ends(67, "no such user")
    house.send(code=69)
    ok("refused for good: failed, nothing by itself", house.states() == ["failed"] * 3)
    house.sink.ends(0)
    house.draft()
    now = house.rows("SELECT id, contact, instead_of FROM kase WHERE state = 'open' AND "
                     "instead_of = ?", NORTHWIND)
    others = house.rows("SELECT contact FROM kase WHERE state = 'open' AND network <> ''")
    ok("the next draft is for the next contact, or says that there is nobody",
       now and now[0][1] != NORTHWIND, now, others)
    ok("the old case ended", house.case_state(case) == "closed")
    house.send()
    ok("it waits for a person", not house.sink.mails())
    if now and now[0][1]:
        shown = house.run("show", now[0][0]).stdout
        ok("show says in whose place", b"of " + NORTHWIND.encode() + b", which refused"
           in shown, shown)
        house.send("--yes", now[0][0])
        ok("approved, it goes there", {a[-1] for a, _ in house.sink.mails()} ==
           {now[0][1]})


def editor(house, script):
    path = os.path.join(house.folder, "editor")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/usr/bin/python3\nimport os, sys\npath = sys.argv[-1]\n"
                   "text = open(path, encoding='utf-8').read()\n"
                   "assert os.stat(path).st_mode & 0o777 == 0o600\n" + script)
    os.chmod(path, 0o755)
    return {"VISUAL": path + " --wait", "EDITOR": "/nowhere"}


SAVE = "open(path, 'w', encoding='utf-8').write(text)\n"


def edits():
    house, cases = drafted("edit")
    case = cases[HEXAGON]
    house.run("approve", case)
    done = house.run("edit", case, env=editor(house, "pass\n"))
    ok("unchanged: nothing is saved", b"Nothing was changed" in done.stdout and
       house.rows("SELECT COUNT(*) FROM report WHERE edited_by <> ''") == [(0,)], done)
    env = editor(house, "text = text.replace('Good day,', 'Dear desk,')\n" + SAVE)
    done = house.run("edit", case, env=env)
    ok("changed: a new revision, which needs a new approval",
       b"needs a new approval" in done.stdout and house.case_state(case) == "open", done)
    house.send()
    ok("the old approval is void", not house.sink.mails() and
       house.states() == ["withdrawn"])
    house.draft()
    ok("a draft without news keeps the edit", house.rows(
        "SELECT COUNT(*) FROM report WHERE state = 'draft' AND edited_by <> ''") == [(1,)])
    house.send("--yes", case)
    ok("the words that leave are the person's",
       [b"Dear desk," in m for _, m in house.sink.mails()] == [True])
    done = house.run("edit", case, env=env, code=77)
    ok("what left is not edited", b"tipoff correct" in done.stderr, done)


def edits_refused():
    house, cases = drafted("edits")
    case = cases[HEXAGON]
    kept = os.path.join(house.folder, "edit")
    for name, script, code in (
            ("empty", "text = ' \\n'\n", 77),
            ("a control character", "text += '\\x1b[2J'\n", 65),
            ("bidi", "text += '\\u202e'\n", 65),
            ("no UTF-8", "open(path, 'ab').write(b'\\xff')\nsys.exit(0)\n", 65),
            ("the editor fails", "sys.exit(3)\n", 77),
            ("the editor is killed", "os.kill(os.getpid(), 9)\n", 77)):
        done = house.run("edit", case, env=editor(house, script + SAVE), code=code)
        ok("edit, %s: nothing is saved, one sentence" % name, done.stderr.count(b"\n") == 1
           and b"nothing was saved" in done.stderr and b"\x1b" not in done.stderr and
           house.rows("SELECT COUNT(*) FROM report WHERE edited_by <> ''") == [(0,)], done)
        for left in os.listdir(kept):
            os.unlink(os.path.join(kept, left))
    ok("the texts lie where nobody else reads",
       stat.S_IMODE(os.stat(kept).st_mode) == 0o700)
    env = editor(house, "text = 'half a text\\n' + text\n" + SAVE + "sys.exit(1)\n")
    house.run("edit", case, env=env, code=77)
    env = editor(house, "assert text.startswith('half a text')\n"
                        "text = text.replace('half a', 'whole')\n" + SAVE)
    done = house.run("edit", case, env=env)
    ok("the next edit goes on with the text that was left",
       b"going on with the text" in done.stderr and not os.listdir(kept), done)
    env = editor(house, "text = text.replace('Good day,', 'You hackers!')\n" + SAVE)
    done = house.run("edit", case, env=env)
    ok("what lint finds in it is shown", b"unfriendly" in done.stdout, done)


def killed_while_editing():
    house, cases = drafted("killed")
    case = cases[HEXAGON]
    env = editor(house, "text = text.replace('Good day,', 'Dear desk,')\n" + SAVE)
    log = os.path.join(house.folder, "points")
    house.copy_store(house.store + ".before")
    house.run("edit", case, env={**env, "TIPOFF_CRASH_LOG": log})
    with open(log, encoding="ascii") as file:
        count = len(file.readlines())
    problems = []
    for point in range(1, count + 1):
        for end in ("-wal", "-shm"):
            if os.path.exists(house.store + end):
                os.unlink(house.store + end)
        os.replace(house.store + ".before", house.store)
        house.copy_store(house.store + ".before")
        house.run("edit", case, env={**env, "TIPOFF_CRASH_AT": str(point)}, code=-9)
        house.run("edit", case, env=env, code=None)
        got = house.rows("SELECT COUNT(*), SUM(memo LIKE '%Dear desk,%') FROM report WHERE "
                         "state = 'draft' AND kase = ?", case)
        if got != [(1, 1)]:
            problems.append("%d: %s" % (point, got))
    ok("killed at each of %d points of an edit and edited again: one draft, edited" % count,
       count > 5 and not problems, *problems)


def corrections():
    house, cases = drafted("correct")
    case = cases[NORTHWIND]
    reason = ("--reason", "The log was of a test of our own; nobody attacked us.")
    done = house.run("correct", case, *reason, code=77)
    ok("nobody was told: nothing to correct", b"nobody was told" in done.stderr, done)
    house.run("correct", case, code=64)
    house.send("--yes", case)
    told = {header(m, b"Message-Id"): m for _, m in house.sink.mails()}
    house.sink.empty()
    done = house.run("correct", case, *reason)
    ok("a draft for each report that was sent", len(re.findall(rb"^  Correction: ", done.stdout, re.M)) == 3 and
       b"Nothing was sent." in done.stdout and not house.sink.mails(), done)
    ok("the recipients are those who were told", set(house.rows(
        "SELECT recipients FROM report WHERE kind = 'correction'")) == {(NORTHWIND,)})
    house.sets += ["send.cap-day=1", "send.cap-corrections=2", "own.allow=203.0.113.77"]
    done = house.send("--yes", case, code=75)
    ok("outside of the caps on reports, within its own", len(house.sink.mails()) == 2 and
       b"cap-corrections" in done.stdout, done)
    house.now = "2026-11-22T08:00:01Z"
    house.send()
    mails = [m for _, m in house.sink.mails()]
    ok("the third a day later", len(mails) == 3)
    ok("each in the thread of its report", {header(m, b"In-Reply-To") for m in mails} ==
       set(told) == {header(m, b"References") for m in mails})
    ok("with its token", all(
        re.search(r"\[(\w{5})\]", header(m, b"Subject")).group(1) ==
        re.search(r"\[(\w{5})\]", header(told[header(m, b"In-Reply-To")],
                                         b"Subject")).group(1) for m in mails))
    ok("it says what was wrong", all(b"nobody attacked us" in re.sub(rb"\s+", b" ", m)
                                     for m in mails), mails[0].decode())
    done = house.run("correct", case, *reason, code=77)
    ok("once", b"corrected already" in done.stderr, done)


def corrections_stopped():
    house, cases = drafted("corstop")
    case = cases[KILIMA]
    house.send("--yes", case)
    house.sink.empty()
    house.run("close", case)
    house.run("correct", case, "--reason", "Wrong zone.")
    ok("a closed case is corrected too", house.case_state(case) == "sent")
    house.run("approve", case)
    house.run("stop", KILIMA)
    done = house.send(code=69)
    ok("stop holds between approve and send of a correction", not house.sink.mails() and
       b"on the stop list" in done.stdout, done)
    done = house.run("correct", case, "--reason", "Wrong zone.", code=77)
    ok("and before its draft", b"on the stop list" in done.stderr, done)


def follow_up():
    house, cases = drafted("follow")
    house.send("--yes", cases[NORTHWIND])
    first = {re.search(r"from (\S+),", header(m, b"Subject")).group(1): m
             for _, m in house.sink.mails()}
    house.sink.empty()
    source = "203.0.113.99"  # told for what it did to the web server
    more_attempts(house, source)
    house.now = "2026-11-21T11:00:00Z"
    house.draft()
    later = house.rows("SELECT id FROM kase WHERE contact = ? AND state = 'open'", NORTHWIND)
    house.send("--yes", later[0][0], code=75)
    house.now = "2026-11-22T08:00:01Z"
    house.send()
    mails = [m for _, m in house.sink.mails()]
    ok("a day later one mail follows", len(mails) == 1, len(mails))
    if len(mails) != 1:
        return
    before = first[source]
    token = re.search(r"\[(\w{5})\]", header(before, b"Subject")).group(1)
    body = mails[0].split(b"\r\n\r\n", 1)[1]
    ok("its first line says which report it follows",
       re.search(rb"Follow-up: +to my report \[%s\] of" % token.encode(), body),
       body[:600].decode())
    ok("in the thread of that report",
       header(mails[0], b"In-Reply-To") == header(before, b"Message-Id"))


for test in (window, backing_off, caps_of_all, next_contact, edits, edits_refused,
             killed_while_editing, corrections, corrections_stopped, follow_up):
    test()
checks.exit()
