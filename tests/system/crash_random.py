"""Random schedules of kills around one real mail server: approve (with a signature now and
then) and send are killed at points drawn by a seed and at instants that no point marks, by
sendmail and by SMTP, then run to the end. Exim writes what it delivers into a maildir."""

import glob
import os
import random
import shutil
import signal
import subprocess

import delivery_servers
from crash_schedule import Schedule
from delivery_ground import HEXAGON, KILIMA, message_id
from delivery_key import Key

KILLS_MAX = 4
KILLS = (1, 1, 1, 2, 3)  # how many a schedule has, drawn from this
SIGNED_OF = 10           # one schedule of so many signs

ROUTER = """
store:
  driver = accept
  transport = box
"""
TRANSPORT = """
box:
  driver = appendfile
  directory = {folder}/box
  maildir_format
  create_directory
  return_path_add
"""


def exim_of_files():
    """The exim of delivery_servers, but writing files instead of asking dovecot."""
    text = delivery_servers.EXIM
    router = text.index("\nstore:")
    transport = text.index("\nlmtp:\n  driver")
    return (text[:router] + ROUTER + "\nbegin transports\n" + TRANSPORT +
            text[text.index("\nbegin authenticators", transport):])


class Exim(delivery_servers.Servers):
    """Exim alone."""

    def __enter__(self):
        try:
            self.certify()
            self.conf = self.write("exim.conf", exim_of_files())
            self.sendmail = self.write("sendmail", "#!/bin/sh\nexec /usr/sbin/exim4 -C "
                                       "{folder}/exim.conf \"$@\"\n")
            os.chmod(self.sendmail, 0o755)
            self.start("/usr/sbin/exim4", "-C", self.conf, "-bdf", "-oX", str(self.smtp),
                       port=self.smtp)
        except BaseException:
            self.__exit__()
            raise
        return self

    def settle(self):
        """Until nothing of exim but its daemon runs and its queue is empty."""
        self.until(lambda: self.queue_is_empty() and len(self.processes()) <= 1,
                   "exim rests")

    def processes(self):
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    words = file.read()
            except OSError:
                continue
            if self.folder.encode() in words:
                found.append(path)
        return found

    def box(self):
        """-> raw messages"""
        found = []
        for path in glob.glob(self.folder + "/box/new/*"):
            with open(path, "rb") as file:
                found.append(file.read())
        return found

    def empty(self):
        shutil.rmtree(self.folder + "/box", ignore_errors=True)


class Figures:
    def __init__(self):
        self.schedules = self.kills = self.doubtful = self.arrived = self.signed = 0
        self.by = {"sendmail": 0, "smtp": 0}

    def __str__(self):
        return ("%d schedules (%d by sendmail, %d by SMTP, %d signed), %d kills, %d mails "
                "arrived, %d in doubt" % (self.schedules, self.by["sendmail"],
                                          self.by["smtp"], self.signed, self.kills,
                                          self.arrived, self.doubtful))


class Lives:
    """Schedules one after the other, from the same drafts."""

    def __init__(self, exim, key, seed):
        self.exim, self.key = exim, key
        self.draw = random.Random(seed)
        self.figures = Figures()
        self.schedule = Schedule("random", contacts=(HEXAGON, KILIMA))
        self.house = self.schedule.house
        self.ways = {
            "sendmail": ["send.sendmail=" + exim.sendmail],
            "smtp": ["send.method=smtp", "send.smtp-url=smtp://mail.harbour-books.corp:587",
                     "look-up.connect-to=mail.harbour-books.corp:587:127.0.0.1:%d"
                     % exim.smtp, "look-up.ca-file=" + exim.authority]}
        self.schedule.command("draft")
        self.schedule.keep("drafted")
        self.whole = self.house.argv
        self.points = {}

    def argv(self, *words):
        """SMTP is not offline, and here nobody else can be asked anyway."""
        return [w for w in self.whole(*words) if w != "--offline" or words[0] != "send"]

    def setting(self, way, signs):
        self.house.argv = self.argv
        self.house.sets = list(self.ways[way])
        self.house.env.pop("GNUPGHOME", None)
        if signs:
            self.house.sets.append("reporter.key=" + self.key.fingerprint)
            self.house.env["GNUPGHOME"] = self.key.home

    def points_of(self, way, signs, name):
        """How many points a whole run has; counted once."""
        if (way, signs) not in self.points:
            self.schedule.put_back("drafted")
            self.points[way, signs] = {n: len(self.schedule.count(n))
                                       for n in ("approve", "send")}
            self.exim.settle()
            self.exim.empty()
            self.schedule.put_back("drafted")
        return self.points[way, signs][name]

    def killed_by_clock(self, name):
        words = ["approve", *self.schedule.cases()] if name == "approve" else \
            ["send", "--set", "judge.documentation=no"]
        process = subprocess.Popen(self.house.argv(*words), cwd=self.house.folder,
                                   env=self.house.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(self.draw.uniform(0, self.draw.choice((0.05, 0.5))))
        except subprocess.TimeoutExpired:
            process.kill()
        return process.wait() == -signal.SIGKILL

    def killed(self, way, signs, name):
        if self.draw.random() < 0.3:
            return self.killed_by_clock(name)
        return self.schedule.kill(name, self.draw.randint(
            1, self.points_of(way, signs, name) + 1))

    def sending(self):
        return {row[0] for row in self.house.rows(
            "SELECT message_id FROM outbox WHERE state = 'sending'")}

    def one(self, number):
        """-> problems of one schedule"""
        way = ("sendmail", "smtp")[number % 2]
        signs = self.key is not None and number % SIGNED_OF < 2 and number % SIGNED_OF == \
            (number // SIGNED_OF) % 2
        self.setting(way, signs)
        self.points_of(way, signs, "send")
        self.schedule.put_back("drafted")
        doubt, kills = set(), self.draw.choice(KILLS)
        died = []
        while len(died) < kills and len(died) < KILLS_MAX:
            name = self.draw.choice(("approve", "send", "send", "send"))
            if name == "send":
                self.schedule.command("approve")
            killed = self.killed(way, signs, name)
            doubt |= self.sending()
            died.append((name, killed))
            self.figures.kills += killed
        for name in ("approve", "send", "send"):
            self.schedule.command(name)
        self.exim.settle()
        problems = self.look(doubt)
        self.figures.schedules += 1
        self.figures.signed += signs
        self.figures.by[way] += 1
        self.figures.doubtful += len(doubt)
        self.exim.empty()
        return ["schedule %d (%s, %s): %s" % (number, way, died, p) for p in problems]

    def look(self, doubt):
        mails, approved = self.exim.box(), self.house.approved()
        ids = [message_id(mail) for mail in mails]
        self.figures.arrived += len(mails)
        states = dict(self.house.rows("SELECT message_id, state FROM outbox"))
        problems = []
        if len(states) != 3:
            problems.append("%d messages instead of 3" % len(states))
        if set(self.schedule.doubtful()) != doubt:
            problems.append("in doubt: %s instead of %s" % (self.schedule.doubtful(),
                                                            sorted(doubt)))
        for i, state in states.items():
            if ids.count(i) > 1:
                problems.append("%s twice" % i)
            if state == "sent" and ids.count(i) != 1 or state not in ("sent", "in doubt"):
                problems.append("%s is %s and lost" % (i, state))
        for i, mail in zip(ids, mails):
            whole = approved.get(i, b"").replace(b"\r\n", b"\n")
            if not whole or not mail.endswith(whole):
                problems.append("%s is not what was approved, or cut off" % i)
        return problems


def run(count, seed):
    """-> (Figures, problems), or what is missing for it"""
    with Exim() as exim, Key() as key:
        lives = Lives(exim, key, seed)
        problems = []
        for number in range(count):
            problems += lives.one(number)
            if len(problems) > 5:
                break
        return lives.figures, problems


def lacking():
    return None if os.path.exists(delivery_servers.NEEDED["exim4"]) else "exim4"


__all__ = ["run", "lacking"]
