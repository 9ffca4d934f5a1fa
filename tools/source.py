"""What the checks in this folder share: our files, and C text without its comments."""

import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOT_OURS = (".git", "build", "__pycache__")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(*endings):
    """The files of the tree whose names end so, from the top: all but what is built."""
    found = []
    for folder, folders, names in os.walk(TOP):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        found += [os.path.relpath(os.path.join(folder, name), TOP) for name in names]
    return sorted(name for name in found
                  if name != ".git" and name.endswith(endings or ("",)))


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
    """Collects the findings of one tool under names, prints its lines, gives its status.
    A row "TOOL NAME FILE # why" of tools/suppressions.txt silences NAME in FILE; a row
    that silences nothing is itself a finding."""

    def __init__(self, tool):
        self.findings = {}
        self.silenced = {row: False for row in suppressions() if row[0] == tool}
        self.tool = tool

    def begin(self, *names):
        for name in names:
            self.findings.setdefault(name, [])

    def found(self, name, where, what, group=None):
        row = (self.tool, name, where.split(":")[0])
        if row in self.silenced:
            self.silenced[row] = True
            return
        self.findings.setdefault(group or name, []).append("%s: %s" % (where, what))

    def end_silenced(self):
        for row, used in self.silenced.items():
            if not used:
                self.findings.setdefault("suppressions", []).append(
                    "tools/suppressions.txt: silences nothing: " + " ".join(row))

    def end(self):
        self.end_silenced()
        for name, found in self.findings.items():
            for line in found:
                print("# " + line)
            print("%s %s" % ("not ok" if found else "ok", name))
        return 1 if any(self.findings.values()) else 0


def suppressions():
    for line in text("tools/suppressions.txt").splitlines():
        row, mark, reason = line.partition(" # ")
        if line.strip() and not line.startswith("#"):
            if len(row.split()) != 3 or not reason.strip():
                raise SystemExit("tools/suppressions.txt: want TOOL NAME FILE # why: " + line)
            yield tuple(row.split())
