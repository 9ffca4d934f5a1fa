#!/usr/bin/python3
"""Whole messages, read again by Python's email package: exactly the parts, headers and
recipients that were meant, whatever stands in logs, names and settings; and signatures
that gpg finds good, made by a key of the moment."""

import copy
import email
import email.policy
import os
import re
import shutil
import subprocess
import tempfile

import report_fixtures as fixtures

checks = fixtures.Checks()
HEADERS = ["From", "To", "Subject", "Date", "Message-Id", "MIME-Version", "Content-Type"]
CONTACT = "abuse@northwind-hosting.example"


def case_with(text=None, user="", **settings):
    case = copy.deepcopy(fixtures.fixture("login-attack"))
    case["settings"].update(settings)
    if text is not None:
        lines = case["sources"][0]["incidents"][0]["lines"]
        lines[:] = [{"at": "2026-11-21T02:14:07Z", "text": text, "user": user}]
    return case


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def parts_of(message):
    return [(part.get_content_type(), part.get_filename())
            for part in message.iter_parts()]


def bare_ends(raw):
    """Line ends that are not CR LF."""
    return len(re.findall(rb"(?<!\r)\n|\r(?!\n)", raw))


def intact(name, case, headers=None):
    """The message has what was meant and nothing else; -> it"""
    raw = fixtures.render(case, "message")
    message = read(raw)
    problems = []
    if sorted(message.keys()) != sorted(headers or HEADERS):
        problems.append("headers: %s" % message.keys())
    if [a.addr_spec for a in message["To"].addresses] != [CONTACT]:
        problems.append("To: %s" % message["To"])
    if [a.addr_spec for a in message["From"].addresses] != ["maria@harbour-books.example"]:
        problems.append("From: %s" % message["From"])
    if parts_of(message) != [("text/plain", None), ("application/json", "xarf-1.json")]:
        problems.append("parts: %s" % parts_of(message))
    if bare_ends(raw):
        problems.append("%d line ends that are not CR LF" % bare_ends(raw))
    if max(map(len, raw.split(b"\r\n"))) > 998:
        problems.append("a line over 998 bytes")
    if re.search(rb"[ \t]\r\n", raw):
        problems.append("trailing blanks")
    if b"\0" in raw or re.search(rb"[^\x01-\x7f]", raw):
        problems.append("not 7 bits wide")
    for part in message.iter_parts():
        problems += map(str, part.defects)
    memo = fixtures.render(case, "memo").decode()
    got = message.get_body().get_content().replace("\r\n", "\n")
    if got != memo:
        problems.append("the text part is not the memo:\n" + got)
    checks.ok(name, not problems and not message.defects, *problems, *message.defects)
    return message


def evidence(name, text, must=None, never=()):
    """A hostile line: one line of evidence it stays, and the mail stays whole."""
    case = case_with(text)
    message = intact("evidence: " + name, case)
    memo = message.get_body().get_content().replace("\r\n", "\n")
    lines = [line for line in memo.split("\n") if line.startswith("2026-11-21 02:14:07 +0000 | ")]
    holds = len(lines) == 1 and (must is None or must in lines[0]) and \
        not any(n in memo for n in never)
    checks.ok("evidence as one line: " + name, holds, repr(lines), repr(memo))


def hostile_evidence():
    head = "Nov 20 21:14:07 web1 sshd[3121]: "
    evidence("CR LF", head + "x\r\nBcc: victim@other.example\r\n\r\nbody",
             "\\x0d\\x0aBcc: user-")
    evidence("NUL", head + "a\0b", "a\\x00b", ["\0"])
    evidence("escape sequence", head + "\x1b[31mred\x1b[0m", "\\x1b[31m", ["\x1b"])
    evidence("bidi", head + "\u202egnp.exe", "\\u{202e}", ["\u202e"])
    evidence("emoji", head + "\U0001f642 hello", "\U0001f642")
    evidence("8 bit text", head + "Größe zählt", "Größe zählt")
    evidence("long line", head + "A" * 5000)
    evidence("long word of 8 bits", head + "ä" * 3000)
    evidence("trailing blanks", head + "x" + " " * 40)
    evidence("MIME boundary", head + "--=_AAAA\r\nContent-Type: text/html")
    evidence("equals signs", head + "a==b =3D =\tc")


def from_line():
    """A memo line that begins with "From " is the same behind every mail store."""
    case = case_with(about="From " * 60)
    memo = fixtures.render(case, "memo").decode()
    checks.ok("the letter has lines that begin with From", "\nFrom From" in memo, memo)
    intact("From in the letter", case)
    checks.ok("no line of the mail begins with From",
              b"\r\nFrom " not in fixtures.render(case, "message"))


def hostile_settings():
    for name, value in (("CR LF", "Evil\r\nBcc: victim@other.example"),
                        ("LF", "Evil\nX-Spam: no"), ("NUL", "Evil\0x"),
                        ("bidi", "Evil\u202e")):
        done = fixtures.try_render(case_with(name=value), "message")
        checks.ok("refused as sender's name: " + name,
                  done.returncode == 1 and b"RFC 5322" in done.stderr, done)
    for name, value in (("umlaut", "Jörg Müller"), ("emoji", "Maria \U0001f4da Keller"),
                        ("quotes", 'Maria "M" <m@x.example>, Keller'),
                        ("encoded word", "=?utf-8?q?a?="), ("long", "Maria " * 60),
                        ("comma", "Keller, Maria")):
        message = intact("sender's name: " + name, case_with(name=value))
        got = message["From"].addresses[0].display_name
        checks.ok("sender's name comes back: " + name,
                  got.split() == value.split() or name == "encoded word", got)
    for value in ("maria@x.example, b@y.example", "maria@x.example>", "a b@x.example",
                  "maria@x.example\r\nBcc: b@y.example", "-oQ/tmp@x.example", "@x.example"):
        done = fixtures.try_render(case_with(mail=value), "message")
        checks.ok("refused as an address: %r" % value, done.returncode == 1, done)
        case = case_with()
        case["contact"]["address"] = value
        done = fixtures.try_render(case, "message")
        checks.ok("refused as a recipient: %r" % value, done.returncode == 1, done)
    intact("organisation with line ends",
           case_with(organisation="Books\r\n\r\n--=_x\r\nContent-Type: text/html"))
    message = intact("umlauts in the letter", case_with(organisation="Bücher & Söhne"))
    checks.ok("charset is utf-8", message.get_body().get_content_charset() == "utf-8")


def plain_headers():
    raw = fixtures.render(case_with(), "message")
    message = read(raw)
    for header in ("Auto-Submitted", "Precedence", "X-Mailer", "User-Agent",
                   "List-Unsubscribe", "Bcc", "Cc"):
        checks.ok("no " + header, header not in message)
    checks.ok("the date is the given one", message["Date"] ==
              "Sat, 21 Nov 2026 08:00:00 +0000", message["Date"])
    checks.ok("the message id is the given one",
              message["Message-ID"] == "<tk7q2.1@harbour-books.example>")
    checks.ok("the same facts, the same bytes",
              raw == fixtures.render(case_with(), "message"))
    intact("with an address for replies", case_with(plus="maria+%t@harbour-books.example"),
           HEADERS + ["Reply-To"])
    message = read(fixtures.render(case_with(plus="maria+%t@harbour-books.example"),
                                   "message"))
    checks.ok("replies carry the token",
              message["Reply-To"] == "maria+tk7q2@harbour-books.example")
    message = read(fixtures.render(fixtures.fixture("twelve"), "message"))
    checks.ok("twelve sources: text, table, ten parts",
              [t for t, _ in parts_of(message)] ==
              ["text/plain", "text/csv"] + ["application/json"] * 10, parts_of(message))


def wide():
    case = case_with()
    case["wide"] = ["noc@northwind-hosting.example", CONTACT.upper(),
                    "billing@northwind-hosting.example"]
    message = read(fixtures.render(case, "message"))
    got = [a.addr_spec for a in message["To"].addresses]
    checks.ok("the wider list stands in To, each address once",
              got == [CONTACT, case["wide"][0], case["wide"][2]], got)
    text = " ".join(message.get_body().get_content().split())
    checks.ok("the letter fits all of them",
              "You are listed as a responsible party of this range" in text, text)
    checks.ok("the letter names no recipient", "@northwind" not in text, text)


def gpg(home, *arguments, **more):
    return subprocess.run(["gpg", "--homedir", home, "--batch", "--yes", *arguments],
                          capture_output=True, timeout=60, **more)


def signed(home, env):
    gpg(home, "--passphrase", "", "--quick-gen-key", "Maria <maria@harbour-books.example>",
        "ed25519", "sign", "never")
    listing = gpg(home, "--with-colons", "--list-secret-keys").stdout.decode()
    key = re.search(r"^fpr:+([0-9A-F]{40}):", listing, re.M).group(1)
    for name, case in (("plain", case_with(key=key)),
                       ("umlauts, blanks and From", case_with(
                           "x \u00e4  From here  ", key=key, about="shop.  From here ")),
                       ("one part only", case_with(key=key, mail="maria@h.example"))):
        raw = fixtures.render(case, "message", env=env)
        verify(home, name, raw)
    done = fixtures.try_render(case_with(key="0123456789ABCDEF"), "message", env=env)
    checks.ok("a missing key says what to do", done.returncode == 1 and
              b"no secret key" in done.stderr and b"--list-secret-keys" in done.stderr, done)
    memo = fixtures.render(case_with(key=key), "memo", env=env).decode()
    checks.ok("the memo shows the fingerprint",
              "Fingerprint: " + key[:4] + " " + key[4:8] in memo, memo[-300:])
    memo = fixtures.render(case_with(key=key, wkd=True, mail="Joe.Doe@example.example"),
                           "memo", env=env).decode()
    checks.ok("and where the key lies in the Web Key Directory",
              "https://example.example/.well-known/openpgpkey/hu/"
              "iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe\n" in memo, memo[-400:])
    memo = fixtures.render(case_with(key=key, wkd=True, mail="Joe.Doe@example.example"),
                           "memo", env=env).decode()
    checks.ok("and where the key lies in the Web Key Directory",
              "https://example.example/.well-known/openpgpkey/hu/"
              "iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe\n" in memo, memo[-400:])


def locked(home, env):
    """A key behind a passphrase and nobody to ask: a sentence, not silence."""
    gpg(home, "--pinentry-mode", "loopback", "--passphrase", "secret", "--quick-gen-key",
        "Locked <locked@harbour-books.example>", "ed25519", "sign", "never")
    listing = gpg(home, "--with-colons", "--list-secret-keys", "locked@").stdout.decode()
    key = re.search(r"^fpr:+([0-9A-F]{40}):", listing, re.M).group(1)
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False)
    with open(os.path.join(home, "gpg-agent.conf"), "w", encoding="ascii") as file:
        file.write("pinentry-program /bin/false\n")
    done = fixtures.try_render(case_with(key=key), "message", env=env)
    checks.ok("a locked key says what to do", done.returncode == 1 and
              b"cannot sign" in done.stderr, done)


def verify(home, name, raw):
    message = read(raw)
    checks.ok("RFC 3156 shape: " + name,
              message.get_content_type() == "multipart/signed" and
              message.get_param("protocol") == "application/pgp-signature" and
              [p.get_content_type() for p in message.iter_parts()] ==
              ["multipart/mixed", "application/pgp-signature"], message.as_string()[:800])
    boundary = b"\r\n--" + message.get_boundary().encode()
    start = raw.index(boundary) + len(boundary) + 2
    part = raw[start:raw.index(boundary, start)]
    signature = list(message.iter_parts())[1].get_content()
    if isinstance(signature, str):
        signature = signature.encode()
    paths = [os.path.join(home, n) for n in ("part.asc", "part")]
    for path, content in zip(paths, (signature, part)):
        with open(path, "wb") as file:
            file.write(content)
    done = gpg(home, "--status-fd", "1", "--verify", *paths)
    checks.ok("gpg finds it good: " + name, b"GOODSIG" in done.stdout, done)
    digest = re.search(rb"VALIDSIG (\S+ ){7}(\d+)", done.stdout)
    names = {b"8": "pgp-sha256", b"9": "pgp-sha384", b"10": "pgp-sha512"}
    checks.ok("micalg is the hash that was used: " + name, digest and
              message.get_param("micalg") == names.get(digest.group(2)), done.stdout)
    checks.ok("signed text is 7 bits, without trailing blanks or From: " + name,
              not re.search(rb"[\x80-\xff]|[ \t]\r\n|\r\nFrom ", part))
    with open(paths[1], "ab") as file:
        file.write(b"x")
    done = gpg(home, "--status-fd", "1", "--verify", *paths)
    checks.ok("a changed byte is found: " + name, b"BADSIG" in done.stdout)


SMIME = """Key-Type: RSA
Key-Length: 2048
Key-Usage: sign
Serial: random
Name-DN: CN=Maria Keller,O=Harbour Books
Name-Email: maria@harbour-books.example
Hash-Algo: SHA256
Expire-Date: 2036-01-01
"""
# gpgsm makes no key without a passphrase: this one says it whenever it is asked
PINENTRY = """#!/bin/sh
echo OK
while read -r word rest; do
	case $word in
	GETPIN) echo "D open sesame" ;;
	BYE) echo OK; exit ;;
	esac
	echo OK
done
"""


def gpgsm(home, *arguments, **more):
    return subprocess.run(["gpgsm", "--homedir", home, "--batch", "--yes", *arguments],
                          capture_output=True, timeout=120, check=False, **more)


def certified(home, env):
    """S/MIME by a certificate of the moment: openssl reads it, which did not make it."""
    pinentry = os.path.join(home, "pinentry")
    with open(pinentry, "w", encoding="ascii") as file:
        file.write(PINENTRY)
    os.chmod(pinentry, 0o700)
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False)
    with open(os.path.join(home, "gpg-agent.conf"), "w", encoding="ascii") as file:
        file.write("pinentry-program %s\n" % pinentry)
    made = gpgsm(home, "--gen-key", input=SMIME.encode())
    gpgsm(home, "--import", input=made.stdout)
    listing = gpgsm(home, "--with-colons", "--list-secret-keys").stdout.decode()
    key = re.search(r"^fpr:+([0-9A-F]{40}):", listing, re.M).group(1)
    with open(os.path.join(home, "trustlist.txt"), "w", encoding="ascii") as file:
        file.write(key + " S relax\n")
    with open(os.path.join(home, "gpgsm.conf"), "w", encoding="ascii") as file:
        file.write("disable-crl-checks\n")
    raw = fixtures.render(case_with("x \u00e4 From  ", certificate=key), "message", env=env)
    message = read(raw)
    checks.ok("RFC 8551 shape", message.get_content_type() == "multipart/signed" and
              message.get_param("protocol") == "application/pkcs7-signature" and
              message.get_param("micalg") == "sha-256" and
              [p.get_content_type() for p in message.iter_parts()] ==
              ["multipart/mixed", "application/pkcs7-signature"], message.as_string()[:700])
    path = os.path.join(home, "signed.eml")
    for name, content, good in (("good", raw, True),
                                ("changed", raw.replace(b"Good day", b"Good dog"), False)):
        with open(path, "wb") as file:
            file.write(content)
        done = subprocess.run(["openssl", "cms", "-verify", "-noverify", "-inform", "SMIME",
                               "-in", path, "-out", os.devnull], capture_output=True,
                              timeout=60, check=False)
        checks.ok("openssl finds it " + name, (done.returncode == 0) == good, done)
    done = fixtures.try_render(case_with(certificate="0" * 40), "message", env=env)
    checks.ok("a missing certificate says what to do", done.returncode == 1 and
              b"gpgsm --list-secret-keys" in done.stderr, done)


def signatures():
    if not shutil.which("gpg"):
        print("skip signatures # no gpg")
        return
    home = tempfile.mkdtemp(prefix="g", dir=os.environ.get("TMPDIR"))
    env = dict(os.environ, GNUPGHOME=home)
    env.pop("DISPLAY", None)
    try:
        signed(home, env)
        if shutil.which("gpgsm"):
            certified(home, env)
        else:
            print("skip S/MIME # no gpgsm")
        locked(home, env)
    finally:
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
        shutil.rmtree(home, ignore_errors=True)


plain_headers()
intact("a plain report", case_with())
hostile_evidence()
from_line()
hostile_settings()
wide()
signatures()
checks.exit()
