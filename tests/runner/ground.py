"""The ground that tests stand on: an unprivileged user, short folders of their own, and
an environment that holds nothing of the person who runs them."""

import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile

USER = "tipoff-test"
HOME = "/var/lib/tt"
# Every finding of a sanitizer goes to a file as well, so that a test which expects a
# failure, or a child whose output is thrown away, cannot hide it.
FINDING = 99
# What the person may ask of the long runs, and nothing else of theirs.
ASKED = ("SOAK_SECONDS", "SOAK_SEED", "SOAK_COUNT")


class Ground:
    def __init__(self, top, build):
        self.top = top
        self.seen_top = top
        self.build = os.path.join(top, build)
        self.results = os.path.join(self.build, "results")
        self.uid = self.gid = None
        self.corpora = None
        self.leaks = True
        self.update = False
        self.numbers = itertools.count(1)  # two threads make folders

    def __enter__(self):
        self.base = tempfile.mkdtemp(prefix="tt", dir="/tmp")
        os.chmod(self.base, 0o755)
        shutil.rmtree(self.results, ignore_errors=True)
        os.makedirs(self.results)
        if os.geteuid() == 0:
            self.uid, self.gid = unprivileged_user()
        if not self.can_read(self.build):
            self.seen_top = self.copy_of_top()
        self.corpora = self.find_corpora()
        self.binary = self.seen(os.path.join(self.build, "tipoff"))
        self.leaks = self.can_find_leaks()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.base, ignore_errors=True)

    def seen(self, path):
        """The path of a file of the tree as the tests' user sees it."""
        return os.path.join(self.seen_top, os.path.relpath(path, self.top))

    def as_user(self):
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_read(self, folder):
        script = "test -r %r -a -x %r" % (folder, folder)
        return subprocess.run(["/bin/sh", "-c", script], stdin=subprocess.DEVNULL,
                              **self.as_user()).returncode == 0

    def copy_of_top(self):
        copy = os.path.join(self.base, "top")
        build = os.path.relpath(self.build, self.top)

        def unneeded(folder, names):
            inside = os.path.relpath(folder, self.top)
            return [n for n in names
                    if n == ".git" or n.endswith((".p", ".a", ".o"))
                    or inside == "build" and os.path.join(inside, n) != build]

        shutil.copytree(self.top, copy, ignore=unneeded, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        return copy

    def find_corpora(self):
        """Recorded data that lies beside the tree, where it does."""
        for folder in (os.environ.get("CORPORA"),
                       os.path.join(self.top, "..", "shared", "corpora")):
            if folder and os.path.isdir(folder):
                return self.readable(os.path.realpath(folder))
        return None

    def readable(self, folder):
        if self.can_read(folder):
            return folder
        copy = os.path.join(self.base, "corpora")
        shutil.copytree(folder, copy, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        return copy

    def folder(self):
        """A fresh folder for one test: short, since sockets' paths are."""
        path = os.path.join(self.base, str(next(self.numbers)))
        os.mkdir(path, 0o700)
        self.give(path)
        return path

    def give(self, path):
        if self.uid is None:
            return
        os.chown(path, self.uid, self.gid)
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                os.chown(os.path.join(folder, name), self.uid, self.gid,
                         follow_symlinks=False)

    def environment(self, tmpdir, home):
        common = "halt_on_error=1:exitcode=%d:log_path=%s/finding" % (FINDING, tmpdir)
        made = {
            "PATH": os.path.dirname(self.binary)
            + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8", "TZ": "UTC", "HOME": home, "TMPDIR": tmpdir,
            "TOP": self.seen_top, "TIPOFF": self.binary,
            "TIPOFF_RULES": os.path.join(self.seen_top, "rules"),
            "ASAN_OPTIONS": common + ":detect_leaks=%d:strict_string_checks=1"
            ":detect_stack_use_after_return=1" % self.leaks,
            "UBSAN_OPTIONS": common + ":print_stacktrace=1",
            "LSAN_OPTIONS": "print_suppressions=0:suppressions="
            + os.path.join(self.seen_top, "tests/leaks.txt"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if self.corpora:
            made["CORPORA"] = self.corpora
        made.update((name, os.environ[name]) for name in ASKED if name in os.environ)
        return made

    def can_find_leaks(self):
        """LeakSanitizer needs ptrace, which some containers forbid."""
        probe = self.seen(os.path.join(self.build, "tests/sanitizers"))
        if not os.path.exists(probe):
            return True
        tmpdir = self.folder()
        subprocess.run([probe, "nothing"], env=self.environment(tmpdir, tmpdir),
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, **self.as_user())
        return "fatal error" not in findings(tmpdir)


# LeakSanitizer says so of a process that is killed while it looks for leaks.
KILLED = re.compile(r"==\d+==Unable to get registers from thread \d+\.\n?")


def findings(tmpdir):
    """What sanitizers wrote into the folder of one test."""
    texts = []
    for name in sorted(os.listdir(tmpdir)):
        if name.startswith("finding."):
            with open(os.path.join(tmpdir, name), errors="replace") as file:
                texts.append(KILLED.sub("", file.read().partition("\nShadow bytes")[0]))
    return "".join(texts)


def unprivileged_user():
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--create-home",
                        "--home-dir", HOME, "--shell", "/usr/sbin/nologin", USER],
                       check=False, capture_output=True)
        entry = pwd.getpwnam(USER)  # made by us, or by another run at the same time
    return entry.pw_uid, entry.pw_gid
