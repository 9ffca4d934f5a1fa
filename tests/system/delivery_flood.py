#!/usr/bin/python3
"""More than a thousand incidents of one network within an hour, drafted and sent by two workers
at once that are killed and begin again: no more mails than the caps say. A hundred thousand
are tried by delivery_flood_soak.py."""

from delivery_ground import NORTHWIND, checks, ok
from flood_run import BUSY, WORK, flood, flooded, start, told_once, two_workers

COUNT = 400

house = flooded("flood")
codes = set()
for step in range(3):
    flood(house, step * COUNT, COUNT, 2 + step)
    house.now = "2026-11-21T%02d:30:00Z" % (3 + step)
    codes |= set(two_workers(house, step, 2, 3))
mails = [a[-1] for a, _ in house.sink.mails()]
print("# %d incidents, %d mails, exits %s" % (
    house.rows("SELECT COUNT(*) FROM incident")[0][0], len(mails), sorted(codes)))
ok("a thousand incidents of one network in an hour: one mail to its contact",
   told_once(house, mails) and set(mails) <= {NORTHWIND}, mails)
ok("each worker ended well, or waits for the other", codes <= {0, BUSY}, codes)
ok("every line was counted once", house.rows(
    "SELECT COUNT(*), SUM(count) FROM incident") == [(3 * COUNT, 3 * COUNT)])
ok("the rest waits as one case", house.rows(
    "SELECT COUNT(*) FROM kase WHERE contact = ? AND state IN ('open', 'approved')",
    NORTHWIND) == [(1,)])
house.now = "2026-11-22T05:00:00Z"
for words in (*WORK[1:], *WORK):
    start(house, *words).wait()
ok("a day later one more", len(house.sink.mails()) == len(mails) + 1, len(house.sink.mails()))
checks.exit()
