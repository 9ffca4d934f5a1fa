"""Running one job: its process, its limit of time, and what its output says."""

import dataclasses
import difflib
import os
import re
import shutil
import signal
import subprocess
import time

from . import ground, strays

LINE = re.compile(r"(ok|not ok|skip) ([^#]*[^#\s])\s*(?:#\s*(.*))?")
EXPECTED = ("cmd", "out", "err", "status")
OUTPUT_MAX = 8 << 20


@dataclasses.dataclass
class Outcome:
    name: str
    state: str   # "ok", "not ok" or "skip"
    detail: str  # of a failure what it printed, of a skip its reason


def run(job, here):
    """-> (outcomes, seconds)"""
    began = time.monotonic()
    tmpdir = here.folder()
    try:
        outcomes = command_line(job, here, tmpdir) if job.folder \
            else lines(job, here, tmpdir)
    except Exception as error:  # a bug of the runner must not pass as silence
        outcomes = [Outcome(job.name, "not ok", "# runner: %r" % error)]
    outcomes += [Outcome(job.name, "not ok", "# left running: " + words)
                 for words in strays.end(tmpdir)]
    shutil.rmtree(tmpdir, ignore_errors=True)
    return outcomes, time.monotonic() - began


def lines(job, here, tmpdir):
    environment = here.environment(tmpdir, tmpdir)
    if job.as_caller:
        environment = dict(os.environ, TOP=here.top)
    status, out, err = execute(job, here, tmpdir, environment)
    text = out + err
    keep(here, job, text)
    outcomes = parse(job.name, out, text)
    if not any(o.state == "not ok" for o in outcomes):
        outcomes += whole(job, status, outcomes, text)
    found = ground.findings(tmpdir)
    if found:
        outcomes.append(Outcome(job.name + " (sanitizer)", "not ok", found))
    return outcomes


def parse(prefix, out, text):
    outcomes, details = [], []
    for line in out.splitlines():
        match = LINE.fullmatch(line)
        if not match:
            details.append(line)
            continue
        state, name, reason = match.groups()
        detail = reason or "" if state == "skip" else "\n".join(details)
        outcomes.append(Outcome(prefix + "/" + name, state, detail))
        details = []
    return outcomes


def whole(job, status, outcomes, text):
    """A program that died, or that checked nothing, has failed as a whole."""
    if status == "timeout":
        reason = "# no end within %d seconds" % job.seconds
    elif status != 0:
        reason = "# exit status %s" % status
    elif not outcomes:
        reason = "# checked nothing: no line 'ok NAME'"
    else:
        return []
    return [Outcome(job.name, "not ok", text + reason)]


def execute(job, here, cwd, environment):
    """-> (status, standard output, standard error)"""
    name = os.path.relpath(cwd, here.base).replace("/", ".")
    paths = [os.path.join(here.base, "%s.%s" % (name, n)) for n in ("out", "err")]
    user = {} if job.as_caller else here.as_user()
    with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
        try:
            child = subprocess.Popen(job.argv, cwd=cwd, env=environment, stdout=out,
                                     stderr=err, stdin=subprocess.DEVNULL,
                                     start_new_session=True, **user)
        except OSError as error:
            return "none", "", "# %s: %s (is it in its folder's meson.build?)\n" % (
                job.argv[0], error.strerror)
        status = wait(child, job.seconds)
    return status, text_of(paths[0]), text_of(paths[1])


def wait(child, seconds):
    try:
        status = child.wait(seconds)
    except subprocess.TimeoutExpired:
        status = "timeout"
    try:
        os.killpg(child.pid, signal.SIGKILL)  # what the test left behind
    except ProcessLookupError:
        pass
    child.wait()
    return signal.Signals(-status).name if status != "timeout" and status < 0 else status


def text_of(path):
    with open(path, "rb") as file:
        text = file.read(OUTPUT_MAX).decode(errors="replace")
    os.unlink(path)
    return text


def keep(here, job, text):
    name = job.name.replace("/", ".") + ".txt"
    with open(os.path.join(here.results, name), "w") as file:
        file.write(text)


def command_line(job, here, tmpdir):
    """tests/cli/NAME: cmd runs in a fresh copy of the folder, which is its home too;
    out, err and status are what must come (absent: nothing, nothing, 0)."""
    stand = os.path.join(tmpdir, "h")
    shutil.copytree(job.folder, stand, ignore=lambda folder, names: [
        n for n in names if folder == job.folder and n in EXPECTED])
    here.give(stand)
    environment = here.environment(tmpdir, stand)
    environment.update(XDG_STATE_HOME=stand + "/state", XDG_CONFIG_HOME=stand + "/config")
    job.argv = ["/bin/sh", "-c", read(os.path.join(job.folder, "cmd"))]
    status, out, err = execute(job, here, stand, environment)
    found = ground.findings(tmpdir)
    got = {"out": plain(out, here, tmpdir, stand), "err": plain(err, here, tmpdir, stand),
           "status": "" if status == 0 else "%s\n" % status}
    keep(here, job, "\n".join("== %s\n%s" % item for item in got.items()) + found)
    if here.update and not found and isinstance(status, int):
        update(job.folder, got)
    detail = found + "".join(difference(job.folder, what, got[what]) for what in got)
    if status == "timeout":
        detail += "# no end within %d seconds\n" % job.seconds
    return [Outcome(job.name, "not ok" if detail else "ok", detail)]


def plain(text, here, tmpdir, stand):
    for path, word in ((stand, "{HERE}"), (tmpdir, "{TMPDIR}"), (here.seen_top, "{TOP}")):
        text = text.replace(path, word)
    return text


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path, errors="replace") as file:
        return file.read()


def difference(folder, what, got):
    want = read(os.path.join(folder, what))
    if what == "status" and want.strip() == got.strip():
        return ""
    return "".join(line if line.endswith("\n") else line + "\n" for line in
                   difflib.unified_diff(want.splitlines(True), got.splitlines(True),
                                        "want " + what, "got " + what))


def update(folder, got):
    for what, text in got.items():
        path = os.path.join(folder, what)
        if text:
            with open(path, "w") as file:
                file.write(text)
        elif os.path.exists(path):
            os.unlink(path)
