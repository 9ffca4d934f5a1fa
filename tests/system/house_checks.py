#!/usr/bin/python3
"""The checks of tools/ find what they are for: each is run on a small tree with one fault,
and on the same tree without it."""

import os
import shutil
import subprocess
import sys

TOP = os.environ["TOP"]
TREE = os.path.join(os.environ["TMPDIR"], "tree")
DEEP = "int f(int a)\n{\n\tif (a)\n\t\tfor (;;)\n\t\t\twhile (a)\n\t\t\t\tif (a) {\n%s\t\t\t\t}\n\treturn a;\n}\n"
LONG = "int f(int a)\n{\n%s\treturn a;\n}\n"
ELSE_IF = "int f(int a)\n{\n\tif (a == 1)\n\t\treturn 1;\n%s\treturn 0;\n}\n" % (
    "\telse if (a == 2)\n\t\treturn 2;\n" * 9)
NEXT = "TO" "DO"
ROWS = (  # name, check, file, text, the finding ("" for none)
    ("include upward", "layers", "src/base/x.c", '#include "net/address.h"\n', "order"),
    ("include downward", "layers", "src/net/x.c", '#include "base/slice.h"\n', ""),
    ("include of an unknown folder", "layers", "src/net/x.c", '#include "nets/a.h"\n',
     "order"),
    ("a foreign header away from home", "layers", "src/net/x.c",
     "#include <sqlite3.h>\n", "foreign headers"),
    ("a foreign header at home", "layers", "src/db/x.c", "#include <sqlite3.h>\n", ""),
    ("an include in a comment", "layers", "src/net/x.c",
     "/*\n#include <sqlite3.h>\n*/\n", ""),
    ("sql in a command", "layers", "src/cli/x.c", 'f("SELECT 1 FROM t");\n', "sql"),
    ("sql in a store", "layers", "src/case/store.c", 'f("SELECT 1 FROM t");\n', ""),
    ("a header that leans on others", "headers", "src/net/x.h",
     "size_t length(const char *);\n", "src/net/x.h"),
    ("four levels", "size", "src/net/x.c", DEEP % "\t\t\t\t\tf(a);\n", ""),
    ("five levels", "size", "src/net/x.c", DEEP % "\t\t\t\t\tif (a)\n\t\t\t\t\t\tf(a);\n",
     "nesting"),
    ("a long else-if", "size", "src/net/x.c", ELSE_IF, ""),
    ("a function of 100 lines", "size", "src/net/x.c", LONG % ("\ta++;\n" * 96), ""),
    ("a function of 101 lines", "size", "src/net/x.c", LONG % ("\ta++;\n" * 97),
     "function lines"),
    ("a table of 200 lines", "size", "src/net/x.c",
     "const int t[] = {\n%s};\n" % ("\t1,\n" * 200), ""),
    ("six parameters", "size", "src/net/x.c",
     "int f(int a, int b, int c, int d,\n      int e, int (*g)(int, int))\n{\n}\n", ""),
    ("seven parameters", "size", "src/net/x.c",
     "int f(int a, int b, int c, int d,\n      int e, int g, int h)\n{\n}\n",
     "parameters"),
    ("a file of 1001 lines", "size", "src/net/x.c", "\n" * 1001, "file lines"),
    ("a file that is not built", "tree", "src/net/y.c", "int a;\n", "build lists"),
    ("a file that is built", "tree", "src/net/x.c", "int a;\n", ""),
    ("unfinished work", "tree", "src/net/x.c", "/* %s: more */\n" % NEXT, "unfinished"),
    ("a banned call", "tree", "tests/x.c", "a = atoi(b);\n", "banned calls"),
    ("a banned call in a text", "tree", "tests/x.c", 'f("atoi(b)");\n', ""),
    ("bare ctype", "tree", "src/net/x.c", "a = isspace(b);\n", "bare ctype"),
    ("the clock of the machine", "tree", "src/net/x.c", "a = time(NULL);\n", "clock"),
    ("numbered labels", "tree", "src/net/x.c", "out1:\n", "numbered labels"),
    ("a path of this machine", "tree", "docs/x.md", TREE + "/docs\n", "paths"),
    ("a real address", "tree", "rules/x.conf", "from 8.8.8.8 port\n", "addresses"),
    ("a real IPv6 address", "tree", "rules/x.conf", "from 2a00::1 port\n", "addresses"),
    ("documentation addresses", "tree", "rules/x.conf",
     "12:01:02 from 192.0.2.1 2001:db8::1 Chrome/120.0.0.0\n", ""),
    ("a real mail address", "tree", "examples/x", "somebody@mail.net\n", "addresses"),
    ("an example's mail address", "tree", "examples/x", "somebody@mail.example\n", ""),
)


def lay_tree():
    os.makedirs(TREE)
    shutil.copytree(os.path.join(TOP, "tools"), os.path.join(TREE, "tools"))
    shutil.copy(os.path.join(TOP, "meson.build"), TREE)
    with open(os.path.join(TREE, "tools/suppressions.txt"), "w"):
        pass
    os.makedirs(os.path.join(TREE, "src/net"))
    with open(os.path.join(TREE, "src/net/meson.build"), "w") as file:
        file.write("sources += files('x.c')\n")


def findings(check):
    done = subprocess.run([os.path.join(TREE, "tools/check-" + check)], text=True,
                          capture_output=True)
    bad = [line[len("not ok "):] for line in done.stdout.splitlines()
           if line.startswith("not ok ")]
    if done.returncode != (1 if bad else 0):
        bad.append("exit status %d: %s" % (done.returncode, done.stderr))
    return bad


def check_row(check, path, text, want):
    full = os.path.join(TREE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        file.write(text)
    got = findings(check)
    os.unlink(full)
    return got, [want] if want else []


def check_suppressions():
    """A row silences its finding; one that silences nothing is a finding."""
    rows = os.path.join(TREE, "tools/suppressions.txt")
    with open(rows, "w") as file:
        file.write("tree clock src/net/x.c # it waits for a device\n")
    silenced = check_row("tree", "src/net/x.c", "a = time(NULL);\n", "")
    idle = check_row("tree", "src/net/x.c", "a = 1;\n", "suppressions")
    os.unlink(rows)
    return (("a row that silences", *silenced), ("a row that silences nothing", *idle))


def main():
    lay_tree()
    results = [(name, *check_row(check, path, text, want))
               for name, check, path, text, want in ROWS]
    failed = 0
    for name, got, want in (*results, *check_suppressions()):
        if got != want:
            failed = 1
            print("# found %r, want %r" % (got, want))
        print("%s %s" % ("ok" if got == want else "not ok", name))
    return failed


if __name__ == "__main__":
    sys.exit(main())
