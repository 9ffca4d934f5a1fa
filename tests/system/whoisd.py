#!/usr/bin/python3
"""tipoff whoisd: what its clients get, Debian's whois among them; what strangers may cost."""
import contextlib
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from desk import BOOTSTRAP, Desk, clock  # noqa: E402

RIPE = ("% Abuse contact for '203.0.113.0 - 203.0.113.63' is 'abuse@northwind.example'\n\n"
        "inetnum:        203.0.113.0 - 203.0.113.63\nnetname:        NORTHWIND-NET1\n"
        "descr:          caf\u00e9 \x1b]0;owned\x07 \u202e there\nsource:         RIPE\n")
AUTNUM = "aut-num:        AS64500\nas-name:        NORTHWIND-AS\nsource:         RIPE\n"
IANA = ("% IANA WHOIS server\n\nrefer:        whois.nic.example\n\ndomain:       EXAMPLE\n"
        "source:       IANA\n")
DOMAIN = "Domain Name: NORTHWIND.EXAMPLE\nRegistrar: Hop Registrar\n"
HANDLE = "role:           Northwind Abuse\nnic-hdl:        NWA1-RIPE\nsource:         RIPE\n"


class Whoisd:
    """The proxy, until `stop`: started with the desk's configuration and registries."""

    def __init__(self, desk, *words, now="2026-11-21T06:00:00Z", settings=(), later=0, **more):
        self.port = registries.free_port()
        command = [desk.program, "whoisd", "--config", desk.configuration(**more),
                   "--store", desk.store, "--listen", "127.0.0.1:%d" % self.port]
        if now:
            command += ["--now", now]
        for setting in settings:
            command += ["--set", setting]
        self.process = subprocess.Popen([*command, *words], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=dict(os.environ, HOME=desk.folder,
                                                 TIPOFF_CLOCK=clock(later)))
        self.said, self.earlier = self.process.stderr.readline(), []
        while self.said and "answering" not in self.said:
            self.earlier.append(self.said)
            self.said = self.process.stderr.readline()

    def connect(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 20, (source, 0))

    def ask(self, line, source="127.0.0.1"):
        with self.connect(source) as link:
            link.sendall(line if isinstance(line, bytes) else line.encode() + b"\r\n")
            return received(link)

    def memory(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) // 1024

    def stop(self):
        """Its exit status, and what it said in the end."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out + err


@contextlib.contextmanager
def running(desk, *words, **more):
    proxy = Whoisd(desk, *words, **more)
    try:
        yield proxy
    finally:
        status, said = proxy.stop()
        if status:
            print("# " + said.replace("\n", "\n# "))
            desk.check("whoisd/ends-well", status, 0)


def received(link):
    link.settimeout(20)
    parts = []
    while True:
        try:
            part = link.recv(65536)
        except ConnectionResetError:
            parts.append(b"<reset>")
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode("utf-8")


def counted(proxy, word):
    return int(re.search(word + r" (\d+)", proxy.ask("stats")).group(1))


def head(text):
    return text.split("\r\n")[0]


def fill(desk):
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    desk.put("whois.ripe.net", "-r 203.0.113.0/26", RIPE)
    desk.put("whois.ripe.net", "-r -B -T inetnum 203.0.113.7", RIPE + "remarks: flagged\n")
    desk.put("whois.ripe.net", "-r AS64500", AUTNUM)
    desk.put("whois.ripe.net", "NWA1-RIPE", HANDLE)
    desk.put("whois.iana.org", "example", IANA)
    desk.put("whois.nic.example", "northwind.example", DOMAIN)
    desk.put("whois.registro.br", "NWH12", "nic-hdl-br:  NWH12\nperson:      Northwind\n")


KINDS = {
    "address": ("203.0.113.7", "NORTHWIND-NET1", ["whois whois.ripe.net -r 203.0.113.7"]),
    "mapped": ("::ffff:203.0.113.7", "NORTHWIND-NET1",
               ["whois whois.ripe.net -r 203.0.113.7"]),
    "range": ("203.0.113.0/26", "NORTHWIND-NET1",
              ["whois whois.ripe.net -r 203.0.113.0/26"]),
    "number": ("AS64500", "NORTHWIND-AS", ["whois whois.ripe.net -r AS64500"]),
    "domain": ("www.northwind.example", "Hop Registrar",
               ["whois whois.iana.org example", "whois whois.nic.example northwind.example"]),
    "handle": ("NWA1-RIPE", "Northwind Abuse", ["whois whois.ripe.net NWA1-RIPE"]),
    "nic-hdl-br": ("nic-hdl-br: NWH12", "nic-hdl-br:  NWH12",
                   ["whois whois.registro.br NWH12"]),
}


def debian_client(desk):
    """Debian's whois gets each kind of answer; the second time from the cache."""
    fill(desk)
    for kind, (query, words, asked) in KINDS.items():
        desk.store = os.path.join(desk.folder, "kinds-%s.db" % kind)
        with running(desk) as proxy:
            for turn in ("miss", "hit"):
                done = subprocess.run(["whois", "-h", "127.0.0.1", "-p", str(proxy.port), query],
                                      capture_output=True, text=True, timeout=30, check=False)
                desk.check("client/%s-%s" % (kind, turn),
                           (done.returncode, words in done.stdout,
                            ("cache: " + turn) in done.stdout, "\x1b" in done.stdout),
                           (0, True, True, False))
            desk.check("client/%s-asked-once" % kind, desk.asked(), asked)
    with running(desk) as proxy:
        done = subprocess.run(["whois", "-h", "127.0.0.1", "-p", str(proxy.port), "-B",
                               "-T", "inetnum", "203.0.113.7"], capture_output=True,
                              text=True, timeout=30, check=False)
        desk.check("client/flags", ("flagged" in done.stdout, desk.asked()),
                   (True, ["whois whois.ripe.net -r -B -T inetnum 203.0.113.7"]))


def text_is_safe(desk):
    fill(desk)
    with running(desk) as proxy:
        text = proxy.ask("203.0.113.7")
        desk.check("text/escaped", ("\x1b" in text, "\u202e" in text, "caf\u00e9" in text,
                                    "\\x1b]0;owned\\x07 \\u{202e}" in text),
                   (False, False, True, True))
        desk.check("text/lines", "\n" in text.replace("\r\n", ""), False)
        desk.check("text/head", head(text), "% cache: miss; age 0 s; servers whois.ripe.net")


def neighbours(desk):
    """A neighbour in the range is answered from the cache, nobody outside of it."""
    fill(desk)
    desk.put("whois.ripe.net", "-r 203.0.113.70",
             RIPE.replace("203.0.113.0 - 203.0.113.63", "203.0.113.0 - 203.0.113.63"))
    with running(desk) as proxy:
        proxy.ask("203.0.113.7")
        desk.check("range/neighbour", head(proxy.ask("203.0.113.33")),
                   "% cache: hit; age 0 s; servers whois.ripe.net; asked for 203.0.113.7")
        desk.check("range/asked-once", desk.asked(), ["whois whois.ripe.net -r 203.0.113.7"])
        desk.check("range/outside-asks", (head(proxy.ask("203.0.113.70")).split(";")[0],
                                          desk.asked()),
                   ("% cache: miss", ["whois whois.ripe.net -r 203.0.113.70"]))
        # that answer spoke of a range without 203.0.113.70: it is for that question alone
        proxy.ask("203.0.113.71")
        desk.check("range/poison", desk.asked(), ["whois whois.ripe.net -r 203.0.113.71"])


def poison(desk):
    """An answer about everything speaks for no neighbour."""
    for name, first, last in (("all", "0.0.0.0", "255.255.255.255"),
                              ("wide", "200.0.0.0", "207.255.255.255")):
        desk.store = os.path.join(desk.folder, "poison-%s.db" % name)
        desk.put("whois.ripe.net", "-r 203.0.113.7",
                 RIPE.replace("203.0.113.0 - 203.0.113.63", "%s - %s" % (first, last)))
        with running(desk) as proxy:
            proxy.ask("203.0.113.7")
            proxy.ask("203.0.113.8")
            desk.check("poison/" + name, [line for line in desk.asked() if "203.0.113.8" in line],
                       ["whois whois.ripe.net -r 203.0.113.8"])


def same_question(desk):
    """One question however it is spelt; another one where flags or server differ."""
    fill(desk)
    desk.put("whois.ripe.net", "-r 2001:db8::1", "inet6num: 2001:db8::/32\nnetname: N6\nsource: RIPE\n")
    same = (("domain", "northwind.example", ("NorthWind.EXAMPLE", "northwind.example.",
                                             "WWW.northwind.example", " northwind.example ")),
            ("ipv6", "2001:db8::1", ("2001:DB8:0:0::1", "2001:0db8::0001", "2001:db8::1/128")),
            ("ipv4", "203.0.113.7", ("::ffff:203.0.113.7", "203.0.113.7/32",
                                     "203.0.113.7 - 203.0.113.7", "2002:cb00:7107::1")),
            ("number", "AS64500", ("as64500", "AS 64500", "AS0.64500")),
            ("handle", "NWA1-RIPE", ("nwa1-ripe",)),
            ("flags", "-B -T inetnum 203.0.113.7", ("-T inetnum -B 203.0.113.7",
                                                    "-BTinetnum 203.0.113.7",
                                                    "-V Md5.5 -k -B -TINETNUM 203.0.113.7")))
    for name, first, others in same:
        desk.store = os.path.join(desk.folder, "same-%s.db" % name)
        with running(desk) as proxy:
            proxy.ask(first)
            desk.asked()
            for other in others:
                desk.check("same/%s: %s" % (name, other),
                           (head(proxy.ask(other)).split(";")[0], desk.asked()),
                           ("% cache: hit", []))
    desk.store = os.path.join(desk.folder, "other.db")
    with running(desk) as proxy:
        proxy.ask("203.0.113.7")
        desk.asked()
        for other, asked in (("-B -T inetnum 203.0.113.7", "whois.ripe.net -r -B -T inetnum 203.0.113.7"),
                             ("203.0.113.7@whois.arin.net", "whois.arin.net 203.0.113.7"),
                             ("-h whois.ripe.net 203.0.113.7", "whois.ripe.net 203.0.113.7"),
                             ("203.0.113.0/26", "whois.ripe.net -r 203.0.113.0/26")):
            proxy.ask(other)
            desk.check("other/" + other, desk.asked(), ["whois " + asked])


def relay(desk):
    """Only registries' servers and those listed may be named; nothing else is connected."""
    desk.fakes.whois("whois.listed.example", "whois.stranger.example")
    desk.put("whois.listed.example", "x y", "hello\n")
    desk.put("whois.arin.net", "n ! NET-1", "net one\n")
    with running(desk, settings=["whoisd.servers=whois.listed.example"]) as proxy:
        desk.check("relay/registry", "net one" in proxy.ask("n ! NET-1@WHOIS.arin.net."), True)
        desk.check("relay/listed", "hello" in proxy.ask("-h whois.listed.example x y"), True)
        desk.asked()
        for number, line in enumerate((
                "x@whois.stranger.example", "-h whois.stranger.example x", "x@127.0.0.1",
                "x@[::1]:25", "x@whois.ripe.net:25", "x@10.0.0.1", "-hwhois.stranger.example x",
                "x@whois.listed.example:44", "a@b@localhost")):
            text = proxy.ask(line)
            desk.check("relay/refused-%d" % number,
                       (text.startswith("% tipoff: "), desk.asked()), (True, []))
        desk.check("relay/said", proxy.ask("x@whois.stranger.example").strip(),
                   "% tipoff: 'whois.stranger.example' port 43 is not asked: only the registries' "
                   "servers and those that [whoisd] servers lists are")


def own_words(desk):
    with running(desk) as proxy:
        desk.check("own/help", "One question" in proxy.ask("help") or
                   "one question" in proxy.ask("help"), True)
        desk.check("own/version", proxy.ask("version").startswith("% tipoff: version "), True)
        desk.check("own/stats", "questions" in proxy.ask("stats"), True)
        for line, words in (("10.0.0.1", "10.0.0.1: no registry has it: private use (RFC 1918)"),
                            ("AS4200000000", "private use (RFC 6996)"),
                            ("AS23456", "AS_TRANS"), ("AS0", "reserved (RFC 7607)"),
                            ("AS4294967295", "reserved (RFC 7300)"),
                            ("fe80::1", "link"), ("010.8.8.8", "this is no address"),
                            ("AS4294967296", "this is no address"),
                            ("-i mnt-by X", "is not passed on"), ("-", "no flag"),
                            ("foo", "this is no address")):
            desk.check("own/" + line, words in proxy.ask(line), True)
        desk.check("own/nobody-asked", desk.asked(), [])


def hostile_lines(desk):
    """Odd lines get a sentence, escaped; the proxy lives on."""
    fill(desk)
    with running(desk) as proxy:
        for name, line in (("64-kib", b"x" * 65536 + b"\r\n"), ("64-kib-endless", b"y" * 65536),
                           ("escape", b"\x1b]0;owned\x07\r\n"), ("nul", b"a\0b\r\n"),
                           ("latin", b"\xff\xfe\x9b2J@whois.stranger.example\r\n"),
                           ("bidi", "x@\u202estranger.example\r\n".encode()),
                           ("cr", b"203.0.113.7\rX\r\n"), ("bang", b"!\r\n"),
                           ("dashes", b"-- -k x\r\n"), ("only-flags", b"-r\r\n")):
            text = proxy.ask(line)
            desk.check("hostile/" + name,
                       (text.startswith("% tipoff: "), len(text) < 1024,
                        any(ord(c) < 32 and c not in "\r\n" for c in text),
                        "\u202e" in text, text.count("\n")), (True, True, False, False, 2))
        text = proxy.ask(b"203.0.113.7\r\nAS64500\r\nhelp\r\n")
        desk.check("hostile/pipelined", (text.count("% cache:"), "NORTHWIND-NET1" in text,
                                         "AS64500" in text, "<reset>" in text),
                   (1, True, False, False))
        with proxy.connect() as link:
            link.sendall(b"203.0.113.7\r\n")
            link.shutdown(socket.SHUT_WR)
            desk.check("hostile/half-closed", "NORTHWIND-NET1" in received(link), True)
        with proxy.connect() as link:
            link.sendall(b"203.0.113.7")
            link.shutdown(socket.SHUT_WR)
            desk.check("hostile/no-line-end", "NORTHWIND-NET1" in received(link), True)
        with proxy.connect() as link:
            for byte in b"203.0.113.7\r\n":
                link.sendall(bytes([byte]))
            desk.check("hostile/byte-by-byte", "NORTHWIND-NET1" in received(link), True)
        desk.check("hostile/asked", desk.asked(), ["whois whois.ripe.net -r 203.0.113.7"])


def allowances(desk):
    """Answers and questions to registries are rationed by client; another one is not hurt."""
    fill(desk)
    with running(desk, settings=["whoisd.answers=5", "whoisd.questions=2"]) as proxy:
        texts = [proxy.ask("203.0.113.7") for _ in range(6)]
        desk.check("allowance/answers", [text.startswith("% cache:") for text in texts],
                   [True] * 5 + [False])
        desk.check("allowance/said", texts[5].strip(),
                   "% tipoff: you asked too often; please wait a minute")
        desk.check("allowance/other-client",
                   head(proxy.ask("203.0.113.7", "127.0.0.2")).split(";")[0], "% cache: hit")
        texts = [proxy.ask(q, "127.0.0.3") for q in ("AS64500", "NWA1-RIPE", "northwind.example",
                                                     "AS64500")]
        desk.check("allowance/questions", [text.startswith("% cache:") for text in texts],
                   [True, True, False, True])


def closed(desk):
    """Who is not allowed gets nothing at all."""
    with running(desk, settings=["whoisd.clients=127.0.0.9"]) as proxy:
        desk.check("closed/stranger", proxy.ask("help").replace("<reset>", ""), "")
        desk.check("closed/allowed", "% A caching" in proxy.ask("help", "127.0.0.9"), True)


def unfolded(text):
    """Comment lines as one."""
    return " ".join(line.lstrip("% ") for line in text.splitlines())


def lifetimes(desk):
    """Fresh for as long as its kind is; too old is asked again; a refusal is never kept."""
    fill(desk)
    desk.put("whois.ripe.net", "-r 203.0.113.9", "%ERROR:101: no entries found\n")
    lives = (("203.0.113.7", "2026-11-28T05:59:00Z", "hit"), ("203.0.113.7", "2026-11-28T06:00:01Z", "miss"),
             ("AS64500", "2026-11-28T05:59:00Z", "hit"), ("northwind.example", "2026-11-22T05:59:00Z", "hit"),
             ("northwind.example", "2026-11-22T06:00:01Z", "miss"),
             ("203.0.113.9", "2026-11-21T06:59:00Z", "hit"), ("203.0.113.9", "2026-11-21T07:00:01Z", "miss"))
    for number, (query, later, want) in enumerate(lives):
        desk.store = os.path.join(desk.folder, "life%d.db" % number)
        with running(desk) as proxy:
            proxy.ask(query)
        with running(desk, now=later) as proxy:
            desk.check("life/%s %s" % (query, later), head(proxy.ask(query)).split(";")[0],
                       "% cache: " + want)
    desk.asked()
    desk.store = os.path.join(desk.folder, "refused.db")
    desk.put("whois.ripe.net", "-r 203.0.113.7", "%ERROR:201: access denied for 192.0.2.1\n")
    with running(desk) as proxy:
        texts = [proxy.ask("203.0.113.7") for _ in range(2)]
        print("# " + unfolded(texts[1]))
        desk.check("refusal/said", ["refused to answer" in texts[0], "it refused at" in texts[1],
                                    "is not asked again before" in unfolded(texts[1])], [True] * 3)
        desk.check("refusal/not-kept", [text.startswith("% tipoff:") for text in texts], [True, True])
    fill(desk)
    with running(desk, later=3600) as proxy:
        desk.check("refusal/asked-later", "NORTHWIND-NET1" in proxy.ask("203.0.113.7"), True)


def upstream_down(desk):
    """A dead or refusing registry: the old answer, said to be old."""
    fill(desk)
    with running(desk) as proxy:
        proxy.ask("203.0.113.7")
    desk.fakes.misbehaviour["whois.ripe.net"] = lambda stream: None
    with running(desk, now="2026-12-01T06:00:00Z") as proxy:
        text = proxy.ask("203.0.113.7")
        desk.check("stale/dead", (text.startswith("% cache: stale; age 864000 s; servers whois.ripe.net; "
                                                  "whois.ripe.net gave no answer"),
                                  "NORTHWIND-NET1" in text), (True, True))
        desk.check("stale/dead-asked", desk.asked("whois")[-1:], ["whois whois.ripe.net -r 203.0.113.7"])
        text = proxy.ask("203.0.113.9")
        desk.check("stale/neighbour", (head(text).split(";")[0], "NORTHWIND-NET1" in text),
                   ("% cache: stale", True))
        desk.check("stale/neighbour-says-why", "whois.ripe.net gave no answer a moment ago" in text, True)
        proxy.ask("203.0.113.7")
        desk.check("stale/dead-is-not-asked-again", desk.asked("whois"), [])
        proxy.ask("203.0.113.77")
        desk.check("stale/without-an-old-answer-it-is", desk.asked("whois"),
                   ["whois whois.ripe.net -r 203.0.113.77"])
    with running(desk, now="2027-01-01T06:00:00Z") as proxy:
        desk.check("stale/too-old", proxy.ask("203.0.113.7").startswith("% tipoff: "), True)
    desk.fakes.misbehaviour.clear()


def stampede(desk):
    """A thousand equal questions at once are one question to the registry."""
    fill(desk)
    gate = threading.Event()
    desk.fakes.misbehaviour["whois.ripe.net"] = lambda stream: (
        gate.wait(20), stream.write(RIPE.replace("\n", "\r\n").encode()))
    with running(desk, deadline="20 s", settings=["whoisd.answers=0"]) as proxy:
        links = [proxy.connect() for _ in range(1000)]
        for link in links:
            link.sendall(b"203.0.113.7\r\n")
        while "waited with another 999" not in proxy.ask("stats"):
            pass
        gate.set()
        texts = [received(link) for link in links]
        desk.check("stampede/answers", sum("NORTHWIND-NET1" in text for text in texts), 1000)
        for link in links:
            link.close()
    desk.check("stampede/asked-once", desk.asked(), ["whois whois.ripe.net -r 203.0.113.7"])
    desk.fakes.misbehaviour.clear()


def slow_registry(desk):
    """Others are answered while one registry drips, floods or is silent."""
    fill(desk)
    for name, behaviour in (("drip", registries.drip), ("silent", registries.silent),
                            ("endless", registries.endless)):
        desk.store = os.path.join(desk.folder, "slow-%s.db" % name)
        desk.fakes.misbehaviour["whois.arin.net"] = behaviour
        with running(desk, deadline="2 s" if name != "endless" else "20 s") as proxy:
            with proxy.connect() as link:
                link.sendall(b"192.0.2.33\r\n")
                desk.check("slow/%s-others" % name, "NORTHWIND-NET1" in proxy.ask("203.0.113.7"), True)
                text = received(link)
            desk.check("slow/%s-ends" % name, ("cut here" if name == "endless" else "in time") in text, True)
            desk.check("slow/%s-memory" % name, proxy.memory() < 600, True)
    desk.fakes.misbehaviour.clear()


def crowd(desk):
    """10,000 idle and 100 slow clients: others are answered at once, idle ones end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    idle_count = 10000 if hard >= 10600 else hard - 600
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    line = "remarks:        " + "x" * 70 + "\n"
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE + line * 11000)
    with running(desk, settings=["whoisd.answers=0"]) as proxy:
        proxy.ask("203.0.113.7")
        slow = [proxy.connect("127.0.0.4") for _ in range(100)]
        for link in slow:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.sendall(b"203.0.113.7\r\n")
        idle = [proxy.connect("127.0.0.%d" % (10 + n % 200)) for n in range(idle_count)]
        while counted(proxy, "connections") < idle_count + 101:
            pass
        most = counted(proxy, "open")
        took = []
        for _ in range(50):
            before = time.monotonic()
            text = proxy.ask("help")
            took.append(time.monotonic() - before)
        desk.check("crowd/there", most > idle_count // 2, True)
        desk.check("crowd/answered", "% A caching" in text, True)
        desk.check("crowd/quickly", sorted(took)[25] < 0.5, True)
        print("# crowd: %d connections open, median answer %.1f ms, %d MB" % (
            most, sorted(took)[25] * 1000, proxy.memory()))
        desk.check("crowd/memory", proxy.memory() < 600, True)
        ends = [received(link) for link in idle[-100:]]
        desk.check("crowd/idle-end", [text for text in ends if text not in ("", "<reset>")], [])
        for link in idle + slow:
            link.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def makes_room(desk):
    """Past the cap the one that waits longest without a question goes."""
    with running(desk, settings=["whoisd.connections=16"]) as proxy:
        idle = [proxy.connect() for _ in range(16)]
        desk.check("room/newcomer", "% A caching" in proxy.ask(b"he" + b"lp\r\n"), True)
        with proxy.connect() as link:
            link.sendall(b"hel")
            desk.check("room/oldest-goes", received(idle[0]), "")
            link.sendall(b"p\r\n")
            desk.check("room/newest-stays", "% A caching" in received(link), True)
        for link in idle:
            link.close()


def stopping(desk):
    """SIGTERM: who waits gets the answer, who has no question is closed, nothing is lost."""
    fill(desk)
    gate = threading.Event()
    desk.fakes.misbehaviour["whois.ripe.net"] = lambda stream: (
        gate.wait(20), stream.write(RIPE.replace("\n", "\r\n").encode()))
    proxy = Whoisd(desk, deadline="20 s")
    idle, waiting = proxy.connect(), proxy.connect()
    waiting.sendall(b"203.0.113.7\r\n")
    while not desk.asked():
        pass
    proxy.process.send_signal(signal.SIGTERM)
    desk.check("stop/idle", received(idle), "")
    gate.set()
    desk.check("stop/waiting", "NORTHWIND-NET1" in received(waiting), True)
    out, _ = proxy.process.communicate(timeout=30)
    desk.check("stop/status", proxy.process.returncode, 0)
    desk.check("stop/summary", out,
               "2026-11-21 06:00 UTC: 1 question: 0 from the cache (0 stale), 1 asked of registries "
               "(0 refused, 0 failed), 0 wrong, 0 over the allowance; 1 answers kept\n")
    desk.fakes.misbehaviour.clear()
    with running(desk) as proxy:
        desk.check("stop/kept", head(proxy.ask("203.0.113.7")).split(";")[0], "% cache: hit")


def signals(desk):
    with running(desk) as proxy:
        proxy.ask("help")
        proxy.process.send_signal(signal.SIGUSR1)
        desk.check("signal/summary", proxy.process.stdout.readline().startswith(
            "2026-11-21 06:00 UTC: 1 question: "), True)


def keeps_nothing(desk):
    """Without answers in the store what servers were asked is still there, for everybody."""
    fill(desk)
    rationed = {"budgets": "* 1 24h 1", "wait": "1 s"}
    with running(desk, settings=["whoisd.keep=no"], **rationed) as proxy:
        desk.check("keeps-nothing/answers", "NORTHWIND-NET1" in proxy.ask("203.0.113.7"), True)
        done = desk.run("whois", "203.0.113.99", **rationed)
        desk.check("keeps-nothing/budget-is-shared", (done.returncode, desk.asked()),
                   (75, ["whois whois.ripe.net -r 203.0.113.7"]))
    with contextlib.closing(sqlite3.connect(desk.store)) as store:
        desk.check("keeps-nothing/no-answer", store.execute(
            "SELECT count(*) FROM whois_answer").fetchall(), [(0,)])
    store, desk.store = desk.store, "/proc/no/store.db"
    with running(desk, settings=["whoisd.keep=no"], **rationed) as proxy:
        proxy.ask("203.0.113.7")
        desk.check("keeps-nothing/alone", ("NORTHWIND-NET1" in proxy.ask("203.0.113.7"), [
            line for line in proxy.earlier if "not shared with other tipoffs" in line] != []),
                   (True, True))
    desk.store = store


def one_referral(desk):
    """Which server has a top-level domain is asked of IANA once, and again where it fails."""
    fill(desk)
    with running(desk) as proxy:
        for number in range(3):
            proxy.ask("north%d.example" % number)
        desk.check("referral/asked", desk.asked(), ["whois whois.iana.org example"] + [
            "whois whois.nic.example north%d.example" % number for number in range(3)])
        desk.put("whois.iana.org", "example", IANA.replace("whois.nic.example", "whois.nic2.example"))
        desk.fakes.misbehaviour["whois.nic.example"] = lambda stream: None
        desk.check("referral/moved", head(proxy.ask("north3.example")),
                   "% cache: miss; age 0 s; servers whois.iana.org, whois.nic2.example")
        proxy.ask("north4.example")
        desk.check("referral/moved-asked", desk.asked(), [
            "whois whois.nic.example north3.example", "whois whois.iana.org example",
            "whois whois.nic2.example north3.example", "whois whois.nic2.example north4.example"])
    desk.fakes.misbehaviour.clear()


def new_lists(desk):
    """Lists of RDAP servers that were replaced are used without a restart, broken ones not."""
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    with running(desk) as proxy:
        proxy.ask("203.0.113.7")
        desk.bootstrap = dict(desk.bootstrap, ipv4=[(["203.0.113.0/24"],
                                                     "https://rdap.arin.net/registry/")])
        desk.configuration()
        proxy.process.send_signal(signal.SIGHUP)
        desk.check("lists/said", "new lists of RDAP servers are in use" in
                   proxy.process.stderr.readline(), True)
        proxy.ask("203.0.113.77")
        with open(os.path.join(desk.folder, "bootstrap", "ipv4.json"), "w", encoding="ascii") as file:
            file.write("<html>")
        proxy.process.send_signal(signal.SIGHUP)
        desk.check("lists/broken-said", "were not read again" in proxy.process.stderr.readline(), True)
        proxy.ask("203.0.113.78")
        desk.check("lists/asked", desk.asked(), [
            "whois whois.ripe.net -r 203.0.113.7", "whois whois.arin.net n + 203.0.113.77",
            "whois whois.arin.net n + 203.0.113.78"])
    desk.bootstrap = dict(BOOTSTRAP)


def activation(desk):
    """Sockets and readiness as systemd has them."""
    with socket.socket() as listening, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        ready.bind(os.path.join(desk.folder, "notify"))
        ready.settimeout(30)
        script = ('import os,sys; os.dup2(int(sys.argv[1]), 3); os.environ["LISTEN_PID"] = str(os.getpid());'
                  'os.environ["LISTEN_FDS"] = "1"; os.execv(sys.argv[2], sys.argv[2:])')
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(listening.fileno()), desk.program, "whoisd", "--config",
             desk.configuration(), "--store", desk.store], pass_fds=[listening.fileno(), 3]
            if listening.fileno() != 3 else [3], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, HOME=desk.folder, NOTIFY_SOCKET=os.path.join(desk.folder, "notify")))
        desk.check("activation/ready", ready.recv(4096).decode().split("\n")[0], "READY=1")
        with socket.create_connection(listening.getsockname(), 20) as link:
            link.sendall(b"help\r\n")
            desk.check("activation/answers", "% A caching" in received(link), True)
        process.send_signal(signal.SIGTERM)
        desk.check("activation/stopping", ready.recv(4096).decode(), "STOPPING=1")
        process.communicate(timeout=30)
        desk.check("activation/status", process.returncode, 0)


def refusals(desk):
    """One sentence where it cannot listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = "127.0.0.1:%d" % taken.getsockname()[1]
        for name, words, want in (
                ("taken", ["--listen", place], "another program does"),
                ("elsewhere", ["--listen", "192.0.2.1:4343"], "no address of this machine"),
                ("no-place", ["--listen", "localhost:43"], "is no place to listen at; write ADDRESS:PORT"),
                ("clients", ["--set", "whoisd.clients=everybody", "--listen", "127.0.0.1:0"],
                 "is no"),
                ("servers", ["--set", "whoisd.servers=a..b", "--listen", "127.0.0.1:1"],
                 "[whoisd] servers: 'a..b' is no server"), ("offline", ["--offline"], "leave out --offline")):
            done = desk.run("whoisd", *words)
            desk.check("refused/" + name, (done.returncode != 0, want in done.stderr,
                                           len(done.stderr.splitlines()) <= 2), (True, True, True))
    if os.geteuid() != 0:
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as text:
            privileged = int(text.read()) > 43
        done = desk.run("whoisd") if privileged else None
        desk.check("refused/port-43", done is None or "ports below 1024 are for root" in done.stderr, True)


def main():
    desk = Desk()
    desk.fakes.whois("whois.nic.example", "whois.nic2.example", "whois.registro.br")
    only = sys.argv[1:]
    s30 = (poison, same_question, relay, hostile_lines, allowances, closed, stampede,
           slow_registry, crowd, makes_room)
    for test in (debian_client, text_is_safe, neighbours, poison, same_question, relay, own_words,
                 hostile_lines, allowances, closed, lifetimes, upstream_down, stampede, slow_registry,
                 crowd, makes_room, stopping, signals, keeps_nothing, one_referral, new_lists, activation, refusals):
        if only and test.__name__ not in only:
            continue
        desk.fresh()
        desk.prefix = "S30/" if test in s30 else ""
        test(desk)
    desk.close()


main()
