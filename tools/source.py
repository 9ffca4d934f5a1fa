"""What the checks in this folder share: our files, and C text without its comments."""

import os
import re
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(*endings):
    """The files of the tree (committed, or new and not ignored), from the top."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", TOP, "ls-files", "-z", "--cached",
         "--others", "--exclude-standard"], check=True, capture_output=True, text=True)
    return sorted(name for name in set(listed.stdout.split("\0"))
                  if name and name.endswith(endings or ("",))
                  and os.path.isfile(os.path.join(TOP, name)))


def text(name):
    with open(os.path.join(TOP, name), errors="replace") as file:
        return file.read()


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_comments(code):
    """Comments become blanks; lines and columns stay."""
    return TOKEN.sub(lambda m: blank(m) if m.group().startswith("/") else m.group(), code)


def without_strings(code):
    """Comments and the contents of literals become blanks."""
    return TOKEN.sub(blank, code)


def line_of(code, offset):
    return code.count("\n", 0, offset) + 1


class Check:
    """Collects findings of one check under names, prints its lines, gives its status."""

    def __init__(self):
        self.findings = {}

    def begin(self, *names):
        for name in names:
            self.findings.setdefault(name, [])

    def found(self, name, where, what):
        self.findings.setdefault(name, []).append("%s: %s" % (where, what))

    def end(self):
        for name, found in self.findings.items():
            for line in found:
                print("# " + line)
            print("%s %s" % ("not ok" if found else "ok", name))
        return 1 if any(self.findings.values()) else 0
