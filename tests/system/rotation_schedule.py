"""A log that grows and is rotated in every way while drafts of its folder run, some of
them killed; what they counted in the end against the truth."""

import gzip
import random
import shutil
import signal
import subprocess

from stand import Place, equal, failures, need

SOURCES = 7


class Log:
    """The live log with its rotated files, as logrotate would leave them."""

    def __init__(self, place, draw):
        self.folder, self.draw, self.rotated, self.number = place.folder / "logs", draw, 0, 0
        self.folder.mkdir()
        self.live = self.folder / "auth.log"
        self.live.touch()
        self.lines = []

    def grow(self):
        fresh = failures(self.draw.randrange(1, 60), SOURCES, len(self.lines))
        self.lines += fresh
        with open(self.live, "a", encoding="ascii") as live:
            live.writelines(fresh)

    def shift(self):
        """auth.log.2 becomes auth.log.3 and so on; packed ones stay packed."""
        for path in sorted(self.folder.glob("auth.log.*"),
                           key=lambda p: -int(p.name.split(".")[2])):
            parts = path.name.split(".")
            parts[2] = str(int(parts[2]) + 1)
            path.rename(self.folder / ".".join(parts))

    def rename(self):
        self.shift()
        self.live.rename(self.folder / "auth.log.1")
        self.live.touch()

    def copytruncate(self):
        self.shift()
        shutil.copyfile(self.live, self.folder / "auth.log.1")
        with open(self.live, "r+", encoding="ascii") as live:
            live.truncate(0)

    def compress(self):
        for path in self.folder.glob("auth.log.?"):
            with open(path, "rb") as plain, gzip.open(str(path) + ".gz", "wb") as packed:
                shutil.copyfileobj(plain, packed)
            path.unlink()

    def act(self):
        """One act of logrotate or of the writer; what rotates an empty log is no act."""
        acts = [self.grow] * 5 + [self.compress]
        if self.live.stat().st_size:
            acts += [self.rename, self.copytruncate]
        self.draw.choice(acts)()


def draft(place, draw):
    """A draft of the folder; one in three is killed somewhere on its way."""
    process = place.start("draft", "--offline", "--quiet", place.folder / "logs")
    if draw.random() < 0.34:
        try:
            process.wait(draw.uniform(0.01, 0.4))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    need(process.returncode in (0, -signal.SIGKILL), "draft ended with", process.returncode)


def play(name, seed, steps):
    """Nothing happens to the log between what a draft reads of it: every line is written
    and stays somewhere in the folder, so every line must be counted, once."""
    draw = random.Random(seed)
    place = Place(name)
    log = Log(place, draw)
    for _ in range(steps):
        log.act()
        if draw.random() < 0.5:
            draft(place, draw)
    wanted = {}
    for line in log.lines:
        source = line.split(" from ")[1].split(" ")[0]
        wanted[source] = wanted.get(source, 0) + 1
    equal(place.counts(place.folder / "logs"), wanted, "counts with seed %d" % seed)
    shutil.rmtree(place.folder)
