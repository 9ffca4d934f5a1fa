#!/usr/bin/python3
"""A mail that the user received is the evidence: who handed it in is told by what the user's
own servers wrote, and what leaves is ARF (read here by RFC 5965's grammar and by Python's
email package), without the people whom the mail was for. A table of hostile mails names
nobody who is innocent."""

import email
import email.policy
import email.utils
import os
import re

from delivery_ground import NORTHWIND, House, checks, ok

RELAYS = "mail.relays=mx.harbour-books.corp, in.harbour-books.corp, 198.51.100.5"
DATE = "; Fri, 20 Nov 2026 21:14:07 -0500\n"
LMTP = "Received: from mx.harbour-books.corp by in.harbour-books.corp with LMTP id b7" + DATE
TRUE = ("Received: from mail.x.corp (vps77.northwind-hosting.corp [203.0.113.77])\n"
        "\tby mx.harbour-books.corp (Postfix) with ESMTPS id 3F1A22C0D1\n"
        "\tfor <rosa.weber@harbour-books.corp>" + DATE)
FORGED = ("Received: from bank.corp (bank.corp [192.0.2.66]) by mx.harbour-books.corp "
          "with ESMTP id 7" + DATE)
HEAD = """From: "Lottery" <winner@lottery.corp>
To: Rosa Weber <rosa.weber@harbour-books.corp>, "Joe" <joe@elsewhere.corp>
Cc: <joe@elsewhere.corp>
Subject: =?utf-8?q?rosa=2Eweber=2C_you_w=C3=B6n?= at Harbour
Message-ID: <77@lottery.corp>
Date: Fri, 20 Nov 2026 21:14:05 -0500
List-Unsubscribe: <https://lottery.corp/u?id=4711>
X-Spam-Report: inner thoughts of ours
X-PHP-Originating-Script: 1001:mailer.php
"""
BODY = "\nDear Rosa, click https://lottery.corp/c/4711\n"
SPAM = ("Return-Path: <b-rosa.weber=harbour-books.corp@lottery.corp>\n"
        "Delivered-To: rosa.weber@harbour-books.corp\n" + LMTP + TRUE + FORGED + HEAD + BODY)
# what nobody may be told: our people, inner servers, tokens, the innocent, the body
SECRET = ("rosa", "weber@", "joe", "elsewhere", "4711", "inner thoughts", "LMTP", "click",
          "192.0.2.66", "in.harbour-books")
FIELD = re.compile(rb"([!-9;-~]+): ?([ -~]*)")
ONCE = {"Feedback-Type", "User-Agent", "Version"}
AT_MOST_ONCE = {"Arrival-Date", "Incidents", "Original-Envelope-Id", "Original-Mail-From",
                "Reporting-MTA", "Source-IP", "Original-Rcpt-To"}


def house_of(name, *sets):
    house = House(name)
    house.sets += [RELAYS, *sets]
    return house


def handed(house, text, *words, name="spam.eml", code=0):
    path = os.path.join(house.folder, name)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return house.run("draft", "--mail", path, *words, code=code)


def fields_of(body):
    """RFC 5965 section 3.5: fields as in RFC 5322. -> {name: [value]}"""
    fields = {}
    for line in body.rstrip(b"\r\n").split(b"\r\n"):
        match = FIELD.fullmatch(line)
        if not match:
            raise ValueError("no field: %r" % line)
        fields.setdefault(match.group(1).decode(), []).append(match.group(2).decode())
    return fields


def raw_parts(message):
    """The parts by RFC 2046 section 5.1.1 alone, each (head, body)."""
    head, body = message.split(b"\r\n\r\n", 1)
    boundary = re.search(rb'boundary="([^"]+)"', head).group(1)
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    return [piece.lstrip(b"\r\n").split(b"\r\n\r\n", 1) for piece in pieces[1:-1]]


def arf_faults(message, kind="abuse", source="203.0.113.77"):
    """What breaks RFC 5965 sections 2 and 3."""
    mail = email.message_from_bytes(message, policy=email.policy.default)
    faults = []
    if mail.get_content_type() != "multipart/report" or \
            mail.get_param("report-type") != "feedback-report":
        return ["no feedback report", message.decode(errors="replace")[:800]]
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    if kinds != ["text/plain", "message/feedback-report", "text/rfc822-headers"]:
        faults.append("parts: %s" % kinds)
    parts = raw_parts(message)
    if len(parts) != 3:
        return faults + ["%d parts by hand" % len(parts)]
    fields = fields_of(parts[1][1])
    for name, values in fields.items():
        if name not in ONCE | AT_MOST_ONCE or len(values) != 1:
            faults.append("%s stands %d times" % (name, len(values)))
    faults += ["no " + name for name in ONCE - fields.keys()]
    want = {"Version": "1", "Feedback-Type": kind, "Source-IP": source,
            "Reporting-MTA": "dns; mx.harbour-books.corp"}
    faults += ["%s: %s" % (name, fields.get(name)) for name, value in want.items()
               if fields.get(name) != [value]]
    when = email.utils.parsedate_to_datetime(fields["Arrival-Date"][0])
    if when.isoformat() != "2026-11-21T02:14:07+00:00":
        faults.append(when.isoformat())
    headers = list(mail.iter_parts())[2].get_content()
    headers = headers if isinstance(headers, str) else headers.decode()
    fields_of(headers.replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii"))
    return faults


def texts(message):
    mail = email.message_from_bytes(message, policy=email.policy.default)
    found = [str(mail["Subject"]), str(mail["To"])]
    for part in mail.walk():
        if part.is_multipart() and part.get_content_type() != "message/feedback-report":
            continue
        payload = part.get_payload(decode=True)
        found.append(payload.decode(errors="replace") if payload else part.as_string())
    return "\n".join(found)


def sent(house, case):
    done = house.send("--yes", case)
    mails = house.sink.mails()
    ok("%s: one mail left" % os.path.basename(house.folder), len(mails) == 1, done)
    return mails[0]


def the_whole_way():
    house = house_of("mail")
    done = handed(house, SPAM)
    ok("a mail becomes a case of the network that handed it in", list(house.cases()) ==
       [NORTHWIND] and b"Read 1 mail. 1 source: 1 worth a mail" in done.stdout and
       b"1 mail that you handed in" in done.stdout, done)
    case = house.cases()[NORTHWIND]
    again = handed(house, SPAM, name="again.eml")
    crlf = handed(house, "From a@b Fri Nov 20 21:14:07 2026\n" + SPAM, name="one.mbox")
    ok("handed in again, and as an mbox of one, it adds nothing",
       all(b"Read 1 mail (1 known from before)." in d.stdout for d in (again, crlf)) and
       house.rows("SELECT count FROM incident") == [(1,)], again, crlf)
    shown = house.run("show", case).stdout.decode()
    ok("the memo says what the mail is found by", "Message-ID: <77@lottery.corp>" in shown and
       "1 unwanted mail received" in shown and "[203.0.113.77]" in shown and
       "not checked; we have the mail alone" in shown, shown)
    ok("memo and lint agree", b"lint" not in house.run("approve", case).stderr)
    arguments, message = sent(house, case)
    ok("to the contact alone", arguments[-1] == NORTHWIND, arguments)
    faults = arf_faults(message)
    ok("it is ARF by RFC 5965", not faults, *faults)
    told = texts(message)
    ok("nobody of ours is in it, nor the forged hop, nor the body",
       not [word for word in SECRET if word.lower() in told.lower()],
       [word for word in SECRET if word.lower() in told.lower()], told)
    names = set(re.findall(r"user-\w{5}", told))
    ok("two people, two pseudonyms", len(names) == 2, names, told)
    ok("what a desk finds its customer by is there", all(word in told for word in (
        "1001:mailer.php", "<77@lottery.corp>", "winner@lottery.corp",
        "vps77.northwind-hosting.corp [203.0.113.77]", "you w\\u{00F6}n at Harbour")), told)
    ok("Original-Rcpt-To is a pseudonym", re.search(
        r"Original-Rcpt-To: <user-\w{5}@harbour-books\.corp>", told), told)
    ledger = house.rows("SELECT event FROM delivery ORDER BY id")
    ok("queue and ledger are those of all reports", ledger[-1] == ("sent",), ledger)
    done = handed(house, SPAM.replace("3F1A22C0D1", "9F1A22C0D1"), name="next.eml")
    ok("one more of the same sender is another mail",
       b"Read 1 mail. " in done.stdout, done)


def kinds():
    for word, kind in (("phish", "fraud"), ("virus", "virus")):
        house = house_of(word)
        handed(house, SPAM, "--mail-kind", word)
        _, message = sent(house, house.cases()[NORTHWIND])
        faults = arf_faults(message, kind)
        ok("%s is %s in ARF" % (word, kind), not faults, *faults)
    done = handed(house, SPAM, "--mail-kind", "ham", code=65)
    ok("another kind is refused in one sentence", done.stderr.count(b"\n") == 1 and
       b"spam, phish or virus" in done.stderr, done)
    house = house_of("format", 'contact "%s".format=plain' % NORTHWIND)
    handed(house, SPAM)
    _, message = sent(house, house.cases()[NORTHWIND])
    mail = email.message_from_bytes(message)
    ok("a contact that takes text gets text", mail.get_content_type() == "text/plain" and
       b"Message-ID: <77@lottery.corp>" in mail.get_payload(decode=True), message[:600])


def places():
    house = house_of("maildir")
    for part in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(house.folder, "box", part))
    for number, part in enumerate(("new", "cur", "tmp")):
        with open(os.path.join(house.folder, "box", part, "1"), "w", encoding="ascii") as file:
            file.write(SPAM.replace("3F1A22C0D1", "%dF1A22C0D1" % number))
    done = house.run("draft", "--mail", os.path.join(house.folder, "box"))
    ok("a maildir: what is there, not what is being written", b"Read 2 mails." in done.stdout
       and house.rows("SELECT count FROM incident") == [(2,)], done)
    shown = house.run("show", house.cases()[NORTHWIND]).stdout.decode()
    ok("two are counted, one is shown", "2 unwanted mails received" in shown and
       shown.count("Message-ID: <77@lottery.corp>") == 1, shown)
    done = house.run("draft", "--mail", "/nowhere.eml", code=66)
    ok("a file that is not there", done.stderr.count(b"\n") == 1 and
       b"/nowhere.eml" in done.stderr, done)
    house = house_of("no-relays")
    house.sets[-1] = "mail.relays="
    done = handed(house, SPAM, code=78)
    ok("without relays nothing is believed", b"[mail] relays is empty" in done.stderr and
       not house.cases(), done)
    house = house_of("old")
    house.now = "2026-12-01T08:00:00Z"
    done = handed(house, SPAM)
    ok("an old mail is held as an old attack is", b"1 held" in done.stdout and
       not house.cases(), done)


def nested(inner):
    return (TRUE.replace("203.0.113.77", "198.51.100.5") +
            "From: maria@harbour-books.corp\nContent-Type: message/rfc822\n\n" + inner)


# title, mail, words of the reason
NOBODY = (
    ("no header", "\n" + SPAM, "no Received line"),
    ("nothing", "", "no Received line"),
    ("a log", "Nov 20 21:14:07 web1 sshd[1]: x\n" * 3, "no Received line"),
    ("bytes", bytes(range(256)) * 8, "no Received line"),
    ("no Received line", HEAD + BODY, "no Received line"),
    ("only a forged hop", "Received: from x (y [192.0.2.66]) by mx.bank.corp" + DATE + SPAM,
     "anybody may have written it"),
    ("our name within another", "Received: from x (y [192.0.2.66]) by "
     "mx.harbour-books.corp.evil.corp" + DATE + HEAD + BODY, "anybody may have written it"),
    ("a hop through loopback", TRUE.replace("203.0.113.77", "127.0.0.1") + FORGED + HEAD + BODY,
     "127.0.0.1 handed it in"),
    ("a hop through a container's bridge", TRUE.replace("203.0.113.77", "172.17.0.1") + FORGED +
     HEAD + BODY, "172.17.0.1 handed it in"),
    ("one of our own", TRUE.replace("203.0.113.77", "198.51.100.14") + FORGED + HEAD + BODY,
     "198.51.100.14 handed it in"),
    ("a web form of ours", "Received: by mx.harbour-books.corp (Postfix, from userid 33) id 1" +
     DATE + FORGED + HEAD + BODY, "handed in on"),
    ("two addresses", TRUE.replace("[203", "[192.0.2.66] [203") + HEAD + BODY,
     "does not say in a place"),
    ("HELO with a comment", TRUE.replace("from mail.x.corp", "from x ([192.0.2.66]) by "
     "mx.harbour-books.corp with SMTP") + HEAD + BODY, "does not say in a place"),
    ("forwarded as an attachment", nested(SPAM), "nobody who handed it"),
    ("no date", TRUE.replace(DATE, "\n") + HEAD + BODY, "has no date"),
    ("an mbox of two", "From a@b Fri Nov 20 21:14:07 2026\n" + SPAM + "\nFrom c@d Fri Nov 20 "
     "21:14:07 2026\n" + FORGED + HEAD + BODY, "mailbox of several"),
)


def nobody():
    house = house_of("nobody")
    for title, text, why in NOBODY:
        done = handed(house, text)
        ok("%s: held, with the reason" % title, done.stderr.count(b"\n") == 1 and
           why.encode() in done.stderr and b"names nobody" in done.stderr and
           b"1 held" in done.stdout, done)
    ok("nothing of them is stored", not house.rows("SELECT * FROM incident") and
       not house.rows("SELECT * FROM incident_mail"))


# title, mail: each names 203.0.113.77 and is ARF all the same
HOSTILE = (
    ("forged hops below", LMTP + TRUE + FORGED * 40 + HEAD + BODY),
    ("a forged hop in the body", LMTP + TRUE + HEAD + "\n" + FORGED + BODY),
    ("HELO is an address", LMTP + TRUE.replace("mail.x.corp", "[192.0.2.66]") + HEAD + BODY),
    ("CR LF", (LMTP + TRUE + HEAD + BODY).replace("\n", "\r\n")),
    ("boundaries in a header", LMTP + TRUE + "From: a@b.corp\nSubject: --\nX-Mailer: --=-1\n" +
     "Content-Type: multipart/mixed; boundary=\"=-\"\n\n--=-\n\nx\n--=---\n"),
    ("8-bit", (LMTP + TRUE).encode() + "Subject: Grüße \U0001f600\n".encode() +
     b"From: \xff\xfe\x00\x1b[31m\n" + "X-Mailer: \u202eabc\u200b\n".encode() + b"\n\xff\n"),
    ("a line of a megabyte", LMTP + TRUE + "Subject: " + "x" * 1000000 + "\n" + HEAD + BODY),
    ("a megabyte without a line end", LMTP + TRUE + HEAD + "\n" + "x" * 1000000),
    ("a thousand fields", LMTP + TRUE + "".join("X-%d: y\n" % n for n in range(1000)) + BODY),
    ("no other field", LMTP + TRUE),
    ("a mail within", LMTP + TRUE + HEAD + "Content-Type: message/rfc822\n\n" + FORGED + HEAD),
    ("headers of ours as text", LMTP + TRUE + "From: x\nSubject: a\r\rBcc: victim@bank.corp\n"
     "Subject: =?utf-8?q?=0D=0ABcc:_victim=40bank.corp?=\n" + BODY),
    ("Return-Path injects", "Return-Path: <a@b.corp>\n\tSource-IP: 192.0.2.66\n" + LMTP + TRUE +
     HEAD + BODY),
)


def hostile():
    for number, (title, text) in enumerate(HOSTILE):
        house = house_of("hostile-%d" % number)
        done = handed(house, text)
        ok("%s: names who handed it in" % title, house.rows("SELECT hex(source) FROM incident")
           == [("CB00714D",)], done)
        arguments, message = sent(house, house.cases()[NORTHWIND])
        faults = arf_faults(message)
        ok("%s: ARF all the same" % title, not faults and arguments[-1] == NORTHWIND,
           *faults, arguments)
        mail = email.message_from_bytes(message, policy=email.policy.default)
        ok("%s: no header is added" % title, mail["Bcc"] is None and
           mail["To"].addresses[0].addr_spec == NORTHWIND and
           all(len(line) <= 998 for line in message.split(b"\r\n")) and
           max(message) < 128, message[:600])


the_whole_way()
kinds()
places()
nobody()
hostile()
checks.exit()
