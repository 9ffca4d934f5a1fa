#!/usr/bin/python3
"""Killed at every point in turn while a form is given to a person, and while the person says
that it was filled in, refused or not filled in; then run again: given once, told once,
nothing lost, and never told without the person's word."""

import os
import signal

from delivery_ground import HEXAGON, House, checks, ok

FORM = "https://hexagon-colo.corp/abuse"
house = House("crash-forms")
table = os.path.join(house.folder, "providers.txt")
log = os.path.join(house.folder, "points")
with open(table, "w", encoding="utf-8") as file:
    file.write("hexagon-colo.corp | form-only | %s | - | x; 2026-11-01\n" % FORM)
house.sets.append("look-up.providers=" + table)


def keep(name):
    for end in ("-wal", "-shm"):
        if os.path.exists(house.store + end):
            os.unlink(house.store + end)
    house.copy_store(house.store + name)


def put_back(name):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(house.store + end):
            os.unlink(house.store + end)
    with open(house.store + name, "rb") as kept, open(house.store, "wb") as store:
        store.write(kept.read())


def picture():
    """All that a person's word changes, without the times and tries."""
    return {
        "outbox": house.rows("SELECT state, sending_at > 0, answer FROM outbox"),
        "case": house.rows("SELECT contact, state, tag FROM kase ORDER BY contact, network"),
        "refused": house.rows("SELECT address, words FROM refused"),
        "told": house.rows("SELECT event, count(*) FROM delivery WHERE event IN ('sent', "
                           "'failed', 'to fill in') GROUP BY event ORDER BY event"),
        "record": house.rows("SELECT verb, count(*) FROM audit WHERE verb IN ('sent', 'failed',"
                             " 'to fill in', 'tag') GROUP BY verb ORDER BY verb"),
    }


def points_of(words):
    house.real(*words, code=None, env={"TIPOFF_CRASH_LOG": log})
    with open(log, encoding="ascii") as file:
        names = [line.split()[1] for line in file]
    os.unlink(log)
    return names


def sweep(name, kept, words):
    put_back(kept)
    before = picture()
    points = points_of(words)
    want = picture()
    problems = [] if want != before else ["it changes nothing"]
    for point, what in enumerate(points, 1):
        put_back(kept)
        done = house.real(*words, code=None, env={"TIPOFF_CRASH_AT": str(point)})
        if done.returncode != -signal.SIGKILL:
            problems.append("%d %s: it did not die" % (point, what))
        house.real(*words, code=None)
        house.real("send", code=None)
        if picture() != want:
            problems.append("%d %s: %s" % (point, what, picture()))
    ok("%s: killed at 1 to %d, said again" % (name, len(points)), not problems and points,
       *problems)


house.draft()
case = house.cases()[FORM]
ok("the case is a form's", HEXAGON not in house.cases(), house.cases())
house.real("approve", case)
keep(".approved")
sweep("send", ".approved", ("send", case))
put_back(".approved")
house.send(case, code=75)
keep(".given")
sweep("told", ".given", ("told", "--tag", "[X #1]", case))
sweep("told --refused", ".given", ("told", "--refused", "no", case))
put_back(".given")
sweep_back = points_of(("told", "--take-back", case))
problems = []
for point in range(1, len(sweep_back) + 1):
    put_back(".given")
    house.real("told", "--take-back", case, code=None, env={"TIPOFF_CRASH_AT": str(point)})
    state = house.rows("SELECT state, sending_at > 0 FROM outbox")
    if state not in ([("to fill in", 1)], [("ready", 0)]):
        problems.append("%d: %s" % (point, state))
    if house.case_state(case) != ("to fill in" if state[0][0] == "to fill in" else "approved"):
        problems.append("%d: the case is %s" % (point, house.case_state(case)))
ok("told --take-back: killed at 1 to %d, all of it or nothing" % len(sweep_back),
   not problems and sweep_back, *problems)
checks.exit()
