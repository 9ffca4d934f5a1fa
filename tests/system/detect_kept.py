#!/usr/bin/python3
"""What is kept of compiled rules changes nothing but the time: with and without it, and
whatever became of it, detect tells the same of the example logs and of every rule's
samples. Nothing that can happen to the folder is an error."""

import os
import re

from stand import TOP, Place, check, environment, equal, failures, need

SAMPLE = re.compile(r"(?:match|never)\.\d+\s*=\s*(.*)")
NONE = ("--set", "logs.keep-compiled=no")


def samples():
    """Every sample of every rule, in one log."""
    lines = []
    for path in sorted((TOP / "rules").glob("*.conf")):
        lines += [found.group(1) for found in map(SAMPLE.match, path.read_text().split("\n"))
                  if found]
    need(len(lines) > 1000, len(lines), "samples only")
    return "".join(line + "\n" for line in lines)


def told(place, *words, env=None):
    answer = place.run("detect", "--events", "--json", *words,
                       env=env or environment(place.folder), seconds=120)
    equal((answer.status, answer.err), (0, ""), "detect")
    return answer.out


def folder(place):
    return place.folder / ".cache/tipoff/rules"


def kept(place):
    """-> the one file, and what tells whether it was written again."""
    names = os.listdir(folder(place))
    equal(len(names), 1, "files of the folder")
    path = folder(place) / names[0]
    return path, path.stat().st_ino


def logs():
    place = Place("logs")
    log = place.write("samples.log", samples())
    for words in ((log,), sorted((TOP / "examples/logs").iterdir())):
        without = told(place, *NONE, *words)
        need(len(without) > 1000, "too little is told")
        equal(told(place, *words) == without, True, "the first time")
        before = kept(place)
        for threads in (1, 3):
            equal(told(place, "--threads", threads, *words) == without, True,
                  "with %d threads" % threads)
        equal(kept(place), before, "what is kept")
    equal(told(place, "--rules", "sshd", log) ==
          told(place, "--rules", "sshd", *NONE, log), True, "one rule")


def switch():
    place = Place("switch")
    log = place.write("auth.log", "".join(failures(20)))
    told(place, *NONE, log)
    equal(os.path.exists(place.folder / ".cache"), False, "a folder")
    told(place, log)
    path, _ = kept(place)
    equal([oct(os.stat(one).st_mode & 0o7777) for one in (folder(place), path)],
          ["0o700", "0o600"], "modes")


def damage():
    place = Place("damage")
    log = place.write("auth.log", "".join(failures(20)))
    without = told(place, *NONE, log)
    told(place, log)
    path, _ = kept(place)
    whole = path.read_bytes()

    def change(at):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1:])

    for what, spoil in (("cut", lambda: path.write_bytes(whole[:len(whole) // 2])),
                        ("empty", lambda: path.write_bytes(b"")),
                        ("head", lambda: change(0)), ("middle", lambda: change(len(whole) // 3)),
                        ("end", lambda: change(len(whole) - 1)),
                        ("longer", lambda: path.write_bytes(whole + b"x")),
                        ("open to others", lambda: path.chmod(0o666))):
        spoil()
        equal(told(place, log), without, what)
        equal((path.read_bytes() == whole, path.stat().st_mode & 0o777), (True, 0o600),
              what + ": made again")


def rules():
    """A rule that is edited is another one, and one that is spoilt says so as ever."""
    place = Place("rules")
    log = place.write("auth.log", "".join(failures(20)))
    rule = place.write("rules/a.conf", "[Definition]\nfailregex = from <HOST> port\n")
    words = ("--set", "logs.rules=%s" % rule.parent, log)
    equal([len(told(place, *words).splitlines()) > 0 for _ in range(2)], [True, True], "found")
    rule.write_text("[Definition]\nfailregex = to <HOST> port\n")
    equal([told(place, *words) for _ in range(2)], ["", ""], "the edited rule")
    rule.write_text("[Definition]\nfailregex = from <HOST> (\n")
    errors = [place.run("detect", *more, *words) for more in ((), (), NONE)]
    need("mend failregex" in errors[0].err, errors[0].err)
    equal([(one.status, one.err) for one in errors], [(errors[2].status, errors[2].err)] * 3,
          "the error")


def places():
    place = Place("places")
    log = place.write("auth.log", "".join(failures(20)))
    without = told(place, *NONE, log)
    (place.folder / "own/private").mkdir(parents=True)
    (place.folder / "own/link").symlink_to("private")
    (place.folder / "closed").mkdir(mode=0o500)
    (place.folder / "open").mkdir()
    (place.folder / "open/tipoff").mkdir()
    (place.folder / "open/tipoff/rules").mkdir()
    (place.folder / "open/tipoff/rules").chmod(0o770)
    place.write("file", "")
    for more, where in (
            ({"CACHE_DIRECTORY": "%s/own/link:/other" % place.folder}, "own/private/rules"),
            ({"XDG_CACHE_HOME": "%s/own" % place.folder}, "own/tipoff/rules"),
            ({"XDG_CACHE_HOME": "relative"}, ".cache/tipoff/rules"),
            ({"XDG_CACHE_HOME": "%s/closed" % place.folder}, None),
            ({"XDG_CACHE_HOME": "%s/open" % place.folder}, None),
            ({"XDG_CACHE_HOME": "%s/file" % place.folder}, None),
            ({"HOME": "/nonexistent"}, None), ({"HOME": None}, None)):
        for _ in range(2):
            equal(told(place, log, env=environment(place.folder, **more)), without, more)
        if where:
            equal(len(os.listdir(place.folder / where)), 1, where)
    equal(os.listdir(place.folder / "open/tipoff/rules"), [], "a folder open to others")


check("the same of every log", logs)
check("the switch, and the modes", switch)
check("damage", damage)
check("rules that change", rules)
check("any place", places)
