#!/usr/bin/python3
"""DKIM, signed by a real exim and checked behind it by dkimpy against a name server on
loopback: what tipoff hands over is signed and arrives as it was signed, and 'init --try'
says pass, fail or none as the receiving server found it."""

import glob
import os
import re
import socketserver
import subprocess
import threading

import crash_random
from delivery_ground import HEXAGON, NORTHWIND, checks, drafted, ok

try:
    import dkim
    import dns.message
    import dns.resolver
    import dns.rrset
except ImportError:
    dkim = None

ROUTER = """
out:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = out
"""
TRANSPORT = """
out:
  driver = smtp
  port = {port}
  allow_localhost
"""
SIGNS = """  dkim_domain = harbour-books.corp
  dkim_selector = s1
  dkim_private_key = {folder}/dkim.key
  dkim_canon = relaxed
"""
NAME = "s1._domainkey.harbour-books.corp."


class Serving:
    def __init__(self, server):
        self.server = server
        self.thread = threading.Thread(target=server.serve_forever, daemon=True)
        self.thread.start()
        self.port = server.server_address[1]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class NameServer(socketserver.BaseRequestHandler):
    """Answers questions for TXT records out of `records`."""
    records = {}

    def handle(self):
        bytes_in, out = self.request
        asked = dns.message.from_wire(bytes_in)
        answer = dns.message.make_response(asked)
        text = self.records.get(asked.question[0].name.to_text())
        if text:
            pieces = " ".join('"%s"' % text[i:i + 200] for i in range(0, len(text), 200))
            answer.answer.append(dns.rrset.from_text(asked.question[0].name, 60, "IN", "TXT",
                                                     pieces))
        else:
            answer.set_rcode(3)
        out.sendto(answer.to_wire(), self.client_address)


class Receiver(socketserver.StreamRequestHandler):
    """A mail server that checks DKIM and puts what it takes into a maildir."""
    box = verdicts = dns_port = change = None

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 mx.harbour-books.corp ESMTP")
        path = b"<>"
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"MAIL":
                path = re.search(rb"<.*?>", line).group()
            if word == b"DATA":
                self.say("354 go on")
                self.take(path, self.data())
            self.say("250 ok")

    def data(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def lookup(self, name, timeout=5):
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.dns_port
        resolver.lifetime = timeout
        try:
            [found] = resolver.resolve(name.decode() if isinstance(name, bytes) else name, "TXT")
        except dns.resolver.NXDOMAIN:
            return None
        return b"".join(found.strings)

    def take(self, path, mail):
        mail = self.change(mail)
        signed = re.search(rb"(?im)^DKIM-Signature:", mail.split(b"\r\n\r\n", 1)[0])
        try:
            good = bool(signed) and dkim.verify(mail, dnsfunc=self.lookup)
        except dkim.DKIMException:
            good = False
        verdict = "pass" if good else "fail" if signed else "none"
        self.verdicts.append((verdict, mail))
        head = ("Return-Path: %s\r\nAuthentication-Results: mx.harbour-books.corp;\r\n"
                " dkim=%s header.d=harbour-books.corp\r\n" % (path.decode(), verdict)).encode()
        name = os.path.join(self.box, "new", "%d" % len(self.verdicts))
        with open(name + ".tmp", "wb") as file:
            file.write(head + mail)
        os.rename(name + ".tmp", name)


class Way(crash_random.Exim):
    """exim that hands on by SMTP, the receiver and the name server."""

    def __init__(self):
        super().__init__()
        self.box = os.path.join(self.folder, "box")
        os.makedirs(self.box + "/new")
        os.makedirs(self.box + "/cur")
        self.names = Serving(socketserver.ThreadingUDPServer(("127.0.0.1", 0), NameServer))
        Receiver.box, Receiver.verdicts, Receiver.dns_port = self.box, [], self.names.port
        Receiver.change = staticmethod(lambda mail: mail)
        self.receiver = Serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Receiver))
        NameServer.records = {NAME: "v=DKIM1; k=rsa; p=" + self.key_new("dkim.key")}

    def key_new(self, name):
        """A key pair; the public one as DNS has it."""
        path = os.path.join(self.folder, name)
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True,
                       capture_output=True)
        text = subprocess.run(["openssl", "rsa", "-in", path, "-pubout"], check=True,
                              capture_output=True).stdout.decode()
        return "".join(text.splitlines()[1:-1])

    def signs(self, yes):
        text = crash_random.exim_of_files()
        text = text.replace(crash_random.ROUTER, ROUTER)
        text = text.replace(crash_random.TRANSPORT, TRANSPORT.replace(
            "{port}", str(self.receiver.port)) + (SIGNS if yes else ""))
        self.write("exim.conf", text)

    def __exit__(self, *_):
        super().__exit__()
        self.receiver.stop()
        self.names.stop()

    def empty_box(self):
        for path in glob.glob(self.box + "/new/*"):
            os.unlink(path)
        Receiver.verdicts.clear()


def tried(house, way):
    way.empty_box()
    done = house.real("init", "--try", "--maildir", way.box)
    return re.search(rb"DKIM: +(.*)", done.stdout).group(1).decode(), done


def first_delivery(way):
    house, _ = drafted("dkim")
    house.sets = ["send.sendmail=" + way.sendmail]
    way.signs(True)
    said, done = tried(house, way)
    ok("signed and with its key in the DNS: pass", said == "pass", done)
    good = NameServer.records[NAME]
    NameServer.records[NAME] = "v=DKIM1; k=rsa; p=" + way.key_new("other.key")
    said, done = tried(house, way)
    ok("another key in the DNS: fail", said == "fail", done)
    del NameServer.records[NAME]
    said, done = tried(house, way)
    ok("no key in the DNS: fail", said == "fail", done)
    NameServer.records[NAME] = good
    Receiver.change = staticmethod(lambda mail: mail.replace(b"reports", b"rep0rts"))
    said, done = tried(house, way)
    ok("changed on its way: fail", said == "fail", done)
    Receiver.change = staticmethod(lambda mail: mail)
    way.signs(False)
    said, done = tried(house, way)
    ok("unsigned: none", said == "none", done)
    way.signs(True)


def reports(way):
    """Every report that leaves verifies behind the trip, attachments and odd lines and all."""
    house, cases = drafted("dkim-reports")
    house.sets = ["send.sendmail=" + way.sendmail, "send.cap-day=20"]
    way.empty_box()
    house.send("--yes", cases[NORTHWIND], cases[HEXAGON])
    way.settle()
    found = [verdict for verdict, _ in Receiver.verdicts]
    ok("each report is signed and verifies where it arrives", len(found) >= 4 and
       set(found) == {"pass"}, found)
    ok("From is of the domain that signed", all(
        re.search(rb"(?m)^From: .*@harbour-books\.corp", mail) and
        re.search(rb"d=harbour-books\.corp", mail) for _, mail in Receiver.verdicts))
    signed = [re.search(rb"h=([^;]*);", mail).group(1).lower() for _, mail in Receiver.verdicts]
    ok("what a desk relies on is signed with it", all(
        name in one.replace(b"\r\n\t", b"").replace(b" ", b"").split(b":") for one in signed
        for name in (b"from", b"subject", b"date", b"message-id", b"to")), signed)


lacks = crash_random.lacking() or (None if dkim else "python3-dkim")
if lacks:
    print("skip DKIM by a real exim # %s is not installed" % lacks)
else:
    with Way() as way_here:
        first_delivery(way_here)
        reports(way_here)
checks.exit()
