#!/usr/bin/python3
"""tools/setup with a package system, a sudo and a pkg-config that are played: what it asks
for, when it asks for nothing, and what it says where it cannot install."""

import os
import shutil
import subprocess
import sys

SETUP = os.path.join(os.environ["TOP"], "tools/setup")
TMPDIR = os.environ["TMPDIR"]
LOG = os.path.join(TMPDIR, "asked")
REAL = ("sh", "awk", "sort", "comm", "sed", "mktemp", "rm", "dirname", "tail", "cat", "env", "uname")
LOGGED = '#!/bin/sh\necho "%s $*" >>' + LOG + '\n'


def lay_bin(name, programs):
    """A folder for PATH: the real tools, and the played ones."""
    folder = os.path.join(TMPDIR, name)
    os.makedirs(folder)
    for tool in REAL:
        if tool in programs:
            continue
        os.symlink(shutil.which(tool), os.path.join(folder, tool))
    for tool, text in programs.items():
        path = os.path.join(folder, tool)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)
    return folder


def debian(installed):
    """dpkg-query knows `installed`, "all" or "all but NAME"."""
    lacking = installed.partition("all but ")[2] or "none"
    return {
        "id": "#!/bin/sh\necho 1000\n",
        "sudo": LOGGED % "sudo",
        "apt-get": LOGGED % "apt-get",
        "dpkg-query": '#!/bin/sh\nshift 3\nfor p; do [ "$p" = %s ] || '
                      'echo "installed $p"; done\n' % lacking,
    }


def run(folder, *sets):
    if os.path.exists(LOG):
        os.unlink(LOG)
    done = subprocess.run([SETUP, *sets], env={"PATH": folder, "TMPDIR": TMPDIR},
                          capture_output=True, text=True)
    asked = ""
    if os.path.exists(LOG):
        with open(LOG) as file:
            asked = file.read()
    return done.returncode, asked, done.stdout + done.stderr


def nothing_missing():
    return run(lay_bin("complete", debian("all")), "run", "test") == (0, "", "")


def one_missing():
    folder = lay_bin("incomplete", debian("all but cppcheck"))
    status, asked, said = run(folder, "run", "lint")
    lines = [line for line in asked.splitlines() if "apt-get" in line]
    return (status == 0 and said == "setup: installing cppcheck\n" and len(lines) == 2
            and lines[0].endswith(" update") and "DEBIAN_FRONTEND=noninteractive" in asked
            and lines[1].endswith(" install -y --no-install-recommends cppcheck"))


def one_of_two_that_do_the_same():
    """The first on processors of Intel's kind, the second elsewhere or where it is there."""
    asked = {}
    for name, machine, lacks in (("intel", "x86_64", "libhyperscan-dev|libvectorscan-dev"),
                                 ("arm", "aarch64", "libhyperscan-dev|libvectorscan-dev"),
                                 ("there", "x86_64", "libhyperscan-dev")):
        programs = dict(debian("all"), uname="#!/bin/sh\necho %s\n" % machine)
        programs["dpkg-query"] = (
            '#!/bin/sh\nshift 3\nfor p; do case $p in %s) ;; *) echo "installed $p";; '
            'esac; done\n' % lacks)
        asked[name] = run(lay_bin("two-" + name, programs), "run")[2]
    return asked == {"intel": "setup: installing libhyperscan-dev\n",
                     "arm": "setup: installing libvectorscan-dev\n", "there": ""}


def missing_in_another_set():
    return run(lay_bin("other", debian("all but cppcheck")), "run") == (0, "", "")


def no_sudo():
    programs = debian("all but cppcheck")
    del programs["sudo"]
    status, asked, said = run(lay_bin("no-sudo", programs), "lint")
    return status == 69 and not asked and "as root: apt-get install cppcheck" in said


def another_system():
    lacks_uv = '#!/bin/sh\n[ "$2" != libuv ]\n'
    programs = {name: "" for name in ("cc", "meson", "ninja", "python3")}
    status, _, said = run(lay_bin("bsd", {**programs, "pkg-config": lacks_uv}), "run")
    return status == 69 and "no apt-get" in said and said.splitlines()[1:] == ["  libuv"]


def another_system_complete():
    programs = {name: "" for name in ("cc", "meson", "ninja", "python3")}
    return run(lay_bin("bsd-complete", {**programs, "pkg-config": "#!/bin/sh\n"}),
               "run") == (0, "", "")


def every_recipe_sets_up_what_it_builds_with():
    """A fresh machine has no meson: who sets up at all sets up the build as well."""
    with open(os.path.join(os.environ["TOP"], "Makefile")) as file:
        asked = [line.split()[1:] for line in file if line.startswith("\ttools/setup")]
    return len(asked) >= 4 and all("run" in sets for sets in asked)


def main():
    failed = 0
    for check in (nothing_missing, one_missing, one_of_two_that_do_the_same, missing_in_another_set,
                  no_sudo,
                  another_system, another_system_complete,
                  every_recipe_sets_up_what_it_builds_with):
        holds = check()
        failed |= not holds
        print("%s %s" % ("ok" if holds else "not ok", check.__name__.replace("_", " ")))
    return failed


if __name__ == "__main__":
    sys.exit(main())
