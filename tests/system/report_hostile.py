#!/usr/bin/python3
"""Two hundred hostile log lines and contact fields: each message has exactly the parts and
recipients that were meant, one line of evidence stays one, and a reader sees it escaped.
Then a few of each through the whole program, from a log and a registry's dump."""

import copy
import email
import email.policy
import glob
import gzip
import json
import os
import re

import report_fixtures as fixtures
from delivery_ground import HEXAGON, KILIMA, House, NORTHWIND

checks = fixtures.Checks()
ok = checks.ok
HEAD = "Nov 20 21:14:07 web1 sshd[3121]: "
CONTACT = "abuse@northwind-hosting.example"
TREACHEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e"
                         "\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def lines():
    """-> hostile log lines"""
    yield from ("--%s" % b for b in ("=_AAAA", "=_AAAA--", "", "-", "boundary42", "\r\n--x"))
    for end in ("\r\n", "\n", "\r", "\n\r", "\r\n\r\n", "\x0b", "\x0c", "\x85", "\u2028",
                "\u2029", "%0d%0a", "\\r\\n", "=0D=0A", "=\r\n"):
        yield "x%sBcc: victim@other.example" % end
        yield "x%s--=_AAAA%sContent-Type: text/html%s%s<b>hi</b>" % (end, end, end, end)
    for field in ("From", "To", "Cc", "Bcc", "Subject", "Content-Type: text/html",
                  "MIME-Version", "Return-Path", "Received", "DKIM-Signature",
                  "Content-Transfer-Encoding: base64", "X-XARF: SECURE", "Auto-Submitted"):
        yield "%s: <evil@other.example>" % field
        yield "\n%s: <evil@other.example>" % field
    for escape in ("[31mred", "[2J", "]0;title\x07", "]8;;http://x.example\x07x", "[6n",
                   "P+q", "c", "[?1049h", "[3;1H", "_x\x1b\\"):
        yield "\x1b" + escape
        yield "\x9b" + escape
    for code in (0x00, 0x01, 0x07, 0x08, 0x7f, 0x80, 0x9d, 0xad, 0x61c, 0x200b, 0x200e, 0x200f,
                 0x202a, 0x202b, 0x202d, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xfffe,
                 0xe0041):
        yield "a%sb" % chr(code)
    for html in ("<script>alert(1)</script>", "<img src=x onerror=y>", "</pre><h1>",
                 "<!--", "]]>", "<?php", "&lt;", "&#x1b;[31m", "javascript:x", "<a href='"):
        yield html
    for quoted in ("=41=42", "=3D", "=", "a=\n", "=?utf-8?q?x?=", "=?utf-8?b?eA==?=",
                   "=00", "==", "=E2=80=AE", "begin 644 x", ".", "..", "\n.\n", "From me",
                   ">From me", "\nFrom me", "# # #", "-- ", "-----BEGIN PGP SIGNATURE-----",
                   "- -----BEGIN"):
        yield quoted
    yield from ("x" + " " * 50, "\t\t\t", " " * 2000, "A" * 1000000, "\u00e4" * 400000,
                "\u202e" * 3000, "\x00" * 5000, "ab " * 60000, "\U0001f642" * 900,
                "%s%n%x%d" * 20, "${jndi:ldap://x}", "$(reboot)", "`reboot`", "; rm -rf /",
                "'; DROP TABLE report; --", "{host} {it} {port}", "\\x0d\\x0a", "\\",
                "\"", "'\"'", "\ud83d".encode("utf-8", "replace").decode(),
                "2026-11-21 02:14:07 +0000 | forged", "| | |", "All times are PDT (-0700).",
                "+4930123456", "-5987", "Source: 198.51.100.9", "Compromise:  yes")


ADDRESSES = (
    "a@b.example>", "<a@b.example", "a@b.example>,c@d.example", "a@b.example,c@d.example",
    "a@b.example;c@d.example", "a b@c.example", "a@b.example\r\nBcc: c@d.example",
    "a@b.example\nBcc: c@d.example", "a@b.example\x00", "-f@b.example", "-oQ/tmp@b.example",
    "--@b.example", "a@b.example> SIZE=1", "a@b.example> NOTIFY=NEVER ORCPT=rfc822;x",
    "a@b.example SMTPUTF8", "\"a b\"@c.example", "\"a\\\"b\"@c.example", "a@[192.0.2.1]",
    "@b.example", "a@", "a", "", "a@b@c.example", "a%b@c.example\r", "(x)a@b.example",
    "a@b.example (x)", ":a@b.example", "a:b;@c.example", "a@b..example\x1b",
    "\u202ea@b.example", "a@b\u200b.example", "a\t@b.example", "a@\u00e4.example",
    "<script>@b.example", "a@b.example\\", "a" * 300 + "@b.example", "=?utf-8?q?a?=@b.example >",
    "mailto:a@b.example", "a@b.example,", "a@b.example ",
)


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def faults_of(raw, kinds, fields=()):
    """What a message has that was not meant."""
    message = read(raw)
    got = [part.get_content_type() for part in message.walk()]
    faults = []
    if got != kinds:
        faults.append("parts: %s" % got)
    if [a.addr_spec for a in message["To"].addresses] != [CONTACT]:
        faults.append("To: %s" % message["To"])
    if set(message.keys()) - {"From", "To", "Subject", "Date", "Message-Id", "MIME-Version",
                              "Content-Type", "Content-Transfer-Encoding", *fields}:
        faults.append("headers: %s" % message.keys())
    if re.search(rb"(?<!\r)\n|\r(?!\n)|[^\x01-\x7f]|\r\nFrom ", raw):
        faults.append("bare line ends, 8 bits or From")
    if max(map(len, raw.split(b"\r\n"))) > 998:
        faults.append("a line over 998 bytes")
    faults += map(str, message.defects)
    for part in message.walk():
        faults += map(str, part.defects)
    memo = message.get_body().get_content().replace("\r\n", "\n")
    evidence = [line for line in memo.split("\n")
                if line.startswith("2026-11-21 02:14:07 +0000 | ")]
    if len(evidence) != 1:
        faults.append("%d lines of evidence" % len(evidence))
    if TREACHEROUS.search(memo):
        faults.append("not escaped: %r" % TREACHEROUS.search(memo).group(0))
    return faults


KINDS = {"xarf": ["multipart/mixed", "text/plain", "application/json"],
         "xarf-0.2": ["multipart/mixed", "text/plain", "text/plain", "text/plain"],
         "iodef": ["multipart/mixed", "text/plain", "application/xml"],
         "iodef-json": ["multipart/mixed", "text/plain", "application/json"],
         "csv": ["multipart/mixed", "text/plain", "text/csv"],
         "plain": ["text/plain"]}
OTHERS = ("iodef", "plain", "xarf-0.2", "iodef-json", "csv")
FIELDS_OF = {"xarf-0.2": ("X-XARF",)}


def hostile_lines():
    """Each line in X-ARF 4, every fourth in another format too."""
    wrong, count = [], 0
    for number, text in enumerate(lines()):
        case = copy.deepcopy(fixtures.fixture("login-attack"))
        case["sources"][0]["incidents"][0]["lines"] = [
            {"at": "2026-11-21T02:14:07Z", "text": HEAD + text, "user": ""}]
        case["format"] = "xarf" if number % 4 else OTHERS[number // 4 % len(OTHERS)]
        done = fixtures.try_render(case, "message")
        count += 1
        faults = ["exit %d: %s" % (done.returncode, done.stderr[:300])] \
            if done.returncode or done.stderr else faults_of(done.stdout,
                                                             KINDS[case["format"]],
                                                             FIELDS_OF.get(case["format"], ()))
        wrong += ["%r: %s" % (text[:60], fault) for fault in faults]
    ok("%d hostile lines: exactly the parts and recipients meant, escaped" % count,
       not wrong and count >= 160, *wrong)
    return count


def hostile_addresses():
    """What is no plain address is refused; nothing is ever sent to part of it."""
    taken = []
    for address in ADDRESSES:
        case = copy.deepcopy(fixtures.fixture("login-attack"))
        case["contact"]["address"] = address
        done = fixtures.try_render(case, "message")
        if done.returncode == 0:
            to = [a.addr_spec for a in read(done.stdout)["To"].addresses]
            taken.append("%r -> %s" % (address, to))
    ok("%d hostile contact fields are refused" % len(ADDRESSES), not taken, *taken)
    return len(ADDRESSES)


# ---- through the whole program ----

USERS = ("root\x1b[31m", "x\r", "Bcc:", "--=_AAAA", "=41=42", "<script>", "\u202egnp",
         "a>b@c.example", "From", "\U0001f642")
# registry's field, whom it may reach: the address that can be read in one way, or nobody
FIELDS = {
    NORTHWIND: ("abuse@northwind-hosting.corp> NOTIFY=NEVER", None),
    KILIMA: ("-oQ/tmp@kilima.corp", None),
    HEXAGON: ("abuse@hexagon-colo.corp, victim@other.corp", "abuse@hexagon-colo.corp"),
}


def edit(path, change):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        before = file.read()
    after = change(before)
    if after != before:
        with opener(path, "wb") as file:
            file.write(after)
    return after != before


def attached(folder):
    """-> the X-ARF reports of the mails in a folder"""
    for path in sorted(glob.glob(folder + "/*.eml")):
        with open(path, "rb") as file:
            for part in read(file.read()).walk():
                if part.get_content_type() == "application/json":
                    yield json.loads(part.get_content())


def whole_program():
    house = House("hostile")
    log = os.path.join(house.folder, "examples/logs/auth.log")
    with open(log, "rb") as file:
        known = re.search(rb"^(\S+ +\d+) (\d\d:\d\d:\d\d) (\S+) sshd\[\d+\]: Failed password "
                          rb"for root from (203\.0\.113\.77)", file.read(), re.M)
    with open(log, "ab") as file:
        for user in USERS:
            file.write(b"%s 22:59:00 %s sshd[9]: Failed password for %s from %s port 4 ssh2\n"
                       % (known.group(1), known.group(3), user.encode(), known.group(4)))
    house.draft()
    cases = house.cases()
    out = os.path.join(house.folder, "out")
    house.run("send", "--out", out, cases[NORTHWIND])
    wrong = []
    for path in sorted(glob.glob(out + "/*.eml")):
        with open(path, "rb") as file:
            message = read(file.read())
        kinds = [part.get_content_type() for part in message.walk()]
        if kinds != KINDS["xarf"] or [a.addr_spec for a in message["To"].addresses] != \
                [NORTHWIND] or message.defects or "Bcc" in message:
            wrong.append("%s: %s %s" % (path, kinds, message.items()))
        text = message.get_body().get_content().replace("\r\n", "\n")
        if TREACHEROUS.search(text):
            wrong.append("%s: %r" % (path, TREACHEROUS.search(text).group(0)))
    ok("hostile names in a log: exactly the mails, parts and recipients meant", not wrong and
       len(glob.glob(out + "/*.eml")) == 3, *wrong)
    shown = house.run("show", cases[NORTHWIND]).stdout.decode()
    unnamed = [part["source_identifier"] for part in attached(out)
               if part["source_identifier"] + ": xarf " not in shown]
    ok("show calls each part by the address in it", not unnamed, *unnamed)


def by_contact():
    """The format that the configuration has for a contact, and what show says of it."""
    house = House("by-contact")
    house.sets.append('contact "%s".format=iodef' % NORTHWIND)
    house.sets.append('contact "%s".format=xarf-0.2' % KILIMA)
    house.draft()
    cases = house.cases()
    out = os.path.join(house.folder, "out")
    house.run("send", "--out", out, cases[NORTHWIND])
    kinds = []
    for path in glob.glob(out + "/*.eml"):
        with open(path, "rb") as file:
            kinds.append([part.get_content_type() for part in read(file.read()).walk()])
    ok("the format of one contact", kinds == [KINDS["iodef"]] * 3, kinds)
    shown = house.run("show", cases[NORTHWIND]).stdout.decode()
    ok("show tells the parts", re.search(r"^Parts: ", shown, re.M) and
       "203.0.113.77: iodef 2.00\n" in shown, shown)
    shown = house.run("show", cases[KILIMA]).stdout.decode()
    ok("and why there is none", re.search(r": no xarf-0\.2: |: xarf-0\.2 login-attack", shown),
       shown)
    shown = house.run("show", cases[HEXAGON]).stdout.decode()
    ok("others have the default", ": xarf " in shown or ": no xarf: " in shown, shown)
    house.run("note", cases[NORTHWIND], "--tag", "[isp.example #7]")
    house.draft()
    subjects = house.rows("SELECT subject FROM report WHERE state = 'draft' AND kase = ?",
                          cases[NORTHWIND])
    ok("a tag that was noted stands in the subjects", len(subjects) == 3 and all(
        s[0].endswith("] [isp.example #7]") for s in subjects), subjects)


def hostile_registry():
    house = House("hostile-registry")
    changed = 0
    for path in glob.glob(house.folder + "/examples/**", recursive=True):
        if not os.path.isfile(path) or "/logs/" in path:
            continue
        for address, (field, _) in FIELDS.items():
            changed += edit(path, lambda text, a=address, f=field: text.replace(
                a.encode(), f.encode()))
    ok("the registry's dump was made hostile", changed >= 3, changed)
    house.draft()
    rows = house.rows("SELECT contact FROM kase")
    reached = {row[0] for row in rows}
    for address, (field, meant) in FIELDS.items():
        ok("registry says %r: %s" % (field, meant or "nobody"),
           (meant in reached if meant else True) and not any(
               word in contact for contact in reached
               for word in (">", " ", "NOTIFY", "-oQ", "victim")), reached)
    recipients = {line for row in house.rows("SELECT recipients FROM report")
                  for line in row[0].split("\n") if line}
    ok("no report goes to anybody else", all(re.fullmatch(
        r"[a-z0-9.+]+@[a-z0-9.-]+", one) for one in recipients) and
       "victim@other.corp" not in recipients, recipients)


count = hostile_lines() + hostile_addresses()
print("# %d lines and fields" % count)
ok("at least two hundred of them", count >= 200, count)
whole_program()
by_contact()
hostile_registry()
checks.exit()
