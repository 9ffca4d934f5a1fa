#!/usr/bin/python3
"""init at a terminal: a slip is asked again, and answers that end early write nothing."""

import os
import pty
import sys

import terminals

TIPOFF = os.environ["TIPOFF"]
HOME = os.environ["TMPDIR"]
CONFIG = os.path.join(HOME, "answers.conf")
ANSWERS = ("Anna Test", "", "", "administrator", "", "no mail address", "anna@school.example",
           "", "", "", "", "", "Mars/Olympus", "Europe/Berlin", "perhaps", "no", "no",
           "mail1=nowhere", "mail1=198.51.100.5,mail1.school.example", "")


def say(name, good, text):
    if not good:
        print("# " + text.replace("\r", "").replace("\n", "\n# "))
    print("%s %s" % ("ok" if good else "not ok", name))


def dialogue(answers, *more):
    """Answers each question as it comes -> (exit status, what was on the screen)."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(TIPOFF, [TIPOFF, "--config", CONFIG, "init", *more])
    screen, left = "", list(answers)
    while True:
        try:
            read = os.read(terminal, 4096).decode()
        except OSError:  # Linux says so where the other side is gone
            break
        screen += read
        if not screen.endswith(": ") or screen.endswith("\ntipoff: "):
            continue
        os.write(terminal, left.pop(0).encode() + b"\n" if left else b"\x04")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen


def tried():
    """The first delivery is to oneself."""
    sink = os.path.join(HOME, "sink")
    sendmail = os.path.join(HOME, "sendmail")
    with open(sendmail, "w", encoding="ascii") as file:
        file.write('#!/bin/sh\necho "$@" >"%s.to"\ncat >"%s"\n' % (sink, sink))
    os.chmod(sendmail, 0o755)
    given = [answer.replace(".example", ".corp") for answer in ANSWERS]
    code, screen = dialogue((*given, "perhaps", "yes"), "--force", "--store",
                            os.path.join(HOME, "store.db"), "--set",
                            "send.sendmail=" + sendmail)
    mail = ""
    if os.path.exists(sink):
        with open(sink, encoding="utf-8") as file, open(sink + ".to", encoding="utf-8") as to:
            mail = file.read() + to.read()
    say("it leaves for the address just given, to nobody else",
        code == 0 and screen.count("now, to see how") == 2 and
        mail.rstrip().endswith("-- anna@school.corp"), screen + mail)


def main():
    if terminals.absent("questions at a terminal"):
        return 0
    code, screen = dialogue(ANSWERS[:3])
    say("an early end writes nothing", code == 77 and "nothing was written" in screen and
        not os.path.exists(CONFIG), screen)
    code, screen = dialogue(ANSWERS)
    written = ""
    if os.path.exists(CONFIG):
        with open(CONFIG, encoding="utf-8") as file:
            written = file.read()
    say("each slip is told", all(slip in screen for slip in (
        "'no mail address' is no mail address", "no time zone 'Mars/Olympus'",
        "'perhaps': yes or no", "'nowhere' is no address")), screen)
    say("and the question asked again", code == 0 and all(line in written for line in (
        "\nmail = anna@school.example\n", "\nzone = Europe/Berlin\n",
        "\nregistries = no\n",
        "\nmail1 = 198.51.100.5 mail1.school.example\n")), screen + written)
    say("a mail to oneself is offered, and an end is no", "Send a mail to anna@school.example"
        " now" in screen and "'tipoff init --try' does that" in screen, screen)
    tried()
    return 0


if __name__ == "__main__":
    sys.exit(main())
