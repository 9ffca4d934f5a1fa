"""What the crash tests share: drafting, approving and sending as a state that can be
copied, killed at a numbered point, gone on with, and compared with a run without a kill.

A point is a call of crash_point() (src/os/point.h). Between the one behind the commit that
says `sending` and the one before the commit of the answer, nobody can know whether the
mail left: there, and there alone, a kill ends in doubt."""

import os
import shutil
import signal
import time

from delivery_ground import FAKE, HEXAGON, KILIMA, House, message_id, ok

COMMANDS = ("draft", "approve", "send")
CONTACTS = (HEXAGON, KILIMA)  # one mail, and two
LOGS = ["examples/logs/" + name for name in ("auth.log", "vsftpd.log", "mail.log")]
WAIT = 20


class Schedule:
    """A house whose state can be put back."""

    def __init__(self, name, logs=tuple(LOGS), contacts=CONTACTS):
        self.house, self.logs, self.contacts = House(name), logs, contacts
        self.log = os.path.join(self.house.folder, "points")
        self.kept = self.house.folder + ".kept"

    def keep(self, name):
        """The store, its index and the sink as they are now."""
        target = os.path.join(self.kept, name)
        shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target)
        for path in self.files():
            shutil.copy(path, target)

    def put_back(self, name):
        for path in self.files():
            os.unlink(path)
        self.house.sink.empty()
        for path in os.scandir(os.path.join(self.kept, name)):
            shutil.copy(path.path, self.house.folder)

    def files(self):
        return [entry.path for entry in os.scandir(self.house.folder) if entry.is_file()]

    def cases(self):
        by_contact = self.house.cases()
        return [by_contact[c] for c in self.contacts if c in by_contact]

    def command(self, name, env=None, code=None):
        if name == "draft":
            return self.house.draft(*self.logs) if not env else self.house.run(
                "draft", *self.logs, code=code, env=env)
        if name == "approve":
            return self.house.run("approve", *self.cases(), code=code, env=env)
        return self.house.send(code=code, env=env)

    def count(self, name):
        """-> names of the points of a whole run of the command"""
        if os.path.exists(self.log):
            os.unlink(self.log)
        self.command(name, {"TIPOFF_CRASH_LOG": self.log})
        with open(self.log, encoding="ascii") as file:
            names = [line.split()[1] for line in file]
        os.unlink(self.log)
        return names

    def kill(self, name, point):
        """-> whether the command died there (it may have ended before)"""
        done = self.command(name, {"TIPOFF_CRASH_AT": str(point)})
        return done.returncode == -signal.SIGKILL

    def picture(self):
        """What must be the same with and without a kill."""
        rows = self.house.rows
        return {
            "incidents": rows("SELECT id, source, category, count, first, last, verdict "
                              "FROM incident ORDER BY id"),
            "cases": rows("SELECT k.contact, k.network, i.incident FROM case_incident i "
                          "JOIN kase k ON k.id = i.kase ORDER BY 1, 2, 3"),
            "evidence": rows("SELECT incident, at, text FROM evidence ORDER BY 1, 2, 3"),
            "reports": rows("SELECT k.contact, r.part, r.revision, replace(r.subject, "
                            "r.token, '') FROM report r JOIN kase k ON k.id = r.kase "
                            "ORDER BY 1, 2, 3"),
        }

    def differences(self, want):
        got = self.picture()
        return ["%s differ: %s" % (what, sorted(set(want[what]) ^ set(got[what]))[:5])
                for what in want if got[what] != want[what]]

    def sent(self):
        """-> how often each message is in the sink, by Message-ID"""
        ids = [message_id(message) for _, message in self.house.sink.mails()]
        return {i: ids.count(i) for i in ids}

    def doubtful(self):
        return [row[0] for row in self.house.rows(
            "SELECT message_id FROM outbox WHERE state = 'in doubt'")]

    def wait_for(self, message):
        """A mail program that was started outlives us, and has the whole message."""
        end = time.monotonic() + WAIT
        while message not in self.sent() and time.monotonic() < end:
            time.sleep(0.02)

    def mail_problems(self, expected):
        """Each message once, but for those in doubt, which are there once or never."""
        sent, doubtful = self.sent(), self.doubtful()
        outbox = self.house.rows("SELECT message_id, state FROM outbox")
        problems = ["%s is there %d times" % (i, n) for i, n in sent.items() if n != 1]
        problems += ["%s is %s and was never sent" % row for row in outbox
                     if row[0] not in sent and row[0] not in doubtful]
        problems += ["%s is %s and was sent" % row for row in outbox
                     if row[0] in sent and row[1] not in ("sent", "in doubt")]
        if len(outbox) != expected:
            problems.append("%d messages instead of %d" % (len(outbox), expected))
        return problems


def doubt_zone(points, leaves="spawn.before", arrived="spawn.after"):
    """-> for each point (from 1) of a sending, what a kill there leaves of the message on
    its way: "" nothing, "never" or "once": in doubt, and how often it was delivered."""
    zone, state = [], ""
    for number, name in enumerate(points):
        if name == "db.committed" and points[number + 1:number + 2] == [leaves]:
            state = "never"
        elif name == arrived:
            state = "once"
        zone.append(state)
        if name == "db.commit":
            state = ""
    return zone


__all__ = ["COMMANDS", "FAKE", "Schedule", "doubt_zone", "ok"]
