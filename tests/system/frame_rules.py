#!/usr/bin/python3
"""`rules test --frame`: no shipped rule names an innocent, whatever a peer writes; and
rules that were framed in the world are caught, so that the test is known to test."""

import json
import os
import pathlib
import subprocess
import tempfile

from stand import NOW, TIPOFF, TOP, check, environment, equal, need

EX_DATAERR = 65
LOST_PERCENT = 20

# Rules as they once were, written anew from what was published of each, a line that they
# read, and one that they ought to survive.
FRAMABLE = {
    "cve-2006-6302": (
        r"Failed password for .* from <HOST>",
        "Nov 20 10:00:01 web1 sshd[7]: Failed password for root from 203.0.113.77 port 4 ssh2"),
    "cve-2006-6301": (
        r"Invalid user \S+ from <HOST>",
        "Nov 20 10:00:01 web1 sshd[7]: Invalid user x from 203.0.113.77"),
    "cve-2007-4321": (
        r"User \S+ from <HOST> not allowed because",
        "Nov 20 10:00:01 web1 sshd[7]: User x from 203.0.113.77 not allowed because not "
        "listed in AllowUsers"),
    "cve-2013-2178": (
        r"[[]client <HOST>[]] user .* not found",
        "[Fri Nov 20 10:00:01 2026] [error] [client 203.0.113.77] user x not found: /"),
    "cve-2013-2178-uri": (
        r"[[]client <HOST>[]] Invalid URI in request",
        "[Fri Nov 20 10:00:01 2026] [error] [client 203.0.113.77] Invalid URI in request "
        "GET x"),
    "cve-2013-7176": (
        r"reject: RCPT from (.*)\[<HOST>\]: 554",
        "Nov 20 10:00:01 mail postfix/smtpd[7]: NOQUEUE: reject: RCPT from "
        "unknown[203.0.113.77]: 554 5.7.1 <a@b.example>: Relay access denied; "
        "from=<c@d.example> to=<a@b.example> proto=ESMTP helo=<x>"),
    "cve-2013-7177": (
        r"badlogin: .*\[<HOST>\]",
        "Nov 20 10:00:01 mail cyrus/imap[7]: badlogin: h.example [203.0.113.77] plaintext "
        "x SASL(-13): authentication failure"),
    "greedy-tail": (
        r"^\s*\S+ exampled\[\d+\]: login of .* from <HOST>.*$",
        "Nov 20 10:00:01 web1 exampled[7]: login of x from 203.0.113.77 refused"),
    "pair-anywhere": (
        r"authentication failure.* rhost=<HOST>\b",
        "Nov 20 10:00:01 web1 x[7]: pam_unix(x:auth): authentication failure; logname= "
        "uid=0 ruser=x rhost=203.0.113.77  user=root"),
}
# The same anchored: their authors' mends, or what should have been.
SOUND = {
    "anchored": (
        r"^\s*\S+ sshd\[\d+\]: Invalid user .* from <ADDR>$",
        "Nov 20 10:00:01 web1 sshd[7]: Invalid user x from 203.0.113.77"),
}


def frame(*words, seconds=280):
    done = subprocess.run([TIPOFF, "--now", NOW, "--json", "rules", "test", "--frame",
                           *map(str, words)], capture_output=True, text=True,
                          timeout=seconds, check=False, stdin=subprocess.DEVNULL,
                          env=environment(pathlib.Path(os.environ["TMPDIR"])))
    need(done.returncode in (0, EX_DATAERR), "status", done.returncode, done.stderr)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def shipped():
    status, rows = frame()
    names = {path.stem for path in (TOP / "rules").glob("*.conf")} - {"upstream"}
    equal({row["rule"] for row in rows}, names, "rules tried")
    total = {key: sum(row[key] for row in rows) for key in
             ("samples", "fields", "lines", "kept", "contested", "nothing", "framed",
              "names", "names_lost")}
    print("# %d rules, %d samples, %d different fields: %d forged lines" % (
        len(rows), total["samples"], total["fields"], total["lines"]))
    print("# %(kept)d keep the true source, %(contested)d are contested, %(nothing)d "
          "name nobody, %(framed)d an innocent" % total)
    print("# %(names)d odd user names, %(names_lost)d of them hide their source" % total)
    for row in rows:
        need(row["samples"], "no sample of %s was read" % row["rule"])
        equal(row["kept"] + row["contested"] + row["nothing"] + row["framed"],
              row["lines"], "lines of " + row["rule"])
        if row["names_lost"] * 100 > row["names"] * LOST_PERCENT:
            print("# %s loses the source of %d of %d odd user names" % (
                row["rule"], row["names_lost"], row["names"]))
    framed = ["%s names %s (read by %s): %s" % (row["rule"], row["named"], row["read_by"],
                                                 ascii(row["text"]))
              for row in rows if row["framed"]]
    need(not framed, "\n".join(framed))
    equal(status, 0, "status")
    need(total["lines"] > 100000, "too few lines were tried")


def foreign(cases, wanted):
    folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ["TMPDIR"]))
    log = folder / "lines.log"
    log.write_text("".join(line + "\n" for _, line in cases.values()), "utf-8")
    for name, (expression, _) in cases.items():
        (folder / (name + ".conf")).write_text(
            "[Definition]\nfailregex = %s\n" % expression.replace("%", "%%"), "utf-8")
    status, rows = frame("--log", log, *(folder / (name + ".conf") for name in cases))
    equal({row["rule"]: row["framed"] > 0 for row in rows},
          {name: wanted for name in cases}, "framed")
    for row in rows:
        need(row["samples"] and row["fields"], "nothing was tried on", row["rule"])
        equal(row["text"] is not None and row["named"] in row["text"], wanted, "its line")
    equal(status, EX_DATAERR if wanted else 0, "status")


def main():
    check("shipped rules name no innocent", shipped)
    check("framable rules are caught", foreign, FRAMABLE, True)
    check("an anchored one is not", foreign, SOUND, False)


main()
