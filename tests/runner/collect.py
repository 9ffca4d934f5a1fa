"""What there is to run: one job per program, per folder of tests/cli, per script."""

import dataclasses
import glob
import os

SECONDS = 120
SYSTEM_SECONDS = 300
SOAK_SECONDS = 3600


@dataclasses.dataclass
class Job:
    name: str
    argv: list
    seconds: int = SECONDS
    folder: str = None      # of a command-line test
    as_caller: bool = False  # checks of the tree, which write nothing


def jobs(here, soak):
    """Long ones first, so that the last minutes are not one script's."""
    if soak:
        return list(system(here, soak))
    return [*system(here, soak), *fuzz(here), *checks(here), *unit(here),
            *command_line(here), *sanitizers(here)]


def names(here, pattern):
    for path in sorted(glob.glob(os.path.join(here.top, pattern))):
        yield path, os.path.splitext(os.path.basename(path))[0]


def contains(path, text):
    with open(path, errors="replace") as file:
        return text in file.read()


def unit(here):
    for path, name in names(here, "tests/unit/*.c"):
        if contains(path, "CHECK_RUN("):
            yield Job("unit/" + name, [built(here, "tests/unit/unit_" + name)])


def built(here, program):
    return here.seen(os.path.join(here.build, program))


def fuzz(here):
    for _, name in names(here, "fuzz/*.c"):
        seeds = os.path.join(here.seen_top, "fuzz/corpus", name)
        yield Job("fuzz/" + name, [built(here, "fuzz/replay_" + name), seeds])


def command_line(here):
    for path, _ in names(here, "tests/cli/*/cmd"):
        folder = os.path.dirname(path)
        yield Job("cli/" + os.path.basename(folder), [], folder=folder)


def system(here, soak):
    """A test begins with #!; other files there are modules that tests share."""
    for path, name in names(here, "tests/system/*.py"):
        with open(path, "rb") as file:
            is_test = file.read(2) == b"#!"
        if is_test and name.endswith("_soak") == soak:
            yield Job("system/" + name, ["/usr/bin/python3", here.seen(path)],
                      SOAK_SECONDS if soak else SYSTEM_SECONDS)


def checks(here):
    for name in ("headers", "layers"):
        yield Job("check/" + name, [os.path.join(here.top, "tools/check-" + name)],
                  as_caller=True)


def sanitizers(here):
    yield Job("sanitizers", ["/bin/sh", os.path.join(here.seen_top,
                                                     "tests/sanitizers.sh"),
                             built(here, "tests/sanitizers")])
