"""Very many incidents of one network within an hour: what delivery_flood.py tries with some
and delivery_flood_soak.py with a hundred thousand."""

import ipaddress
import os
import random
import subprocess
import time

from delivery_ground import House

NETWORK = int(ipaddress.ip_address("2001:db8:7::"))
POLICY = "[policy]\ncategories = exploit-attempt\nconfidence = 50\nfollow-ups = yes\n"
DAY = "21/Nov/2026"
BUSY = 75  # EX_TEMPFAIL: another one writes


def flooded(name):
    """A house whose policy lets requests of a network with very many sources be told."""
    house = House(name)
    policy = os.path.join(house.folder, "policy.conf")
    with open(policy, "w", encoding="ascii") as text:
        text.write(POLICY)
    os.chmod(policy, 0o600)
    house.sets += ["judge.ipv6-prefix=128", "send.policy=" + policy, "send.observation=0"]
    return house


def flood(house, begin, count, hour, lines=1):
    """`count` sources within that hour, each in so many lines."""
    with open(os.path.join(house.folder, "flood.log"), "a", encoding="ascii") as file:
        for i in range(begin, begin + count):
            second = (i - begin) * 3600 // count
            source = ipaddress.ip_address(NETWORK + (i << 40) + 7)
            for line in range(lines):
                file.write('%s - - [%s:%02d:%02d:%02d +0000] "GET /%d/view?file='
                           '../../../../etc/passwd HTTP/1.1" 404 153 "-" "curl/8.5.0"\n'
                           % (source, DAY, hour, second // 60, second % 60, line))


def start(house, *words):
    argv = house.argv(*words)
    return subprocess.Popen(argv, cwd=house.folder, env=house.env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


SEND = ("send", "--unattended", "--set", "judge.documentation=no")
WORK = (("draft", "flood.log"), SEND)


class Worker:
    """Drafts and sends in turn, as a watch of its own would; killed, it begins again."""

    def __init__(self, house, seed, longest):
        self.house, self.random, self.longest = house, random.Random(seed), longest
        self.step = self.killed = 0
        self.codes = []
        self.process = None
        self.begin()

    def begin(self):
        self.process = start(self.house, *WORK[self.step % 2])
        self.dies_at = time.monotonic() + self.random.uniform(0, self.longest)

    def turn(self, kills):
        """One look at it."""
        code = self.process.poll()
        if code is not None:
            self.codes.append(code)
            self.step += 1
            self.begin()
        elif self.killed < kills and time.monotonic() > self.dies_at:
            self.process.kill()
            self.process.wait()
            self.killed += 1
            self.begin()

    def end(self):
        self.process.wait()
        self.codes.append(self.process.returncode)


def two_workers(house, seed, kills, longest):
    """Until each was killed so often and ended both its steps afterwards."""
    workers = [Worker(house, seed + i, longest) for i in range(2)]
    while not all(worker.killed >= kills and len(worker.codes) >= 4 for worker in workers):
        for worker in workers:
            worker.turn(kills)
        try:
            workers[0].process.wait(0.05)
        except subprocess.TimeoutExpired:
            pass
    for worker in workers:
        worker.end()
    return sorted({code for worker in workers for code in worker.codes})


def peak_megabytes(house, *words):
    """Peak memory of one run, and how it ended."""
    process = start(house, *words)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024, process.returncode


def told_once(house, mails):
    """Who dies between the word that a mail leaves and the answer leaves it in doubt, and
    then nothing more of it leaves by itself."""
    return len(mails) == 1 or (not mails and "in doubt" in house.states())
