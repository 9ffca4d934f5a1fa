"""What the tests of reports share: the fixtures and the program that renders them."""

import json
import os
import subprocess

TOP = os.environ.get("TOP") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIPOFF = os.environ.get("TIPOFF") or os.path.join(TOP, "build/test/tipoff")
RENDER = os.path.join(os.path.dirname(TIPOFF), "tests/unit/render_report")
GOLDEN = os.path.join(TOP, "tests/golden/report")


def names():
    return sorted(f[:-5] for f in os.listdir(GOLDEN) if f.endswith(".json"))


def fixture(name):
    with open(os.path.join(GOLDEN, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def try_render(case, *parts, env=None):
    """-> the finished process"""
    return subprocess.run([RENDER, *parts], input=json.dumps(case).encode(),
                          capture_output=True, timeout=60, env=env)


def render(case, *parts, env=None):
    """-> the bytes of the parts, one behind the other"""
    done = try_render(case, *parts, env=env)
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


class Checks:
    """Prints the lines the runner reads; exit() at the end."""

    def __init__(self):
        self.failed = False

    def ok(self, name, holds, *details):
        if not holds:
            self.failed = True
            for detail in details:
                for line in str(detail).splitlines()[:40]:
                    print("# " + line)
        print("%s %s" % ("ok" if holds else "not ok", name))

    def exit(self):
        raise SystemExit(1 if self.failed else 0)
