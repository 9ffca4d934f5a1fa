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
        return expanded(json.load(file))


def expanded(case):
    """With "copies" the one source stands for that many, in two ranges."""
    model = case["sources"][0]
    for number in range(1, case.pop("copies", 1)):
        other = json.loads(json.dumps(model).replace(
            model["address"], "203.0.113.%d" % number if number < 77 else
            "203.0.113.%d" % (number + 1) if number < 250 else "192.0.2.%d" % (number - 249)))
        if number >= 250:
            other["network"] = {"range": "192.0.2.0/24", "name": "NORTHWIND-NET2"}
        for incident in other["incidents"]:
            incident["count"] = 20 + number * 37 % 400
        case["sources"].append(other)
    return case


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
