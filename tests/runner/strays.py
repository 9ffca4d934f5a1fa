"""Processes that a test left running: known by the test's own folder, which stands in
their environment or on their command line."""

import glob
import os
import signal
import time

GRACE_SECONDS = 2
# Started by gpg itself, and gone with their folder.
MAY_STAY = ("gpg-agent", "dirmngr", "scdaemon", "keyboxd")


def of(folder):
    """-> {process id: its command line}"""
    mark = (folder + "/").encode()
    found = {}
    for path in glob.glob("/proc/[0-9]*"):
        try:
            words = contents(path + "/cmdline")
            variables = contents(path + "/environ")
        except OSError:
            continue  # gone, or somebody else's
        if mark in words or b"TMPDIR=" + folder.encode() in variables.split(b"\0"):
            found[int(path.rsplit("/", 1)[1])] = words.replace(b"\0", b" ").decode(
                errors="replace").strip()
    return {pid: words for pid, words in found.items() if words}  # no zombies


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def end(folder):
    """Ends them. -> the command lines of those that should have been stopped"""
    until = time.monotonic() + GRACE_SECONDS
    left = of(folder)
    while unexpected(left) and time.monotonic() < until:
        time.sleep(0.05)
        left = of(folder)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    return unexpected(left)


def unexpected(left):
    return [words for words in left.values()
            if os.path.basename(words.split()[0]) not in MAY_STAY]
