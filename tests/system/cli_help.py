#!/usr/bin/python3
"""The help of every command fits a terminal of 80 columns, and says what it takes."""

import re

from stand import TIPOFF, Place, ask, check, equal, need

WIDTH = 80


def help_of(*words):
    answer = ask([TIPOFF, *words, "--help"], Place("help").folder)
    equal((answer.status, answer.err), (0, ""), "status and standard error")
    return answer.out


def commands():
    listed = help_of().split("Commands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\w+) ", listed, re.M)


def fits(*words):
    text = help_of(*words)
    need(text.endswith("\n"), "its last line has no end")
    for line in text.splitlines():
        need(len(line) <= WIDTH, "%d columns: %s" % (len(line), line))
        need(line == line.rstrip(), "blanks at the end of", repr(line))
        need("\t" not in line, "a tab in", repr(line))


def says_its_usage(command):
    text = help_of(command)
    need(text.startswith("Usage: tipoff %s [OPTION...]" % command), text[:80])
    need("\nOptions of every command:\n" in text, "no common options")


def main():
    check("help fits", fits)
    names = commands()
    check("commands", lambda: need(len(names) > 10, names))
    for name in names:
        check("help of %s fits" % name, fits, name)
        check("help of %s says its usage" % name, says_its_usage, name)


main()
