"""A log written at a rate and rotated in every way, followed by a watch that is killed at
random: in the end every line counts once."""

import collections
import gzip
import multiprocessing
import os
import random
import shutil
import time

from stand import Place, equal, need, source
from watch_stand import Watch

RATE, BLOCK_LINES, SOURCES = 50000, 500, 40
ACTS = ("rename", "rename-late", "copytruncate", "compress", "pack-late")


class Writer:
    """The daemon that logs, and its logrotate; runs in a process of its own."""

    def __init__(self, folder, seed):
        self.folder, self.draw, self.number = folder, random.Random(seed), 0
        self.live = os.path.join(folder, "auth.log")
        self.log = self.open()
        self.counts = collections.Counter()
        self.addresses = [source(n) for n in range(SOURCES)]
        self.acts = collections.Counter()

    def open(self):
        return os.open(self.live, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def block(self):
        """Whole lines in one write, as logging daemons do."""
        lines = []
        for address in self.draw.choices(self.addresses, k=BLOCK_LINES):
            n = self.number
            self.number += 1
            lines.append("Nov 20 %02d:%02d:%02d web1 sshd[%d]: Failed password for root "
                         "from %s port %d ssh2\n" % (
                             9 + n // 3600000, n // 60000 % 60, n // 1000 % 60, 1000 + n,
                             address, 1024 + n % 60000))
            self.counts[address] += 1
        os.write(self.log, "".join(lines).encode())

    def rotated(self):
        names = [name for name in os.listdir(self.folder) if name.startswith("auth.log.")]
        return sorted(names, key=lambda name: -int(name.split(".")[2]))

    def shift(self):
        for name in self.rotated():
            parts = name.split(".")
            parts[2] = str(int(parts[2]) + 1)
            os.rename(os.path.join(self.folder, name),
                      os.path.join(self.folder, ".".join(parts)))

    def rename(self):
        self.shift()
        os.rename(self.live, self.live + ".1")
        os.close(self.log)
        self.log = self.open()

    def rename_late(self):
        """Some is written to the old file before the new one is opened."""
        self.shift()
        os.rename(self.live, self.live + ".1")
        for _ in range(self.draw.randrange(1, 8)):
            self.block()
        os.close(self.log)
        self.log = self.open()
        if self.draw.random() < 0.5:
            self.pack(self.live + ".1")

    def copytruncate(self):
        """The daemon stops for the copy, else it is copytruncate that loses lines."""
        self.shift()
        shutil.copyfile(self.live, self.live + ".1")
        os.truncate(self.live, 0)

    def pack(self, path):
        with open(path, "rb") as plain, gzip.open(path + ".gz", "wb", 1) as packed:
            shutil.copyfileobj(plain, packed)
        os.unlink(path)

    def compress(self):
        self.rename()
        self.pack(self.live + ".1")

    def pack_late(self):
        self.rename()
        for name in self.rotated():
            if name.count(".") == 2 and not name.endswith(".1"):
                self.pack(os.path.join(self.folder, name))

    def rotate(self):
        act = self.draw.choice(ACTS)
        if os.fstat(self.log).st_size:
            self.acts[act] += 1
            getattr(self, act.replace("-", "_"))()

    def run(self, seconds, result):
        """Blocks at the rate; what a rotation costs in time is written faster then."""
        began = time.monotonic()
        next_rotation = self.draw.uniform(0.05, 0.3)
        while True:
            passed = time.monotonic() - began
            if passed > seconds:
                break
            if passed > next_rotation:
                self.rotate()
                next_rotation = passed + self.draw.uniform(0.05, 0.3)
            if self.number > passed * RATE:
                time.sleep(BLOCK_LINES / RATE / 2)
            else:
                self.block()
        result.send((self.number, dict(self.counts), dict(self.acts),
                     time.monotonic() - began))


def write(folder, seed, seconds, result):
    Writer(folder, seed).run(seconds, result)


def play(name, seed, seconds, figures):
    draw = random.Random(seed)
    place = Place(name)
    logs = place.folder / "logs"
    logs.mkdir()
    (logs / "auth.log").touch()
    followed = str(draw.choice([logs, logs / "auth.log"]))
    mine, theirs = multiprocessing.Pipe()
    writer = multiprocessing.Process(target=write,
                                     args=(str(logs), seed + 1, seconds, theirs))
    watch = Watch(place, followed)
    watch.ready()
    watch.rested()
    writer.start()
    kills = 0
    while not mine.poll(draw.uniform(0.02, 0.5)):
        watch.kill()
        kills += 1
        watch = Watch(place, followed)
        if draw.random() < 0.7:
            watch.ready()
    lines, wanted, acts, took = mine.recv()
    writer.join()
    watch.kill()
    watch = Watch(place, followed)
    watch.rested()
    watch.stop()
    equal(place.counts("-"), wanted, "counts with seed %d, %s" % (seed, followed))
    figures["lines"] += lines
    figures["kills"] += kills + 1
    figures["seconds"] += took
    figures.update(acts)
    need(lines > 0, "nothing was written")
    shutil.rmtree(place.folder)


def figures_print(figures):
    acts = ", ".join("%d %s" % (figures[act], act) for act in ACTS)
    print("# %d lines at %d a second, watch killed %d times; rotations: %s" % (
        figures["lines"], figures["lines"] / figures["seconds"], figures["kills"], acts))
