#!/usr/bin/python3
"""Tables on a terminal: the last column is cut with a mark where enough of it is left, and
whole where only a stump would be."""

import fcntl
import os
import pty
import struct
import sys
import termios

import terminals

TIPOFF = os.environ["TIPOFF"]
WORDS = "attempt to send mail through our server"


def say(name, good, text):
    if not good:
        print("# " + text.replace("\n", "\n# "))
    print("%s %s" % ("ok" if good else "not ok", name))


def on_terminal(width):
    """-> the lines of 'rules list' as a terminal of that width shows them."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    child = os.fork()
    if child == 0:
        os.dup2(theirs, 1)
        os.execv(TIPOFF, [TIPOFF, "--colour", "never", "rules", "list"])
    os.close(theirs)
    text = b""
    while True:
        try:
            text += os.read(ours, 4096)
        except OSError:  # Linux says so where the other side is gone
            break
    os.waitpid(child, 0)
    return text.decode().replace("\r", "").splitlines()


def main():
    if terminals.absent("tables on a terminal"):
        return 0
    lines = on_terminal(200)
    row = next(line for line in lines if WORDS in line)
    before = len(row) - len(WORDS)
    say("whole where there is room", row.endswith(WORDS), row)
    lines = on_terminal(before + 30)
    say("cut with a mark", any(line.endswith(WORDS[:27] + "...") for line in lines) and
        all(len(line) <= before + 30 for line in lines), "\n".join(lines))
    lines = on_terminal(before + 10)
    say("no stump", row in lines, "\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
