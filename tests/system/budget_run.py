"""Many sources in few networks, looked up against servers that count, on a fast clock."""
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import paced  # noqa: E402


class Run:
    """`networks` says how many each of paced.SERVERS has."""

    def __init__(self, networks, sources, factor, latency=0.05, seed=1):
        self.factor, self.networks = factor, networks
        self.folder = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        self.origin = int(time.time())
        self.log = self.path("queries.log")
        self.fake = subprocess.Popen(
            [sys.executable, paced.__file__, self.log, str(factor), str(self.origin),
             str(latency)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.fake.stdout.readline())
        self.sources = self.make_sources(sources, random.Random(seed))
        self.configure()

    def path(self, name):
        return os.path.join(self.folder, name)

    def make_sources(self, count, chance):
        """Every network has one at least; all are distinct and in no order."""
        networks = [paced.network(server, number) for server, of in enumerate(self.networks)
                    for number in range(of)]
        sources = [str(of[n % 65535 + 1]) for n, of in
                   ((n, networks[n % len(networks)]) for n in range(count))]
        chance.shuffle(sources)
        return sources

    def configure(self):
        os.makedirs(self.path("bootstrap"))
        with open(self.path("bootstrap/ipv6.json"), "w", encoding="ascii") as file:
            json.dump({"version": "1.0", "publication": "2026-11-01T00:00:00Z", "services": [
                [[paced.block(server)], ["http://%s/" % row[0]]]
                for server, row in enumerate(paced.SERVERS)]}, file)
        with open(self.path("tipoff.conf"), "w", encoding="ascii") as file:
            file.write("[judge]\ndocumentation = public\n\n[look-up]\nregistries = yes\n"
                       "reverse-names = no\nbootstrap = %s\nconnect-to = ::127.0.0.1:%d\n"
                       "deadline = 60 s\n" % (self.path("bootstrap"), self.port))

    def start(self, **how):
        return subprocess.Popen(
            [os.environ["TIPOFF"], "contact", "--json", "--file", self.path("list"),
             "--config", self.path("tipoff.conf"), "--store", self.path("store.db")],
            text=True, env=dict(os.environ, TIPOFF_CLOCK="%d@%d" % (self.factor, self.origin)),
            stdin=subprocess.DEVNULL, **how)

    def write_list(self):
        with open(self.path("list"), "w", encoding="ascii") as file:
            file.write("\n".join(self.sources) + "\n")

    def whole(self):
        """The answers, and how long it took by the fast clock."""
        self.write_list()
        began = time.time()
        with open(self.path("out"), "w", encoding="utf-8") as out:
            status = self.start(stdout=out).wait()
        took = (time.time() - began) * self.factor
        with open(self.path("out"), encoding="utf-8") as out:
            return status, [json.loads(line) for line in out], took

    def killed(self, after_answers):
        """SIGKILL once so many answers have left; the networks in the store then, and when."""
        self.write_list()
        process = self.start(stdout=subprocess.DEVNULL)
        while len(self.rows("answered")) < after_answers and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        at = self.origin + (time.time() - self.origin) * self.factor
        with sqlite3.connect(self.path("store.db")) as store:
            return {row[0] for row in store.execute("SELECT first FROM finding")}, at

    def rows(self, what):
        with open(self.log, encoding="ascii") as log:
            rows = [line.split() for line in log if line.endswith("\n")]
        return [(float(at), host, address) for kind, at, host, address in rows if kind == what]

    def allowed_seconds(self):
        """The shortest time in which all networks can be asked for within the budgets."""
        return max((of - 1) // questions * seconds for of, (_, questions, seconds) in
                   zip(self.networks, paced.SERVERS) if of)

    def worst(self):
        """Per host the densest span: (questions in it, allowed there, its seconds). The
        spans of budgets by the second are 20 periods long: a connection more or less late
        than the one before moves a question by more than a second of the fast clock."""
        result = {}
        for host, questions, seconds in paced.SERVERS:
            periods = 20 if seconds < 10 else 1
            times = sorted(at for at, asked, _ in self.rows("asked") if asked == host)
            first, most = 0, 0
            for last, at in enumerate(times):
                while times[first] <= at - seconds * periods:
                    first += 1
                most = max(most, last - first + 1)
            result[host] = (most, questions * periods, seconds * periods)
        return result

    def close(self):
        self.fake.kill()
        self.fake.wait()
