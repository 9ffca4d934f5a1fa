#!/usr/bin/python3
"""What watch and detect --follow say and do beside counting: alarm, summary, drafts, new
configuration, folders and patterns in which logs appear later."""

import json
import os
import signal
import time

from stand import Place, check, equal, failure, failures, need, source
from watch_stand import Watch

SUCCESS = ("Nov 20 10:00:00 web1 sshd[99]: Accepted password for root from %s port 4711 "
           "ssh2\n")


def alarm(place):
    """At once, once, and again by the next watch while nobody has answered."""
    log = place.write("auth.log", "".join(failure(n, source(0)) for n in range(12)))
    watch = Watch(place, log)
    watch.rested(12)
    with open(log, "a", encoding="ascii") as live:
        live.write(SUCCESS % source(0))
    said = watch.line()
    need("ALARM: a login from 203.0.113.1 worked after 12 failures" in said, said)
    identity = said.split("tipoff answer ")[1].split()[0]
    watch.kill()
    watch = Watch(place, "--json", log)
    watch.ready()
    row = json.loads(watch.line())
    equal((row["type"], row["id"], row["category"]), ("incident", identity, "compromise"),
          "alarm as JSON")
    watch.stop()
    need(place.run("answer", identity, "ours").status == 0, "answer")
    watch = Watch(place, log)
    watch.rested()
    out, _ = watch.stop()
    need("ALARM" not in out, out)


def appearing(place):
    """Files that match a folder or a pattern come later, and are read whole."""
    folder = place.folder / "logs"
    folder.mkdir()
    watch = Watch(place, folder, place.folder / "site-*" / "auth.log", place.folder / "one.log")
    watch.ready()
    lines = failures(40, 5)
    place.write("logs/auth.log", "".join(lines[:10]))
    watch.rested(10)
    place.write("logs/sub/secure", "".join(lines[10:20]))
    watch.rested(20)
    place.write("site-a/auth.log", "".join(lines[20:30]))
    watch.rested(30)
    place.write("one.log", "".join(lines[30:]))
    watch.rested(40)
    out, _ = watch.stop()
    equal(place.counts("-"), {source(n): 8 for n in range(5)}, "counts")
    need("40 lines read, 40 attacks seen" in out, out)


def unfinished(place):
    """A line whose writer is in the middle of it waits; its end makes it one."""
    lines = failures(2, 1)
    log = place.folder / "auth.log"
    with open(log, "w", encoding="ascii") as live:
        live.write(lines[0] + lines[1][:40])
        live.flush()
        watch = Watch(place, log)
        equal(watch.rested(1), 1, "lines")
        live.write(lines[1][40:])
        live.flush()
        watch.rested(2)
    watch.stop()
    equal(place.counts("-"), {source(0): 2}, "counts")


def reloaded(place):
    """SIGHUP: a good configuration is taken, a bad one is told and changes nothing."""
    log = place.write("auth.log", "".join(failures(5, 1)))
    watch = Watch(place, log)
    watch.rested(5)
    good = place.config.read_text()
    place.config.write_text(good + "\n[own]\naddresses = 203.0.113.0/24\n")
    watch.process.send_signal(signal.SIGHUP)
    watch.until("RELOADING=1")
    watch.ready()
    with open(log, "a", encoding="ascii") as live:
        live.writelines(failures(5, 1, 5))
    watch.rested(10)
    place.config.write_text(good + "\n[nonsense]\nx = y\n")
    watch.process.send_signal(signal.SIGHUP)
    watch.until("RELOADING=1")
    watch.ready()
    _, err = watch.stop()
    need("was read again" in err and "the old configuration stays" in err, err)
    place.config.write_text(good)
    equal(place.counts("-"), {source(0): 5}, "counts")


def held(place):
    """What is written to a log that has no name any more is read, over a SIGHUP too."""
    lines = failures(6, 1)
    log = place.write("auth.log", "".join(lines[:2]))
    with open(log, "a", encoding="ascii") as live:
        watch = Watch(place, log)
        watch.rested(2)
        log.unlink()
        live.writelines(lines[2:4])
        live.flush()
        watch.rested(4)
        watch.process.send_signal(signal.SIGHUP)
        watch.until("RELOADING=1")
        watch.ready()
        live.writelines(lines[4:])
        live.flush()
        watch.rested(6)
    watch.stop()
    equal(place.counts("-"), {source(0): 6}, "counts")


def drafting(place):
    """Cases and reports are made, and wait: nothing is approved, nothing sent."""
    log = place.write("auth.log", "".join(failures(30, 1)))
    watch = Watch(place, "--draft-every", "1 s", "--summary-every", "1 s", log)
    end = time.monotonic() + 40
    while "case" not in (said := watch.line()):
        need(time.monotonic() < end, "no case after", said)
    need(said.endswith("1 case waits for you: tipoff cases"), said)
    watch.stop()
    cases = [json.loads(row) for row in place.run("cases", "--json").out.splitlines()]
    equal([case["state"] for case in cases], ["open"], "states")


def stopped(place):
    """SIGTERM in the middle of a long log ends behind the chunk at hand."""
    lines = failures(60000, 20)
    log = place.write("auth.log", "".join(lines))
    watch = Watch(place, log)
    watch.ready()
    watch.stop()
    watch = Watch(place, log)
    watch.rested()
    watch.stop(signal.SIGINT)
    equal(sum(place.counts("-").values()), len(lines), "lines counted")


def following(place):
    """detect --follow tells what comes from now on, once, over a rotation, and keeps
    nothing."""
    lines = failures(9, 9)
    log = place.write("auth.log", "".join(lines[:3]))
    place.write("auth.log.1", "".join(failures(5, 1, 100)))  # long read, by whomever
    watch = Watch(place, "--follow", log, command="detect")
    watch.ready()

    def add(some):
        with open(log, "a", encoding="ascii") as live:
            live.writelines(some)

    def told():
        return watch.line().split()[5]
    add(lines[3:5])
    equal([told(), told()], [source(3), source(4)], "sources")
    with open(log, "a", encoding="ascii") as old:
        os.rename(log, place.folder / "auth.log.2")
        old.writelines(lines[5:6])
        old.flush()
        add(lines[6:8])
    equal([told() for _ in range(3)], [source(n) for n in (5, 6, 7)], "over a rotation")
    os.truncate(log, 0)
    add(lines[8:])
    equal(told(), source(8), "behind a truncation")
    watch.process.send_signal(signal.SIGINT)
    out, err = watch.end(-signal.SIGINT)
    equal((out, err), ("", ""), "the rest")
    need(not place.store.exists(), "a store was made")


for name, test in sorted({"alarm": alarm, "appearing": appearing, "unfinished": unfinished,
                          "reloaded": reloaded, "held": held, "drafting": drafting, "stopped": stopped,
                          "following": following}.items()):
    check("watch/" + name, test, Place("command"))
