"""What the tests of the whole program share: a place of its own for each check, logs
whose truth is known, and the program run there under a limit of time."""

import collections
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import time
import traceback

TOP = pathlib.Path(os.environ.get("TOP") or pathlib.Path(__file__).resolve().parents[2])
TIPOFF = os.environ.get("TIPOFF") or str(TOP / "build/test/tipoff")
TMPDIR = os.environ.get("TMPDIR", "/tmp")
SECONDS = 20
NOW = "2026-11-21T06:00:00Z"
CONFIGURATION = """[logs]
zone = UTC

[judge]
documentation = public

[look-up]
registries = no
reverse-names = no
"""

Answer = collections.namedtuple("Answer", "status out err seconds")


class Wrong(Exception):
    """What was found instead; its text is printed behind the name of the check."""


def need(true, *words):
    if not true:
        raise Wrong(" ".join(str(word) for word in words))


def equal(got, wanted, what):
    need(got == wanted, "%s: got %.600s, wanted %.600s" % (what, repr(got), repr(wanted)))


def environment(folder, **more):
    made = dict(os.environ, HOME=str(folder), XDG_STATE_HOME=str(folder / "state"),
                XDG_CONFIG_HOME=str(folder / "conf"), TZ="UTC")
    made.setdefault("TIPOFF_RULES", str(TOP / "rules"))
    made.update(more)
    return {name: value for name, value in made.items() if value is not None}


class Place:
    """A folder with a configuration, a store and whatever a check puts there."""

    def __init__(self, name):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=TMPDIR))
        self.store = self.folder / "store.db"
        self.config = self.write("tipoff.conf", CONFIGURATION)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        return path

    def words(self, *words):
        return [TIPOFF, "--config", str(self.config), "--store", str(self.store),
                "--now", NOW, *map(str, words)]

    def start(self, *words, **options):
        return subprocess.Popen(self.words(*words), cwd=self.folder, text=True,
                                env=environment(self.folder), errors="replace",
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL, **options)

    def run(self, *words, **options):
        return ask(self.words(*words), self.folder, **options)

    def draft(self, *words, **options):
        return self.run("draft", "--offline", *words, **options)

    def counts(self, *words, **options):
        """Events by source, as a draft of `words` says that they are now."""
        answer = self.draft("--json", *words, **options)
        need(answer.status == 0, "draft ended with", answer.status, answer.err)
        return counts(answer)


def ask(words, folder, env=None, seconds=SECONDS, **options):
    began = time.monotonic()
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    try:
        done = subprocess.run(
            list(map(str, words)), cwd=folder, env=env or environment(folder), text=True,
            errors="replace", stderr=subprocess.PIPE, timeout=seconds, **options)
    except subprocess.TimeoutExpired:
        raise Wrong("no end within %d s: %s" % (seconds, words)) from None
    return Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


def records(answer, kind):
    """The JSON lines of one type."""
    rows = [json.loads(line) for line in answer.out.splitlines()]
    return [row for row in rows if row["type"] == kind]


def counts(answer):
    found = collections.Counter()
    for incident in records(answer, "incident"):
        found[incident["source"]] += incident["count"]
    return dict(found)


def source(number):
    """An address of 254 * 3 for documentation."""
    net = ("203.0.113", "192.0.2", "198.51.100")[number // 254 % 3]
    return "%s.%d" % (net, number % 254 + 1)


def failure(number, address, user="root"):
    """One failed login, each in its own second and of its own process."""
    at = datetime.datetime(2026, 11, 20, 9) + datetime.timedelta(seconds=number)
    return "%s web1 sshd[%d]: Failed password for %s from %s port %d ssh2\n" % (
        at.strftime("%b %d %H:%M:%S"), 1000 + number, user, address, 20000 + number)


def failures(count, sources=10, first=0):
    return [failure(n, source(n % sources)) for n in range(first, first + count)]


def truth(lines):
    """Failed logins by source, read without any rule of tipoff's."""
    return dict(collections.Counter(
        line.split(" from ")[1].split(" ")[0] for line in lines if " from " in line))


def check(name, test, *words):
    """Runs one check and prints its line."""
    try:
        test(*words)
    except Wrong as wrong:
        print("".join("# %s\n" % line for line in str(wrong).splitlines()), end="")
        print("not ok " + name, flush=True)
    except Exception:  # a bug of the test is a failure of it, and of it alone
        print("".join("# %s\n" % line for line in traceback.format_exc().splitlines()),
              end="")
        print("not ok " + name, flush=True)
    else:
        print("ok " + name, flush=True)
