#!/usr/bin/python3
"""Rule files are resolved as the installed fail2ban resolves them.

Every file of /etc/fail2ban/filter.d, our own twins of the dialect's corners under
tests/system/filter_dialect/, and the rules we ship are read by fail2ban's own reader and
by filter_dump, with parameters and without, and compared line for line.
"""
import glob
import logging
import os
import shlex
import subprocess
import sys
import tempfile

TOP = os.environ.get("TOP") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIPOFF = os.environ.get("TIPOFF") or os.path.join(TOP, "build/test/tipoff")
DUMP = os.path.join(os.path.dirname(TIPOFF), "tests/unit/filter_dump")
DEBIAN = "/etc/fail2ban"

PARAMETERS = [
    {}, {"mode": "normal"}, {"mode": "aggressive"}, {"mode": "ddos"},
    {"mode": "extra"}, {"mode": "auth"}, {"mode": "more"}, {"mode": "errors"},
    {"mode": "all"}, {"mode": "rbl"}, {"mode": "fallback"}, {"mode": "no-such"},
    {"logtype": "file"}, {"logtype": "short"}, {"logtype": "journal"},
    {"logtype": "rfc5424"}, {"logtype": "no-such"}, {"logtype": ""},
    {"publickey": "any"}, {"publickey": "invalid"}, {"publickey": "nofail"},
    {"publickey": "no-such"}, {"logging": "webapp"}, {"logging": "catalina"},
    {"mode": "aggressive", "logtype": "short"},
    {"maxlines": "7"}, {"failregex": "^a <HOST>$"}, {"prefregex": "<host>"},
    {"_daemon": "some-other"}, {"Mode": "aggressive"},
    {"__prefix_line": "<known/__prefix_line>"}, {"host": "x"},
    {"x": "a,b", "y": "c]d", "z": "e 'f' g"},
]


def oracle(base, name, parameters):
    """What fail2ban makes of it, as the lines that filter_dump prints."""
    from fail2ban.client.filterreader import FilterReader
    reader = FilterReader(name, "jail", dict(parameters), basedir=base)
    try:
        if not reader.read():
            return ["error"]
        reader.applyAutoOptions("")
        reader.getOptions(None)
        stream = reader.convert()
    except Exception as problem:  # whatever it raises means: cannot be read
        return ["error"] + ["# " + line for line in str(problem).split("\n")]
    lines = {}
    for command in stream:
        option = command[2] if command[0] == "set" else command[2]
        values = command[3] if command[0] == "multi-set" else command[3:]
        option = option[3:] if option.startswith("add") else option
        if option == "journalmatch":
            values = [shlex.join(values)]
        lines.setdefault(option, []).extend(str(value) for value in values)
    lines.pop("usedns", None)
    if lines.get("maxlines") == ["1"]:
        del lines["maxlines"]
    return sorted(f"{option} {value}" for option, values in lines.items()
                  for value in numbered(values) if value.split(" ", 1)[1])


def numbered(values):
    return [f"{number} {value}" for number, value in enumerate(values)]


def written(name, parameters):
    if not parameters:
        return name
    def quoted(value):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return name + "[" + ", ".join(
        f"{key}={quoted(value)}" for key, value in parameters.items()) + "]"


def unescape(text):
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")


def ours(base, requests):
    """The answers of filter_dump to many requests, each as a list of lines."""
    text = "".join(request + "\n" for request in requests)
    run = subprocess.run([DUMP, os.path.join(base, "filter.d")], input=text,
                         stdout=subprocess.PIPE, check=True, encoding="utf-8")
    answers = []
    for line in run.stdout.splitlines():
        key, value = line.split(" ", 1)
        if key == "name":
            answers.append({})
        else:
            answers[-1].setdefault(key, []).append(unescape(value))
    return [finished(answer) for answer in answers]


def finished(answer):
    if "error" in answer:
        return ["error", "# " + answer["error"][0]]
    answer["journalmatch"] = [shlex.join(shlex.split(value))
                              for value in answer.get("journalmatch", [])]
    return sorted(f"{option} {value}" for option, values in answer.items()
                  for value in numbered(values))


def same(got, want):
    return got[:1] == ["error"] == want[:1] or got == want


def compare(label, base):
    names = sorted(os.path.basename(path)[:-5]
                   for path in glob.glob(base + "/filter.d/*.conf"))
    failed = 0
    for name in names:
        answers = ours(base, [written(name, parameters) for parameters in PARAMETERS])
        wrong = []
        for parameters, got in zip(PARAMETERS, answers):
            want = oracle(base, name, parameters)
            if not same(got, want):
                wrong.append((parameters, got, want))
        print(("not ok " if wrong else "ok ") + f"{label} {name}")
        for parameters, got, want in wrong[:2]:
            print(f"#   parameters {parameters}")
            for line in [line for line in want if line not in got][:4]:
                print("#   fail2ban: " + repr(line)[:400])
            for line in [line for line in got if line not in want][:4]:
                print("#   ours:     " + repr(line)[:400])
        failed += bool(wrong)
    return failed


def main():
    logging.disable(logging.CRITICAL)
    try:
        import fail2ban  # noqa: F401
    except ImportError:
        print("skip filter_dialect # fail2ban is not installed")
        return 0
    failed = compare("twin", os.path.join(TOP, "tests/system/filter_dialect"))
    with tempfile.TemporaryDirectory() as base:
        os.symlink(os.path.join(TOP, "rules"), base + "/filter.d")
        failed += compare("shipped", base)
    if os.path.isdir(DEBIAN + "/filter.d"):
        failed += compare("debian", DEBIAN)
    else:
        print("skip debian # no " + DEBIAN + "/filter.d")
    return 1 if failed else 0


sys.exit(main())
