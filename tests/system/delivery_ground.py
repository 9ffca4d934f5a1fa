"""What the tests of delivery share: a store with drafts made from the examples, and a fake
sendmail. The examples' .example domains become .corp ones here, since nothing is sent to
the former, nor to any other name of RFC 6761; .corp is one that ICANN gives to nobody."""

import glob
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys

from report_fixtures import Checks

TOP = os.environ["TOP"]
TIPOFF = os.environ["TIPOFF"]
TMPDIR = os.environ["TMPDIR"]
NOW = "2026-11-21T08:00:00Z"
NORTHWIND = "abuse@northwind-hosting.corp"  # three sources, three mails
HEXAGON = "abuse@hexagon-colo.corp"         # six sources, one mail
KILIMA = "abuse@kilima.corp"                # two sources

# Appends one file per message, whole or not at all; how it ends is said by a file.
FAKE = """#!/usr/bin/python3
import os, sys, tempfile
folder = {folder!r}
with open(folder + "/code") as file:
    code, words = file.read().split(" ", 1)
if words:
    print(words, file=sys.stderr)
message = sys.stdin.buffer.read()
if code == "0":
    handle, path = tempfile.mkstemp(dir=folder + "/tmp")
    os.write(handle, ("\\n".join(sys.argv[1:]) + "\\n\\0").encode() + message)
    os.close(handle)
    os.rename(path, folder + "/mail/" + os.path.basename(path))
sys.exit(int(code))
"""


def folder_new(name):
    folder = os.path.join(TMPDIR, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


class Sink:
    """A sendmail that keeps what it is given."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("mail", "tmp"):
            os.makedirs(os.path.join(folder, name))
        self.path = os.path.join(folder, "sendmail")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(FAKE.format(folder=folder))
        os.chmod(self.path, 0o755)
        self.ends(0)

    def ends(self, code, words=""):
        with open(os.path.join(self.folder, "code"), "w", encoding="utf-8") as file:
            file.write("%d %s" % (code, words))

    def mails(self):
        """-> [(arguments, message with CRLF)]"""
        found = []
        for path in sorted(glob.glob(os.path.join(self.folder, "mail/*"))):
            with open(path, "rb") as file:
                arguments, message = file.read().split(b"\0", 1)
            found.append((arguments.decode().split("\n")[:-1],
                          message.replace(b"\n", b"\r\n")))
        return found

    def empty(self):
        for path in glob.glob(os.path.join(self.folder, "mail/*")):
            os.unlink(path)


def examples_copy(folder):
    """The examples with .corp domains, where `folder` can be their working directory."""
    shutil.copytree(os.path.join(TOP, "examples"), os.path.join(folder, "examples"))
    for path in glob.glob(os.path.join(folder, "examples/**"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                text = file.read()
            with open(path, "wb") as file:
                file.write(re.sub(rb"\.example\b", b".corp", text))


class House:
    """A folder with examples, a store and a sink; `tipoff` runs in it."""

    def __init__(self, name):
        self.folder = folder_new(name)
        examples_copy(self.folder)
        os.mkdir(os.path.join(self.folder, "sink"))
        self.sink = Sink(os.path.join(self.folder, "sink"))
        self.store = os.path.join(self.folder, "store.db")
        self.now = NOW
        self.sets = ["send.sendmail=" + self.sink.path]
        self.env = dict(os.environ, TIPOFF_RULES=os.path.join(TOP, "rules"))

    def argv(self, *words):
        sets = [w for s in self.sets for w in ("--set", s)]
        return [TIPOFF, *words, "--config", "examples/tipoff.conf", "--store", self.store,
                "--now", self.now, "--offline", *sets]

    def run(self, *words, code=0, env=None):
        done = subprocess.run(self.argv(*words), cwd=self.folder, capture_output=True,
                              env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL,
                              timeout=120)
        if code is not None and done.returncode != code:
            print("# %s: exit %d instead of %d" % (" ".join(words), done.returncode, code))
            for line in (done.stdout + done.stderr).decode(errors="replace").splitlines():
                print("# " + line)
        return done

    def real(self, *words, **more):
        """As run(), with documentation networks and names as what they are: only then is
        anything sent."""
        return self.run(*words, "--set", "judge.documentation=no", **more)

    def draft(self, *words, code=None):
        return self.run("draft", *(words or ("examples/logs",)), code=code)

    def send(self, *words, **more):
        return self.real("send", *words, **more)

    def cases(self):
        """-> id of the case by contact"""
        out = self.run("cases", "--all", "--json").stdout.decode()
        cases = [json.loads(line) for line in out.splitlines()]
        return {case["contact"]["address"] if isinstance(case["contact"], dict)
                else case["contact"]: case["id"] for case in cases if case["contact"]}

    def rows(self, sql, *values):
        with sqlite3.connect("file:%s?mode=ro" % self.store, uri=True) as db:
            return db.execute(sql, values).fetchall()

    def changed(self):
        """The store, to write to."""
        return sqlite3.connect(self.store)

    def states(self):
        """-> [state of each message], oldest first"""
        return [row[0] for row in self.rows("SELECT state FROM outbox ORDER BY id")]

    def case_state(self, case):
        return self.rows("SELECT state FROM kase WHERE id = ?", case)[0][0]

    def approved(self):
        """-> exact bytes by Message-ID"""
        return {row[0]: row[1] for row in self.rows(
            "SELECT message_id, message FROM report WHERE state = 'approved'")}

    def came_back(self, plus):
        """As if 'init --try' had seen such a plus-address work."""
        with sqlite3.connect(self.store) as db:
            db.execute("INSERT INTO trip VALUES (?, 'TOKEN', '', '<a@b.corp>', 1, 1, 1, '', "
                       "'', '')", (plus,))

    def copy_store(self, to):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(self.store + end):
                shutil.copy(self.store + end, to + end)


def drafted(name, drafts={}):
    """-> a house with the examples drafted, and its cases. They are drafted once; each
    house has a copy."""
    house = House(name)
    if not drafts:
        drafts["house"] = House("drafts")
        drafts["house"].draft()
    drafts["house"].copy_store(house.store)
    return house, house.cases()


def message_id(message):
    return re.search(rb"^Message-I[dD]: *(<[^>]+>)", message, re.M).group(1).decode()


def stop(process):
    """Ends a program that we started, by its own id."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


checks = Checks()
ok = checks.ok
flush = sys.stdout.flush
