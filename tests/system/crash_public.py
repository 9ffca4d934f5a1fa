#!/usr/bin/python3
"""Killed at every point in turn while a public database is told, then run again: told once
at most, never lost, and in doubt exactly between the commit that says `sending` and the
answer's."""

import os
import signal

from crash_schedule import doubt_zone
from delivery_ground import HEXAGON, checks, ok
from public_ground import PublicHouse, ground

databases = ground()
house = PublicHouse("crash-public", databases, "abuseipdb")
log = os.path.join(house.folder, "points")


def put_back():
    for end in ("-wal", "-shm"):
        if os.path.exists(house.store + end):
            os.unlink(house.store + end)
    for end in ("", "-wal", "-shm"):
        if os.path.exists(house.store + ".kept" + end):
            os.replace(house.store + ".kept" + end, house.store + end)
    house.copy_store(house.store + ".kept")
    databases.forget()


def state():
    return house.public()[0][1]


house.draft()
house.run("approve", "--part", "abuseipdb", house.cases()[HEXAGON])
house.copy_store(house.store + ".kept")
house.send(env={"TIPOFF_CRASH_LOG": log})
with open(log, encoding="ascii") as file:
    points = [line.split()[1] for line in file]
fates = doubt_zone(points, "http.body", "http.answered")
ok("a run without a kill tells it once", len(databases.kept) == 6 and state() == "sent", points)
problems = []
for point, (name, fate) in enumerate(zip(points, fates), 1):
    put_back()
    done = house.send(code=None, env={"TIPOFF_CRASH_AT": str(point)})
    if done.returncode != -signal.SIGKILL:
        problems.append("%d %s: it did not die" % (point, name))
    for _ in range(2):
        house.send(code=None)
    want = ("sent", 6) if not fate else ("in doubt", 6 if fate == "once" else 0)
    if (state(), len(databases.kept)) != want or len(databases.told) > 6:
        problems.append("%d %s: %s, %d kept; expected %s" % (
            point, name, state(), len(databases.kept), want))
ok("killed at 1 to %d, run again" % len(points), not problems, *problems)
ok("in doubt after %d of them, each between the commit and the answer" %
   sum(map(bool, fates)), sum(map(bool, fates)) == 4, list(zip(points, fates)))
databases.close()
checks.exit()
