#!/usr/bin/python3
"""Approved reports through a real mail server into a real mail store, signed by a real
key: each arrives once, as it was approved, and what is in it can be checked."""

import email
import email.policy
import hashlib
import json
import os
import subprocess

import delivery_servers
from delivery_key import Key
from delivery_ground import HEXAGON, KILIMA, NORTHWIND, TIPOFF, checks, drafted, message_id, ok
from xarf_schema import own_errors, validators

# Of the northwind case, by the beginning of the source. The web log of 203.0.113.99 tells
# no port, but the web is spoken over tcp.
TYPES = {"203.0.113.77": "login_attack", "2001:db8:7:1:": "login_attack",
         "203.0.113.99": "vulnerability_scan"}


def ends_as_approved(raw, approved):
    """Servers put lines in front; the message itself is what was approved."""
    return raw.endswith(approved) and b"\r\n\r\n" not in raw[:len(raw) - len(approved)]


def arrived(house, servers, to, count, way):
    approved = {i: m for i, m in house.approved().items() if b"To: " + to.encode() in m}
    mails = servers.mailbox(to, count)
    ok("%s: each report arrives once" % way, len(mails) == count and
       sorted(map(message_id, mails)) == sorted(approved), servers.logs())
    ok("%s: as it was approved" % way, all(
        ends_as_approved(m, approved[message_id(m)]) for m in mails), mails[0].decode())
    ok("%s: bounces go to the envelope sender" % way, all(
        email.message_from_bytes(m)["Return-Path"] == sender(house, m) for m in mails),
       [email.message_from_bytes(m)["Return-Path"] for m in mails])
    return mails


def sender(house, mail):
    """The plus-address, where one is set: it is Reply-To as well."""
    reply = email.message_from_bytes(mail)["Reply-To"]
    return "<%s>" % (reply or "maria@harbour-books.corp")


def good_signature(key, mails, way):
    for mail in mails:
        status = key.verify(mail)
        ok("%s: gpg finds the signature good" % way, b"GOODSIG" in status and
           key.fingerprint.encode() in status, status.decode())
    broken = mails[0].replace(b"Good day", b"Good dog")
    ok("%s: and a changed one bad" % way, b"BADSIG" in key.verify(broken))


def xarf(mails):
    schemas = validators()
    found = {}
    for mail in mails:
        for part in email.message_from_bytes(mail, policy=email.policy.default).walk():
            if part.get_content_type() != "application/json":
                continue
            report = json.loads(part.get_content())
            found[report["source_identifier"]] = report["type"]
            problems = list(own_errors(report))
            for errors in schemas.values():
                problems += errors(report)
            ok("x-arf part about " + report["source_identifier"], not problems, *problems)
    kinds = {begin: kind for source, kind in found.items() for begin in TYPES
             if source.startswith(begin)}
    ok("each has the type expected of it, and no other is there",
       kinds == TYPES and len(found) == len(TYPES), found)


def by_sendmail(servers, key):
    house, cases = drafted("sendmail")
    house.env["GNUPGHOME"] = key.home
    house.sets = ["send.sendmail=" + servers.sendmail, "reporter.key=" + key.fingerprint,
                  "send.plus=maria+%t@harbour-books.corp"]
    house.draft()
    house.came_back("maria+%t@harbour-books.corp")
    house.run("approve", cases[NORTHWIND])
    house.send()
    house.send()
    mails = arrived(house, servers, NORTHWIND, 3, "sendmail")
    ok("sendmail: the plus-address is the envelope sender", all(
        b"maria+" + token_of(m) + b"@" in m.split(b"\r\n")[0] for m in mails),
       mails[0].split(b"\r\n")[0])
    good_signature(key, mails, "sendmail")
    xarf(mails)


def token_of(mail):
    subject = email.message_from_bytes(mail, policy=email.policy.default)["Subject"]
    return subject.rsplit("[", 1)[1].rstrip("]").lower().encode()


def submission(house, servers):
    password = os.path.join(house.folder, "password")
    with open(password, "w", encoding="ascii") as file:
        file.write("open sesame\n")
    os.chmod(password, 0o600)
    house.sets = ["send.method=smtp", "send.smtp-user=maria",
                  "send.smtp-password-file=" + password,
                  "send.smtp-url=smtp://mail.harbour-books.corp:587",
                  "look-up.ca-file=" + servers.authority,
                  "look-up.connect-to=mail.harbour-books.corp:587:127.0.0.1:%d"
                  % servers.smtp]
    return password


def online(house):
    """--offline forbids submission, so it is not given here."""
    whole = house.argv
    house.argv = lambda *words: [w for w in whole(*words) if w != "--offline"]


def by_submission(servers, key):
    house, cases = drafted("submission")
    house.env["GNUPGHOME"] = key.home
    password = submission(house, servers)
    house.run("approve", cases[HEXAGON], cases[KILIMA])
    done = house.send(code=77)
    ok("--offline submits nothing", house.states() == ["ready"] * 3, done)
    online(house)
    os.chmod(password, 0o644)
    done = house.send(code=78)
    ok("a password that others can read is refused", b"chmod 600" in done.stderr, done)
    os.chmod(password, 0o600)
    house.send()
    mails = arrived(house, servers, HEXAGON, 1, "submission")
    arrived(house, servers, KILIMA, 2, "submission of two")
    ok("submission: by a password over TLS", b"esmtpsa" in mails[0], mails[0].decode())
    ok("submission: a table of the sources is in it", b"sources.csv" in mails[0])
    house.send()
    ok("submission: nothing goes twice", len(servers.fetch(HEXAGON)) == 1)
    answer = house.rows("SELECT answer FROM outbox LIMIT 1")[0][0]
    ok("submission: the server's own words are kept", "OK id=" in answer, answer)


def refusals(servers):
    """Each stays with us and says why; nothing arrives."""
    rows = (
        ("a wrong certificate", ["look-up.ca-file=/etc/ssl/certs/ca-certificates.crt"],
         "failed", 69),
        ("a wrong password", ["send.smtp-user=mary"], "failed", 69),
        ("nobody there", ["send.smtp-url=smtp://mail.harbour-books.corp:588",
                          "look-up.connect-to=mail.harbour-books.corp:588:127.0.0.1:9"],
         "deferred", 75),
    )
    for name, sets, state, code in rows:
        house, cases = drafted("refusals")
        submission(house, servers)
        online(house)
        house.sets += sets
        house.run("approve", cases[HEXAGON])
        done = house.send(code=code)
        ok("%s: %s" % (name, state), house.states() == [state], done)
        print("# " + house.rows("SELECT answer FROM outbox")[0][0])
        ok("%s: the case is approved still" % name,
           house.case_state(cases[HEXAGON]) == "approved")
    for box, state, code in (("later", "deferred", 75), ("never", "failed", 69)):
        house, cases = drafted("refusals")
        submission(house, servers)
        online(house)
        subprocess.run(["sqlite3", house.store,
                        "UPDATE report SET recipients = '%s@kilima.corp'" % box],
                       check=True)
        house.run("approve", cases[HEXAGON])
        done = house.send(code=code)
        ok("the server says %s: %s" % (box, state), house.states() == [state], done)
    ok("nothing of it arrived", len(servers.fetch(HEXAGON)) == 1)


# What mail servers are known to change, in a memo that a person edited.
ODD = ("From here on: a line that mboxes quote\n", "From\n", ">From quoted already\n",
       "eight bits: Gr\u00fc\u00dfe aus K\u00f6ln, \u041f\u0440\u0438\u0432\u0435\u0442\n", "an emoji \U0001f419 in a log line\n",
       "blanks behind   \n", "a tab behind\t\n", ".\n", ".. two dots\n",
       "=41 and =\n", "long: " + "x" * 3000 + " end\n", "- -- dashes\n")
EDITOR = """#!/usr/bin/python3
import sys
with open(sys.argv[-1], encoding="utf-8") as file:
    text = file.read()
with open(sys.argv[-1], "w", encoding="utf-8") as file:
    file.write(text + "\\n" + %a)
"""


def by_gmime(mail):
    """-> (parts as (type, length, digest), recipients, subject), as GMime's parser has it"""
    out = subprocess.run([os.path.join(os.path.dirname(TIPOFF), "tests/unit/read_mail")],
                         input=mail, stdout=subprocess.PIPE, check=True).stdout.decode()
    *parts, to, subject = out.rstrip("\n").split("\n")
    return [tuple(part.split(" ")) for part in parts], to[4:], subject[9:]


def by_python(mail):
    message = email.message_from_bytes(mail, policy=email.policy.default)
    parts = []
    for part in message.walk():
        if not part.is_multipart():
            body = part.get_payload(decode=True)
            parts.append((part.get_content_type(), str(len(body)),
                          hashlib.sha256(body).hexdigest()))
    return parts, message["To"], message["Subject"]


def odd_lines(servers, key):
    """Signed, by exim, into dovecot, out by IMAP: each line as it was written."""
    house, cases = drafted("odd")
    house.env["GNUPGHOME"] = key.home
    house.sets = ["send.sendmail=" + servers.sendmail, "reporter.key=" + key.fingerprint]
    house.draft()
    editor = os.path.join(house.folder, "editor")
    with open(editor, "w", encoding="utf-8") as file:
        file.write(EDITOR % "".join(ODD))
    os.chmod(editor, 0o755)
    house.run("edit", cases[HEXAGON], env={"VISUAL": editor})
    house.run("approve", "--despite-lint", cases[HEXAGON])
    before = servers.fetch(HEXAGON)
    house.send()
    [mail] = [m for m in servers.mailbox(HEXAGON, len(before) + 1) if m not in before]
    ok("odd lines: as it was approved", ends_as_approved(
        mail, house.approved()[message_id(mail)]))
    good_signature(key, [mail], "odd lines")
    text = next(part.get_content() for part in email.message_from_bytes(
        mail, policy=email.policy.default).walk() if part.get_content_type() == "text/plain")
    memo = house.rows("SELECT memo FROM report WHERE state = 'approved'")[0][0]
    missing = [line for line in ODD if "\n" + line.rstrip() + "\n" not in memo]
    ok("odd lines: blanks at an end are not kept, all else is", not missing, *missing)
    ok("odd lines: each arrives letter by letter", text.replace("\r\n", "\n") == memo,
       text, memo)
    seen, found = by_gmime(mail), by_python(mail)
    ok("odd lines: GMime and Python find the same parts, recipients and subject",
       seen == found and len(seen[0]) > 2 and seen[1] == HEXAGON, seen, found)


lacks = delivery_servers.lacking()
if lacks:
    print("skip delivery by real servers # %s is not installed" % lacks)
else:
    with delivery_servers.Servers() as servers, Key() as key:
        by_sendmail(servers, key)
        by_submission(servers, key)
        refusals(servers)
        odd_lines(servers, key)
checks.exit()
