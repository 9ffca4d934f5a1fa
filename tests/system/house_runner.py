#!/usr/bin/python3
"""tests/run itself: what passes, what fails, and that nothing fails in silence. Each row is
a script, run as the only system test of a small tree."""

import os
import shutil
import subprocess
import sys

TOP = os.environ["TOP"]
TREE = os.path.join(os.environ["TMPDIR"], "tree")
PROBE = os.path.join(os.path.dirname(os.environ["TIPOFF"]), "tests/sanitizers")
HEAD = "#!/usr/bin/python3\nimport os, subprocess, sys\n"
ROWS = (  # name, the script, the last line
    ("two pass", "print('ok a\\nok b')", "2 passed, 0 failed, 0 skipped"),
    ("one fails", "print('ok a\\nnot ok b')", "1 passed, 1 failed, 0 skipped"),
    ("a listed skip", "print('ok a\\nskip b # no moon')", "1 passed, 0 failed, 1 skipped"),
    ("a skip that is not listed", "print('ok a\\nskip c # no moon')",
     "1 passed, 1 failed, 0 skipped"),
    ("a listed skip with another reason", "print('ok a\\nskip b # no sun')",
     "1 passed, 1 failed, 0 skipped"),
    ("a bad status", "print('ok a')\nsys.exit(3)", "1 passed, 1 failed, 0 skipped"),
    ("an exception", "print('ok a')\nraise KeyError", "1 passed, 1 failed, 0 skipped"),
    ("killed", "print('ok a', flush=True)\nos.kill(os.getpid(), 9)",
     "1 passed, 1 failed, 0 skipped"),
    ("nothing checked", "print('hello')", "0 passed, 1 failed, 0 skipped"),
    ("a finding in a child that nobody looks at",
     "subprocess.run([%r, 'address'], stderr=subprocess.DEVNULL)\nprint('ok a')" % PROBE,
     "1 passed, 1 failed, 0 skipped"),
    ("killed while it looked for leaks, which is no finding",
     "open(os.path.join(os.environ['TMPDIR'], 'finding.1'), 'w').write("
     "'==1==Unable to get registers from thread 2.\\n')\nprint('ok a')",
     "1 passed, 0 failed, 0 skipped"),
    ("a server left running", "subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
     "print('ok a')", "1 passed, 1 failed, 0 skipped"),
    ("no terminal, no input", "print('not ok a' if sys.stdin.read() else 'ok a')",
     "1 passed, 0 failed, 0 skipped"),
    ("a short folder", "print('ok a' if len(os.environ['TMPDIR']) < 40 else 'not ok a')",
     "1 passed, 0 failed, 0 skipped"),
    ("what is asked of the long runs, and no more",
     "print('ok a' if os.environ['SOAK_SECONDS'] == '7' and 'LOGNAME' not in os.environ "
     "else 'not ok a')", "1 passed, 0 failed, 0 skipped"),
)
CLI_ROWS = (  # name, cmd, out, the last line
    ("the expected output", "echo a; pwd", "a\n{HERE}\n", "1 passed, 0 failed, 0 skipped"),
    ("another output", "echo a", "b\n", "0 passed, 1 failed, 0 skipped"),
    ("an unexpected error", "echo a; echo b >&2", "a\n", "0 passed, 1 failed, 0 skipped"),
    ("an unexpected status", "echo a; exit 2", "a\n", "0 passed, 1 failed, 0 skipped"),
    ("its own files", "cat in; ls", "in\ntext\nin\n", "0 passed, 1 failed, 0 skipped"),
    ("its own files alone", "cat in; ls", "text\nin\n", "1 passed, 0 failed, 0 skipped"),
)


def write(path, text):
    full = os.path.join(TREE, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        file.write(text)
    os.chmod(full, 0o755)


def lay_tree():
    shutil.copytree(os.path.join(TOP, "tests/runner"), os.path.join(TREE, "tests/runner"))
    shutil.copy(os.path.join(TOP, "tests/run"), os.path.join(TREE, "tests/run"))
    write("tests/skips.txt", "system/one/b # no moon\n")
    write("tests/leaks.txt", "")
    write("build/test/tipoff", "#!/bin/sh\n")


def last_line(name):
    done = subprocess.run([os.path.join(TREE, "tests/run"), name], text=True,
                          env=dict(os.environ, SOAK_SECONDS="7", LOGNAME="somebody"),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    line = done.stdout.splitlines()[-1]
    good = ", 0 failed" in line and not line.startswith("0 passed")
    if done.returncode != (0 if good else 1):
        line += " but exit status %d" % done.returncode
    return line


def outcomes():
    for name, script, want in ROWS:
        write("tests/system/one.py", HEAD + script + "\n")
        yield name, last_line("system/one"), want
    write("tests/cli/one/in", "text\n")
    for name, cmd, out, want in CLI_ROWS:
        write("tests/cli/one/cmd", cmd)
        write("tests/cli/one/out", out)
        yield "command line: " + name, last_line("cli/one"), want
    yield "a name that fits none", last_line("nosuch"), "0 passed, 0 failed, 0 skipped"


def main():
    lay_tree()
    failed = 0
    for name, got, want in outcomes():
        if got != want:
            failed = 1
            print("# %r, want %r" % (got, want))
        print("%s %s" % ("ok" if got == want else "not ok", name))
    return failed


if __name__ == "__main__":
    sys.exit(main())
