#!/usr/bin/python3
"""The manual knows every command, option, key and default of the program, and nothing
that the program does not. An option that nobody documented fails here."""

import os
import re
import shutil
import subprocess

TIPOFF, TOP = os.environ["TIPOFF"], os.environ["TOP"]


def say(name, wrong):
    for line in wrong:
        print("# " + line)
    print("%s %s" % ("not ok" if wrong else "ok", name))


def text(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def help_of(*words):
    return subprocess.run([TIPOFF, *words, "--help"], capture_output=True, text=True,
                          check=True, stdin=subprocess.DEVNULL).stdout


def options_of(help_text, title):
    """-> {"held": None, "source": "SOURCE"} of one block of --help."""
    block = re.search(r"^%s:\n((?:  .*\n)+)" % re.escape(title), help_text, re.M)
    if not block:
        return {}
    rows = re.findall(r"^ +(?:-(\w), )? *--([\w-]+)(?: ([^\s]+)|(\[=\S+\]))?  ",
                      block.group(1), re.M)
    further = re.findall(r"^ {37}\S", block.group(1), re.M)  # of a text over two lines
    assert len(rows) + len(further) == block.group(1).count("\n"), block.group(1)
    return {name: (letter, value or maybe) for letter, name, value, maybe in rows}


def parts_of(page):
    """-> {title: text} of a page's sections and subsections."""
    found = re.split(r"^\.(?:Sh|Ss) (.*)\n", text("man", page), flags=re.M)[1:]
    return dict(zip(found[::2], found[1::2]))


def documented(part):
    """-> {"held": ("", "")} of the .It lines with Fl Fl."""
    rows = re.findall(r"^\.It (?:Fl (\w) , )?Fl Fl ([\w-]+)"
                      r"(?: Ar (\S+)| Ns Op Li = Ns Ar (\S+))?$", part, re.M)
    return {name: (letter, value or (maybe and "[=%s]" % maybe))
            for letter, name, value, maybe in rows}


def difference(what, program, manual):
    wrong = ["%s --%s: %s in --help, %s in the manual" %
             (what, name, program.get(name), manual.get(name))
             for name in sorted(program.keys() | manual.keys())
             if program.get(name) != manual.get(name)]
    return wrong


def options():
    page = parts_of("tipoff.1")
    everything = help_of()
    block = re.search(r"\nCommands:\n((?:  .*\n)+)", everything).group(1)
    commands = re.findall(r"^  (\w+) ", block, re.M)
    known = [title for title in page if re.match(r"[a-z]+$", title)]
    say("every command has its part of the manual",
        ["%s: only in one of them" % name for name in sorted(set(commands) ^ set(known))])
    say("options of every command", difference(
        "common", options_of(everything, "Options of every command"),
        documented(page["OPTIONS OF EVERY COMMAND"])))
    for name in commands:
        say("options of " + name, difference(
            name, options_of(help_of(name), "Options"), documented(page.get(name, ""))))


def schema():
    """-> {(section, key): default} from the rows of the source."""
    source = text("src", "conf", "schema.c")
    source = re.sub(r"^#define(?:.*\\\n)*.*\n", "", source, flags=re.M)
    rows = {}
    macros = {"TEXT": None, "COUNT": 2, "DURATION": 2, "BOOL": 0}
    for kind, section, key, rest in re.findall(
            r"\b(TEXT|COUNT|DURATION|BOOL)\(\s*\"([\w-]+)\", \"([\w-]+)\", (.*?)\"[^\"]*\"\)"
            r"(?=,\n)", source, re.S):
        words = re.findall(r'"([^"]*)"', rest)
        rows[section, key] = words[0] if macros[kind] is not None else ""
    for section, key, default in re.findall(
            r"\{ \"([\w-]+)\", \"([\w-]+)\", SCHEMA_\w+, AT(?:_CONTACT)?\(\w+\), 0, 0,\s+"
            r"\"([^\"]*)\"",
            source):
        rows[section, key] = default
    assert len(rows) == len(re.findall(r"\bAT(?:_CONTACT)?\(", source)) + len(
        re.findall(r"\b(?:TEXT|COUNT|DURATION|BOOL)\(", source)), len(rows)
    return rows


def keys_of(part):
    """-> {key: default} of a section of the manual."""
    rows = re.split(r"^\.It Cm ([\w-]+)\n", part, flags=re.M)[1:]
    found = {}
    for key, words in zip(rows[::2], rows[1::2]):
        default = re.search(r"default:\n\.Li (.+?)(?: \.)?\n", words)
        found[key] = default.group(1) if default else ""
    return found


def keys():
    page = parts_of("tipoff.conf.5")
    rows = schema()
    sections = {section for section, _ in rows} | {"hosts"}
    titles = {title for title in page if re.match(r"[a-z-]+$", title)}
    say("every section is in the manual", sorted(sections ^ titles))
    for section in sorted(sections - {"hosts"}):
        want = {key: default for (of, key), default in rows.items() if of == section}
        got = keys_of(page.get(section, ""))
        say("keys of [%s]" % section,
            ["%s: default %r in the schema, %r in the manual" %
             (key, want.get(key), got.get(key))
             for key in sorted(want.keys() | got.keys()) if want.get(key) != got.get(key)])


def names():
    """Functions, structs, files, tables and fuzz targets that docs/architecture.md names
    are there."""
    words = text("docs", "architecture.md")
    code = ""
    for folder, _, files in os.walk(os.path.join(TOP, "src")):
        code += "".join(text(folder, name) for name in files)
    wrong = ["%s()" % name for name in re.findall(r"`(\w+)\(\)`", words)
             if not re.search(r"\b%s\(" % name, code)]
    wrong += ["struct " + name for name in re.findall(r"`struct (\w+)`", words)
              if not re.search(r"struct %s \{" % name, code)]
    for path in re.findall(r"`((?:[\w-]+/)+[\w.-]*)`", words):
        if not any(os.path.exists(os.path.join(TOP, top, path)) for top in ("", "src")):
            wrong.append(path)
    tables = re.search(r"^\| table .*?\n\n", words, re.M | re.S).group(0)
    made = set(re.findall(r"^CREATE TABLE (\w+)", code, re.M))
    told = set(re.findall(r"`(\w+)`", tables))
    wrong += ["table " + name for name in sorted(made ^ told)]
    fuzzed = {name[:-2] for name in os.listdir(os.path.join(TOP, "fuzz"))
              if name.endswith(".c")}
    wrong += ["fuzz target " + name for name in sorted(fuzzed)
              if "`%s`" % name not in words]
    say("architecture.md names what there is", wrong)


def first_change():
    """The rule that CONTRIBUTING.md begins with is right as it stands there."""
    block = re.search(r"^   ```ini\n(.*?)^   ```", text("CONTRIBUTING.md"), re.M | re.S)
    folder = os.path.join(os.environ["TMPDIR"], "rules")
    shutil.copytree(os.path.join(TOP, "rules"), folder)
    with open(os.path.join(folder, "exampled.conf"), "w", encoding="utf-8") as file:
        file.write(re.sub("^   ", "", block.group(1), flags=re.M))
    done = subprocess.run([TIPOFF, "rules", "test", "--samples", "--rules", "exampled"],
                          capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL,
                          env=dict(os.environ, TIPOFF_RULES=folder))
    say("the first change of CONTRIBUTING.md works", []
        if done.stdout == "10 samples right, 0 wrong\n"
        else (done.stdout + done.stderr).splitlines())


def same(line):
    """A line without what differs from run to run: names of cases, tokens, blanks."""
    return " ".join(re.sub(r"\b(?=\w*[A-Z])[A-Z0-9]{5}\b", "CASE", line).split())


def shown():
    """What README.md shows is what the examples give, but for what it leaves out."""
    block = re.search(r"^```\n\$ tipoff draft.*?\n(.*?)^```", text("README.md"),
                      re.M | re.S).group(1)
    done = subprocess.run(
        [TIPOFF, "--config", "examples/tipoff.conf", "--store",
         os.path.join(os.environ["TMPDIR"], "shown.db"), "--now", "2026-11-21T06:00:00Z",
         "draft", "--offline", "--show", "examples/logs"],
        cwd=TOP, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    real = {same(line) for line in done.stdout.splitlines()}
    say("README.md shows the real output",
        [line for line in block.splitlines()
         if line.strip() != "[...]" and same(line) not in real])


options()
keys()
names()
first_change()
shown()
