"""The analysers that tools/lint runs, file by file, two at once. Each function returns
what was found, or None. What is silenced stands in tools/suppressions.txt."""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import tempfile

import source

AT_ONCE = 2
PATHS = ["--extra-arg=" + word for word in (
    "-Xclang", "-analyzer-config", "-Xclang", "max-nodes=50000")]  # a quarter of the usual
FINDING = re.compile(r"^([^\s:][^:\n]*):(\d+):(?:\d+:)? (?:warning|error): (.*) "
                     r"\[(?:-W)?([\w.,=+-]+)\]$", re.M)


def output(argv, **more):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", **more)
    return done.returncode, done.stdout


def commands(folder):
    """-> {source file: compiler's words} of one build, ours alone"""
    with open(os.path.join(source.TOP, folder, "compile_commands.json")) as file:
        rows = json.load(file)
    found = {}
    for row in rows:
        path = os.path.join(row["directory"], row["file"])
        found[os.path.relpath(path, source.TOP)] = (row["directory"],
                                                    shlex.split(row["command"]))
    return found


def in_tree(path, folder):
    """clang-tidy writes some paths from the top and others from the build."""
    if path.startswith("../../"):
        path, folder = path[len("../../"):], source.TOP
    return os.path.relpath(os.path.normpath(os.path.join(folder, path)), source.TOP)


def collect(tool, names, analyse_one):
    """analyse_one(name) -> (folder that paths are relative to, status, text)"""
    check = source.Check(tool)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(analyse_one, names))
    seen = set()
    for name, (folder, status, text) in zip(names, results):
        findings = FINDING.findall(text)
        for path, line, what, kind in findings:
            where = "%s:%s" % (in_tree(path, folder), line)
            if (where, kind) not in seen:
                seen.add((where, kind))
                check.found(kind.split(",")[0], where, "%s [%s]" % (what, kind))
        if status != 0 and not findings:
            check.found("crash", name, text[-2000:])
    return said(check)


def said(check):
    check.end_silenced()
    return "\n".join(line for found in check.findings.values() for line in found) or None


def tidy():
    names = sorted(commands("build/fuzz"))

    def one(name):
        # Following every path is slow, and of tests it says little.
        less = PATHS if name.startswith("src/") else ["--checks=-clang-analyzer-*"]
        status, text = output(["clang-tidy", "--quiet", "-p", "build/fuzz", *less, name],
                              cwd=source.TOP)
        return source.TOP, status, text
    return collect("tidy", names, one)


def analyzer():
    """gcc's own; on src/ alone, since it is slow and tests may leak at their end."""
    rows = {name: row for name, row in commands("build/gcc").items()
            if name.startswith("src/")}

    def one(name):
        folder, words = rows[name]
        words = [word for word in words if word not in ("-Werror", "-O3")]
        words[words.index("-o") + 1] = "/dev/null"
        for flag in ("-MF", "-MQ"):
            at = words.index(flag)
            del words[at:at + 2]
        words.remove("-MD")
        status, text = output([*words, "-O1", "-fanalyzer", "-fdiagnostics-plain-output"],
                              cwd=folder)
        return folder, status, text
    return collect("analyzer", sorted(rows), one)


def cppcheck():
    def one(folder):
        status, text = output(
            ["cppcheck", "--quiet", "--std=c11", "--language=c", "-j", "2", "-Isrc",
             "-Itests/unit", "-DTIPOFF_VERSION=\"0\"", "-DTIPOFF_DATADIR=\"/\"",
             "--enable=warning,performance,portability", "--error-exitcode=1",
             "--suppress=missingIncludeSystem", "--max-configs=4",
             "--template={file}:{line}: warning: {message} [{id}]", folder],
            cwd=source.TOP)
        return source.TOP, status, text
    return collect("cppcheck", [folder for folder in ("src", "tests", "fuzz", "bench")
                                if any(name.startswith(folder + "/") for name
                                       in source.files(".c"))], one)


def coverage(target, runs):
    """-> (edges that so many runs of a fuzz target reach, what it printed)"""
    corpus = os.path.join(source.TOP, "fuzz/corpus", target)
    dictionary = os.path.join(source.TOP, "fuzz", target + ".dict")
    words = [os.path.join(source.TOP, "build/fuzz/fuzz", "fuzz_" + target),
             "-runs=%d" % runs, "-seed=1", "-max_total_time=20", "-print_final_stats=0"]
    if os.path.exists(dictionary):
        words.append("-dict=" + dictionary)
    with tempfile.TemporaryDirectory() as grown:  # the first folder gets what is found
        status, text = output([*words, grown, corpus], cwd=grown)
    reached = [int(n) for n in re.findall(r"cov: (\d+)", text)]
    return (max(reached, default=0) if status == 0 else -1), text


def exports():
    """Functions of the stages that no other file uses, tests included: static would do,
    or nobody needs them. src/base/ is a library and may hold its round number."""
    check = source.Check("exports")
    used, defined = {}, []
    for name, (folder, words) in commands("build/gcc").items():
        text = output(["nm", "-g", os.path.join(folder, words[words.index("-o") + 1])])[1]
        for kind, symbol in re.findall(r"^[0-9a-f ]+ ([A-Z]) (\w+)$", text, re.M):
            if kind == "U":
                used.setdefault(symbol, set()).add(name)
            elif kind == "T" and name.startswith("src/") and symbol != "main" \
                    and not name.startswith("src/base/"):
                defined.append((name, symbol))
    for name, symbol in sorted(defined):
        if symbol not in used:
            check.found(symbol, name, "no other file uses %s()" % symbol)
    return said(check)
