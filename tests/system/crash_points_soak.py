#!/usr/bin/python3
"""The whole of the examples drafted, approved and sent by commands that are killed again
and again, at points drawn by a seed and at instants that no point marks, until all is done:
nothing lost, nothing twice. SOAK_SECONDS says for how long (600); the seed is printed."""

import os
import random
import signal
import subprocess
import time

from crash_schedule import COMMANDS, LOGS, Schedule
from delivery_ground import HEXAGON, KILIMA, NORTHWIND, checks, ok

SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
SEED = int(os.environ.get("SOAK_SEED", str(random.SystemRandom().randrange(1 << 32))))
KILLS_MAX = 60


def killed_by_clock(schedule, name, draw):
    """SIGKILL at an instant of its own; -> whether it died"""
    house = schedule.house
    words = {"draft": ("draft", *schedule.logs), "approve": ("approve", *schedule.cases()),
             "send": ("send", "--set", "judge.documentation=no")}[name]
    process = subprocess.Popen(house.argv(*words), cwd=house.folder, env=house.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(draw.uniform(0, 1))
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def killed(schedule, name, draw, points):
    if name == "approve" and not schedule.cases():
        return False
    if draw.random() < 0.3:
        return killed_by_clock(schedule, name, draw)
    return schedule.kill(name, draw.randint(1, points[name] + 2))


def one_life(schedule, draw, points):
    """-> kills it took"""
    kills = 0
    schedule.put_back("draft")
    for name in COMMANDS:
        while kills < KILLS_MAX and killed(schedule, name, draw, points):
            kills += 1
        schedule.command(name)
    schedule.command("send")
    return kills


def settle_sink(schedule):
    """Mail programs that outlived their tipoff end by themselves."""
    count, calm = -1, 0
    while calm < 5:
        now = len(schedule.house.sink.mails())
        calm = calm + 1 if now == count else 0
        count = now
        time.sleep(0.1)


print("# SOAK_SEED=%d" % SEED)
draw = random.Random(SEED)
schedule = Schedule("soak", logs=tuple(LOGS), contacts=(HEXAGON, KILIMA, NORTHWIND))
points = {}
for command in COMMANDS:
    schedule.keep(command)
    points[command] = len(schedule.count(command))
want, mails = schedule.picture(), len(schedule.sent())
end, lives, kills, doubtful, problems = time.monotonic() + SECONDS, 0, 0, 0, []
while time.monotonic() < end and not problems:
    kills += one_life(schedule, draw, points)
    lives += 1
    settle_sink(schedule)
    doubtful += len(schedule.doubtful())
    problems = schedule.differences(want) + schedule.mail_problems(mails)
print("# %d lives, %d kills, %d messages in doubt" % (lives, kills, doubtful))
ok("killed again and again: nothing lost, nothing twice", not problems and kills, *problems)
checks.exit()
