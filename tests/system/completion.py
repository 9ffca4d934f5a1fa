#!/usr/bin/python3
"""Completion scripts: each shell can read its own, and finds commands, options and the
words that an option takes."""

import os
import re
import shutil
import subprocess

TIPOFF = os.environ["TIPOFF"]
FOLDER = os.environ["TMPDIR"]


def say(name, good, *details):
    if not good:
        for detail in details:
            print("# %s" % str(detail).replace("\n", "\n# "))
    print("%s %s" % ("ok" if good else "not ok", name))


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)


def commands():
    """-> the names that --help lists."""
    text = run(TIPOFF, "--help").stdout
    block = text.split("\nCommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", block, re.MULTILINE)


def script(shell):
    text = run(TIPOFF, "completion", shell).stdout
    path = os.path.join(FOLDER, "completion." + shell)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path, text


def bash(path, *words):
    """-> what bash offers for the last word."""
    ask = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tipoff; '
           'printf "%s\\n" "${COMPREPLY[@]}"')
    return run("bash", "--norc", "-c", ask, "bash", path, "tipoff", *words).stdout.split()


def fish(path, line):
    ask = "source %s; complete -C '%s'" % (path, line)
    return [row.split("\t")[0] for row in
            run("fish", "--no-config", "-c", ask).stdout.splitlines()]


def offers(shell, path):
    """Rows of a command line and what must be among the offers."""
    rows = [(["dra"], "draft"), (["draft", "--wi"], "--wide"),
            (["--js"], "--json"), (["registry", "b"], "build"),
            (["init", "--registries", "y"], "yes"), (["answer", "o"], "ours")]
    for words, want in rows:
        got = (bash(path, *words) if shell == "bash"
               else fish(path, " ".join(["tipoff", *words])))
        say("%s offers %s" % (shell, want), want in got, words, got)


def main():
    names = commands()
    say("help lists commands", len(names) > 10 and "draft" in names, names)
    for shell in ("bash", "zsh", "fish"):
        path, text = script(shell)
        missing = [name for name in names if not re.search(r"\b%s\b" % name, text)]
        say("%s names every command" % shell, text and not missing, missing)
        if not shutil.which(shell):
            print("skip %s reads it # %s is not installed" % (shell, shell))
            continue
        read = run(shell, "-n", path)
        say("%s reads it" % shell, read.returncode == 0 and not read.stderr, read.stderr)
        if shell != "zsh":
            offers(shell, path)
    wrong = run(TIPOFF, "completion", "tcsh")
    say("an unknown shell", wrong.returncode == 64 and "tcsh" in wrong.stderr,
        wrong.returncode, wrong.stderr)


main()
