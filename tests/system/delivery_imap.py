#!/usr/bin/python3
"""The way to one's own box where that is an IMAP server: a real exim hands the two mails of
'init --try' to a real dovecot, whose box is asked by a password out of a file or a
credential, over TLS; other mail there is left as it was."""

import imaplib
import os
import re

import delivery_servers
from delivery_ground import HEXAGON, checks, drafted, ok

PLUS = "send.plus=maria+%t@harbour-books.corp"
WORD = "open-sesame-7"
URL = "imap://mail.harbour-books.corp"
DOVECOT = (delivery_servers.DOVECOT
           .replace("ssl = no", "ssl = yes\nssl_cert = <{folder}/server.pem\n"
                    "ssl_key = <{folder}/server.key")
           .replace("args = nopassword=y", "args = password=" + WORD)
           .replace("inet_listener imaps {{\n    port = 0",
                    "inet_listener imaps {{\n    port = {imaps}\n    ssl = yes"))


class Boxes(delivery_servers.Servers):
    """Those servers, but dovecot speaks TLS and wants a password."""

    def __init__(self):
        super().__init__()
        [self.imaps] = delivery_servers.free_ports(1)

    def write(self, name, text):
        if name == "dovecot.conf":
            text = DOVECOT.replace("{imaps}", str(self.imaps))
        return super().write(name, text)

    def box(self):
        imap = imaplib.IMAP4("127.0.0.1", self.imap)
        imap.login("maria@harbour-books.corp", WORD)
        imap.select("INBOX")
        return imap


def secret(house, name, word, mode=0o600):
    path = os.path.join(house.folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(word + "\n")
    os.chmod(path, mode)
    return path


def house_of(servers, name, url, *sets):
    house, cases = drafted(name)
    whole = house.argv

    def argv(*words):
        found = whole(*words)
        if words[0] == "init":  # it asks the box
            found.remove("--offline")
        return found
    house.argv = argv
    house.sets = ["send.sendmail=" + servers.sendmail, PLUS, "mail.imap-url=" + url,
                  "mail.imap-password-file=" + secret(house, "word", WORD),
                  "look-up.ca-file=" + servers.authority,
                  "look-up.connect-to=" + ", ".join(
                      "mail.harbour-books.corp:%d:127.0.0.1:%d" % row
                      for row in ((143, servers.imap), (993, servers.imaps))), *sets]
    return house, cases


def the_trip(servers):
    house, cases = house_of(servers, "imap", URL)
    with servers.box() as box:
        box.append("INBOX", "", None, b"Message-ID: <other@one.corp>\r\nSubject: x\r\n\r\nx\r\n")
    done = house.real("init", "--try")
    ok("both mails are found in the box", b"Two mails" in done.stdout and
       b"To you:          arrived" in done.stdout and
       b"came back, and is used from now on" in done.stdout, done)
    ok("with what the header says", b"Envelope sender: maria@harbour-books.corp" in done.stdout
       and b"no Authentication-Results" in done.stdout, done)
    with servers.box() as box:
        seen = box.search(None, "UNSEEN")[1][0].split()
        ok("other mail is left unseen", len(seen) == 1 and b"other@one.corp" in
           box.fetch(seen[0], "(BODY.PEEK[])")[1][0][1], seen)
    house.send("--yes", cases[HEXAGON])
    [mail] = [m for m in mails_of(servers, HEXAGON, 1)]
    path = re.search(rb"(?m)^Return-Path: <(.*)>", mail).group(1)
    ok("from then on the plus-address is used",
       re.fullmatch(rb"maria\+[a-z0-9]{5}@harbour-books\.corp", path), path)


def mails_of(servers, user, count):
    """-> raw messages of somebody else's box, once there are `count`"""
    def fetch():
        with imaplib.IMAP4("127.0.0.1", servers.imap) as imap:
            imap.login(user, WORD)
            imap.select("INBOX", readonly=True)
            return [imap.fetch(n, "(BODY.PEEK[])")[1][0][1]
                    for n in imap.search(None, "ALL")[1][0].split()]
    servers.until(lambda: len(fetch()) >= count, "%d mails for %s" % (count, user))
    return fetch()


def other_ways(servers):
    for title, url, sets in (
            ("implicit TLS", URL.replace("imap:", "imaps:"), ()),
            ("a user name of its own", URL, ("mail.imap-user=maria@harbour-books.corp",))):
        house, _ = house_of(servers, "way", url, *sets)
        done = house.real("init", "--try")
        ok(title, b"arrived" in done.stdout and b"came back" in done.stdout, done)
    house, _ = house_of(servers, "credential", URL,
                        "mail.imap-password-file=word")
    done = house.real("init", "--try", env={"CREDENTIALS_DIRECTORY": house.folder})
    ok("the password is a credential of the service", b"came back" in done.stdout, done)
    house, _ = house_of(servers, "folder", URL + "/Nothing here")
    done = house.real("init", "--try", code=None)
    ok("a folder that is not there is one sentence", done.returncode and
       done.stderr.count(b"\n") == 1 and b"IMAP server 'mail.harbour-books.corp'" in done.stderr, done)


def refusals(servers):
    house, _ = house_of(servers, "wrong", URL)
    secret(house, "word", "other-word")
    done = house.real("init", "--try", code=78)
    ok("a wrong password is one sentence that shows none", done.stderr.count(b"\n") == 1 and
       b"ogin denied" in done.stderr and b"other-word" not in done.stderr + done.stdout, done)
    for title, sets, why, code in (
            ("a password that others may read", ["mail.imap-password-file=" + secret(
                house, "open", WORD, 0o644)], b"can be read by others", 78),
            ("no password file", ["mail.imap-password-file="], b"imap-password-file", 78),
            ("no URL of a box", ["mail.imap-url=pop3://x"], b"is no mail box", 78),
            ("a certificate of another name", ["mail.imap-url=imaps://127.0.0.1:%d"
                                               % servers.imaps], b"SSL", 78),
            ("nobody listens", ["mail.imap-url=imap://127.0.0.1:1"], b"IMAP server", 75)):
        house, _ = house_of(servers, "refused", URL, *sets)
        done = house.real("init", "--try", code=code)
        ok(title, done.stderr.count(b"\n") == 1 and why in done.stderr, done)
    done = house.real("init", "--try", "--offline", code=77)
    ok("offline no box is asked", b"--offline forbids" in done.stderr, done)


lacks = delivery_servers.lacking()
if lacks:
    print("skip the way to a box of IMAP # %s is not installed" % lacks)
else:
    with Boxes() as servers_here:
        the_trip(servers_here)
        other_ways(servers_here)
        refusals(servers_here)
checks.exit()
