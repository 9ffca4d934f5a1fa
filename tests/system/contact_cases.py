#!/usr/bin/python3
"""The cases S01 to S29 and S33 to S35 of hostile servers, each by its number.

Every look-up runs under a limit of time and of resident memory (measured, because a limit
of address space and ASan exclude each other), and every case says what the servers saw.
Elsewhere: S13 and S14 with public addresses in contact_cases_addresses.py, S25's caps on
mail in delivery.py, S30 in whoisd.py, S31 and S32 in contact_cases_index.py.
"""
import concurrent.futures
import json
import os
import resource
import socket
import sqlite3
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from cases import ABUSE, MAIL, REFUSALS, Cases, arin, both, of_ripe, ripe  # noqa: E402
from desk import chosen, listed, problem, rdap_network  # noqa: E402

DESKS = 3


def reset(stream):
    """A connection cut in the middle of a line."""
    stream.write(b"NetRange:       192.0.2.0 - 192.0.2.127\r\nOrgAbuseEma")
    stream.flush()
    connection = stream._sock  # pylint: disable=protected-access
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection._real_close()  # pylint: disable=protected-access


def web(body, *head):
    """An answer of HTTP with a body that is made as it is sent."""
    def behave(stream):
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rdap+json\r\n" +
                     b"".join(line + b"\r\n" for line in head) + b"\r\n")
        for part in body():
            stream.write(part)
    return behave


def s01_endless(desk):
    desk.fakes.misbehaviour["whois.arin.net"] = registries.endless
    answer = desk.case("S01/whois", "192.0.2.1", [], both("192.0.2.1"), deadline="20 s")
    desk.check("S01/whois-said", problem(answer, "its answer was cut"), True)

    def chunks():
        while True:
            yield b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    desk.fakes.misbehaviour.clear()
    desk.fakes.misbehaviour["rdap.arin.net"] = web(chunks, b"Transfer-Encoding: chunked")
    desk.arin("192.0.2.2", arin())
    answer = desk.case("S01/rdap", "192.0.2.2", [ABUSE], both("192.0.2.2"), deadline="20 s")
    desk.check("S01/rdap-said", problem(answer, "rdap.arin.net"), True)


def s02_to_s04_slow_silent_reset(desk):
    for name, behave in (("S02/one-byte-a-time", registries.drip),
                         ("S03/silent", registries.silent), ("S04/reset-in-a-line", reset)):
        desk.fakes.misbehaviour["whois.arin.net"] = behave
        answer = desk.case(name, "192.0.2.1", [], both("192.0.2.1"), deadline="2 s")
        desk.check(name + "/said", problem(answer, "gave no answer"), True)


def s05_long_line(desk):
    text = arin().replace("NetName:        FABRIKAM-1", "NetName:        " + "x" * 700000)
    desk.arin("192.0.2.1", text)
    desk.case("S05/long-line", "192.0.2.1", [ABUSE], both("192.0.2.1"))
    desk.fresh()
    desk.arin("192.0.2.1", "Comment: " + "y" * (2 << 20) + "\n" + arin())
    answer = desk.case("S05/2-MiB-line", "192.0.2.1", [], both("192.0.2.1"))
    desk.check("S05/2-MiB-line-said", problem(answer, "its answer was cut"), True)


def s06_noise(desk):
    text = arin()
    for number, (name, data) in enumerate((
            ("nul", text.replace("FABRIKAM-1", "FAB\0RIKAM").encode()),
            ("lone-cr", text.replace("# start", "# st\rart").encode()),
            ("cr-cr-lf", text.replace("\n", "\r\r\n").encode()),
            ("no-final-newline", text.replace("\n\n# end\n", "").encode()),
            ("bom", b"\xef\xbb\xbf" + text.encode())), 1):
        address = "192.0.2.%d" % number
        desk.store = os.path.join(desk.folder, "s06-%s.db" % name)
        desk.arin(address, data, ".raw")
        desk.case("S06/" + name, address, [ABUSE], both(address))


def s07_terminal(desk):
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\x1b]52;c;YQ==\x07\u202ecod.exe"
    desk.arin("192.0.2.1", arin(name="NET" + evil))
    done = desk.run("contact", "192.0.2.1")
    desk.check("S07/terminal", [c for c in ("\x1b", "\x07", "\x9b", "\u202e") if c in done.stdout],
               [])
    desk.check("S07/terminal-contact", ABUSE in done.stdout, True)
    desk.check("S07/terminal/queries", desk.asked(), both("192.0.2.1"))


def s08_character_sets(desk):
    for number, (name, name_bytes) in enumerate((
            ("invalid", b"\xff\xfe\xc0\xaf\xed\xa0\x80"),
            ("iso-2022-jp-left-open", b"\x1b$B$3$s"), ("euc-kr", "\ud55c\uad6d".encode("euc-kr")),
            ("gbk", "\u4e2d\u56fd".encode("gbk")), ("latin-1", "S\xe3o".encode("latin-1"))), 1):
        address = "192.0.2.%d" % number
        desk.store = os.path.join(desk.folder, "s08-%s.db" % name)
        desk.arin(address, arin(name="@@").encode().replace(b"@@", name_bytes), ".raw")
        answer = desk.case("S08/" + name, address, [ABUSE], both(address))
        desk.check("S08/%s-is-utf-8" % name, isinstance(answer["network"]["name"], str), True)


def s09_s10_inside(desk):
    desk.dns("inside.fabrikam.example A 10.0.0.5\nloop.fabrikam.example A 127.0.0.1\n"
             "meta.fabrikam.example A 169.254.169.254\nnull.fabrikam.example A 0.0.0.0\n"
             "six.fabrikam.example AAAA ::1\nmapped.fabrikam.example AAAA ::ffff:127.0.0.1\n"
             "ok.fabrikam.example A 127.0.0.1\n")
    targets = ["inside.fabrikam.example", "loop.fabrikam.example", "meta.fabrikam.example",
               "null.fabrikam.example", "six.fabrikam.example", "mapped.fabrikam.example",
               "127.0.0.1", "10.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1",
               "localhost.", "registry.internal", "printer.local"]
    ports = ["ok.fabrikam.example:22", "ok.fabrikam.example:25", "ok.fabrikam.example:6379"]
    for number, target in enumerate(targets + ports, 1):
        address = "192.0.2.%d" % number
        desk.store = os.path.join(desk.folder, "s09-%d.db" % number)
        desk.arin(address, arin("ReferralServer: whois://" + target))
        desk.case("%s/%s" % ("S10" if target in ports else "S09", target), address, [ABUSE],
                  both(address))


def s11_loops(desk):
    desk.arin("192.0.2.1", arin("ReferralServer: whois://WHOIS.Loop.example.:43"))
    desk.put("whois.loop.example", "192.0.2.1", arin("ReferralServer: whois://whois.arin.net"))
    desk.case("S11/a-b-a", "192.0.2.1", [ABUSE],
              both("192.0.2.1") + ["whois whois.loop.example 192.0.2.1"])
    desk.arin("192.0.2.2", arin("ReferralServer: whois://WHOIS.ARIN.NET:43"))
    desk.store += "2"
    desk.case("S11/a-a", "192.0.2.2", [ABUSE], both("192.0.2.2"))
    # A registry's redirect leads to one whose referral leads back.
    desk.rdap("192.0.2.3", "https://rdap.db.ripe.net/ip/192.0.2.3", ".302.txt")
    desk.put("rdap.db.ripe.net", "ip/192.0.2.3",
             "https://rdap.arin.net/registry/ip/192.0.2.3", ".302.txt")
    desk.put("whois.ripe.net", "-r 192.0.2.3", ripe(key="192.0.2.0 - 192.0.2.7", mail=ABUSE))
    desk.store += "3"
    desk.case("S11/redirect-and-back", "192.0.2.3", [ABUSE],
              ["rdap rdap.arin.net /registry/ip/192.0.2.3",
               "rdap rdap.db.ripe.net /ip/192.0.2.3"] * 3 +
              ["whois whois.ripe.net -r 192.0.2.3"])


def s12_smuggling(desk):
    for query in ("192.0.2.1\r\nhelp", "-r 192.0.2.1", "!gAS1", "a.example;b", "NET-1 or 1",
                  "x\nY-RIPE", "help\r\n"):
        answers = (desk.contact(stdin=query + "\n") if query.startswith("-")
                   else desk.contact(query))
        desk.check("S12/%r" % query, ([a["contacts"] for a in answers], desk.asked()), ([[]], []))


def s13_s14_names_of_servers(desk):
    """Asked once, checked, and the checked address is the one connected to."""
    desk.dns("set.fabrikam.example A 10.0.0.5 192.168.3.4 127.0.0.1\n")
    desk.arin("192.0.2.1", arin("ReferralServer: whois://set.fabrikam.example"))
    answer = desk.case("S13/private-set", "192.0.2.1", [ABUSE])
    desk.check("S13/resolved-once", [line for line in desk.asked() if line.startswith("dns A ")],
               ["dns A set.fabrikam.example"])
    desk.check("S14/every-address-refused", problem(answer, "private or special"), True)


def s15_s16_redirects(desk):
    desk.dns("inside.example A 192.168.1.1\n")
    for number, (name, target, times) in enumerate((
            ("S15/downgrade", "http://rdap.db.ripe.net/ip/192.0.2.1", 1),
            ("S15/file", "file:///etc/passwd", 1), ("S15/gopher", "gopher://other.example/", 1),
            ("S15/scheme-relative", "//inside.example/ip/192.0.2.4", 1),
            ("S15/userinfo", "https://u:p@other.example/", 1),
            ("S15/private", "https://inside.example/", 1),
            ("S15/decimal", "https://2130706433/", 1),
            ("S16/loop", "/registry/ip/192.0.2.8", 6)), 1):
        address = "192.0.2.%d" % number
        desk.rdap(address, target, ".307.txt")
        desk.arin(address, arin())
        desk.store = os.path.join(desk.folder, "s15-%d.db" % number)
        desk.case(name, address, [ABUSE], both(address)[:1] * times + both(address)[1:])


def s17_json(desk):
    good = json.loads(rdap_network("192.0.2.0", "192.0.2.127", "N", ["abuse@n.example"]))

    def with_(**more):
        return json.dumps(dict(good, **more))
    long_string = with_(name="x" * 1500000)
    rows = (("deep", "[" * 100000, ABUSE), ("million-arrays", "[" + "[]," * 1000000 + "[]]", ABUSE),
            ("duplicate-keys", '{"entities":[],' + json.dumps(good)[1:], ABUSE),
            ("huge-number", with_(lang="@").replace('"@"', "9" * 400), None),
            ("nul", with_(name="a\0b"), "abuse@n.example"),
            ("lone-surrogate", with_(name="@").replace("@", "\\ud800", 1), None),
            ("long-string", long_string, None),
            ("trailing-garbage", json.dumps(good) + "<!-- -->", None),
            ("html", "<html>abuse@evil.example</html>", ABUSE), ("empty", "", ABUSE))
    for number, (name, text, want) in enumerate(rows, 1):
        address = "192.0.2.%d" % number
        desk.rdap(address, text)
        desk.arin(address, arin())
        desk.store = os.path.join(desk.folder, "s17-%d.db" % number)
        [answer] = desk.contact(address)
        got = chosen(answer)
        desk.check("S17/" + name, got in ([[want]] if want else [[ABUSE], ["abuse@n.example"]]),
                   True)
        asked = desk.asked()
        desk.check("S17/%s/queries" % name, asked in (both(address), both(address)[:1]), True)
    for name, head, body in (
            ("gzip", [b"Content-Encoding: gzip", b"Content-Length: 9000"], [b"\x1f\x8b" * 4500]),
            ("short-body", [b"Content-Length: 99999"], [json.dumps(good).encode()]),
            ("long-body", [b"Content-Length: 4"], [json.dumps(good).encode()])):
        desk.fresh()
        desk.fakes.misbehaviour["rdap.arin.net"] = web(lambda body=body: body, *head)
        desk.arin("192.0.2.20", arin())
        desk.case("S17/" + name, "192.0.2.20", [ABUSE], both("192.0.2.20"), deadline="3 s")


def s18_cards(desk):
    cards = ([], {}, None, 7, "vcard", ["vcard"], ["vcard", 1], ["vcard", {}], ["vcard", [[]]],
             ["vcard", [["email"]]], ["vcard", [["email", [], "text", "a@b.example"]]],
             ["vcard", [["email", {}, "text", 5]]], ["vcard", [["email", {}, "text", None]]],
             ["vcard", [[5, {}, "text", "a@b.example"]]], ["vcard", [None, "x", {}]],
             ["vcard", [["email", {"type": {"a": []}}, "text", ["abuse@x"]]]],
             ["VCARD", "email", "abuse@evil.example"])
    for number, card in enumerate(cards, 1):
        address = "192.0.2.%d" % number
        network = json.loads(rdap_network("192.0.2.%d" % number, "192.0.2.%d" % number, "N", []))
        network["entities"] = [{"objectClassName": "entity", "roles": ["abuse"],
                                "vcardArray": card}]
        desk.rdap(address, json.dumps(network))
        desk.arin(address, arin(first=address, last=address))
        [answer] = desk.contact(address)
        desk.check("S18/card-%d" % number, chosen(answer)[0] in (ABUSE, "a@b.example"), True)
    desk.check("S18/queries", len(desk.asked()) <= 2 * len(cards), True)


def s19_nested(desk):
    def nested(depth):
        entity = {"objectClassName": "entity", "roles": ["abuse"], "vcardArray": [
            "vcard", [["email", {}, "text", "deep@n.example"]]]}
        for _ in range(depth):
            entity = {"objectClassName": "entity", "roles": ["registrant"], "entities": [entity]}
        network = json.loads(rdap_network("192.0.2.0", "192.0.2.127", "N", []))
        network["entities"] = [entity]
        network["links"] = [{"rel": rel, "type": "application/rdap+json",
                             "href": "https://rdap.arin.net/registry/ip/192.0.2.2"}
                            for rel in ("self", "related", "up")]
        return json.dumps(network)
    desk.rdap("192.0.2.1", nested(450))
    desk.arin("192.0.2.1", arin())
    desk.case("S19/nested", "192.0.2.1", [ABUSE], both("192.0.2.1"))
    desk.store += "2"
    desk.rdap("192.0.2.2", nested(1))
    desk.case("S19/links-to-itself", "192.0.2.2", ["deep@n.example"], both("192.0.2.2")[:1])


def s20_addresses(desk):
    bad = ["a@b.example\\r\\nBcc: x@y.example", "a@b.example%0d%0aX: y", "=?utf-8?q?a?=@",
           "-oQ/tmp@b.example", "|cmd", "<@relay.example:a@b.example", "a@[192.0.2.1]", "a@localhost", "a b@c.example"]
    lines = ["RAbuseEmail:  " + text for text in bad]
    lines += ["RAbuseEmail:  a%d@many.example" % number for number in range(10000)]
    desk.arin("192.0.2.1", arin(*lines))
    answer = desk.case("S20/addresses", "192.0.2.1", ["a0@many.example"], both("192.0.2.1"))
    desk.check("S20/few-of-10000", len(answer["contacts"]) <= 64, True)
    addresses = [contact["address"] for contact in answer["contacts"]]
    desk.check("S20/clean", [a for a in addresses if any(c in a for c in "\r\n %|<>[]=")
                             or a.startswith("-")], [])


def s21_words_of_others(desk):
    """A name that would end a header or a line of YAML."""
    evil = "Fab\u2028Subject: x\\r\\nBcc: v@victim.example: {a: [b"
    desk.arin("192.0.2.1", arin().replace("Fabrikam Backbone", evil))
    log = os.path.join(desk.folder, "auth.log")
    with open(log, "w", encoding="ascii") as file:
        for second in range(20):
            file.write("Nov 21 05:00:%02d web1 sshd[9]: Failed password for root from 192.0.2.1 "
                       "port 4%03d ssh2\n" % (second, second))
    done = desk.run("draft", "--show", log)
    desk.check("S21/drafted", (done.returncode, "192.0.2.1" in done.stdout), (0, True))
    head = done.stdout.split("Subject:")[0] if "Subject:" in done.stdout else ""
    desk.check("S21/no-header-of-theirs", "Bcc" in head, False)
    desk.check("S21/queries", desk.asked(), both("192.0.2.1"))


def s22_user_text(desk):
    desk.put("whois.ripe.net", "-r 203.0.113.1", ripe(
        "descr:          x", "% Abuse contact for '203.0.113.0 - 203.0.113.63' is not said here",
        "remarks:        % Abuse contact for '203.0.113.0 - 203.0.113.63' is 'v@victim.example'",
        "                % Abuse contact for '203.0.113.0 - 203.0.113.63' is 'w@victim.example'",
        "+% Abuse contact for '203.0.113.0 - 203.0.113.63' is 'u@victim.example'",
        "descr:          Transferred to the ARIN region on 2020-01-01",
        "remarks:        ReferralServer: whois://evil.example"))
    desk.case("S22/remarks", "203.0.113.1", ["abuse@northwind.example"], of_ripe("203.0.113.1"))


def s23_containment(desk):
    desk.rdap("192.0.2.1", rdap_network("198.18.0.0", "198.18.0.255", "O", ["a@other.example"]))
    desk.case("S23/another-range", "192.0.2.1", [], both("192.0.2.1"))
    desk.rdap("192.0.2.2", rdap_network("0.0.0.0", "255.255.255.255", "ALL", ["a@all.example"]))
    desk.arin("192.0.2.2", "NetRange:       0.0.0.0 - 255.255.255.255\nNetName: ALL\n"
                           "OrgAbuseEmail:  a@all.example\n")
    desk.contact("192.0.2.2")
    desk.asked()
    desk.case("S23/everything-is-not-kept", "192.0.2.3", [], both("192.0.2.3"))


def s24_narrower(desk):
    """A customer may name himself; who stands above him stays in the list."""
    desk.arin("192.0.2.1", arin() + arin(first="192.0.2.0", last="192.0.2.15", name="CUSTOMER",
                                         mail="me@attacker.example"))
    answer = desk.case("S24/narrower", "192.0.2.1", ["me@attacker.example"], both("192.0.2.1"))
    desk.check("S24/parent-stays", [(c["address"], c["scope"]) for c in answer["contacts"]],
               [("me@attacker.example", "organisation"), (ABUSE, "parent")])


def bounced(desk, address, day):
    """What a mailbox that refused mail for good leaves behind."""
    at = int(time.mktime((2026, 11, day, 6, 0, 0, 0, 0, 0)) - time.timezone) * 1000000
    with sqlite3.connect(desk.store) as store:
        store.execute("INSERT INTO refused (address, at, words) VALUES (?, ?, ?)",
                      (address, at, "550 no such \x1b[2Juser"))


def s25_victim(desk):
    """The abuse box of a network is a third party's: once it refused, the next is taken."""
    customer = arin(first="192.0.2.0", last="192.0.2.15", name="CUSTOMER", mail="v@victim.example")
    desk.arin("192.0.2.1", arin() + customer)
    desk.case("S25/first", "192.0.2.1", ["v@victim.example"], both("192.0.2.1"))
    bounced(desk, "V@victim.example".lower(), 20)
    answer = desk.case("S25/next-one", "192.0.2.1", [ABUSE], [])
    desk.check("S25/said", (answer["passed_over"], problem(
        answer, "v@victim.example refused mail on 2026-11-20")), ("v@victim.example", True))
    bounced(desk, ABUSE, 20)
    desk.case("S25/nobody-left", "192.0.2.1", [], [])
    desk.case("S25/neighbours-too", "192.0.2.2", [], [])
    desk.case("S25/forgiven", "192.0.2.1", ["v@victim.example"], both("192.0.2.1"),
              now="2027-02-20T06:00:00Z")


def s25_nobody_else(desk):
    """Neither the owner of the source's domain nor a CSIRT takes the place of a desk."""
    desk.rdap("192.0.2.1", rdap_network("192.0.2.0", "192.0.2.63", "N", ["v@victim.example"],
                                        country="BR"))
    desk.dns("1.2.0.192.in-addr.arpa PTR mail.attacker.zz\nmail.attacker.zz A 192.0.2.1\n")
    desk.put("whois.iana.org", "zz", "refer: whois.nic.zz\n\ndomain: ZZ\nsource: IANA\n")
    desk.put("whois.nic.zz", "attacker.zz", "Domain Name: attacker.zz\n"
             "Registrant Email: owner@attacker.zz\nAdmin Email: owner2@attacker.zz\n")
    answer = desk.case("S25/with-domain", "192.0.2.1", ["v@victim.example"], reverse_names="yes")
    desk.check("S25/owner-is-listed", "owner@attacker.zz" in [a for a, _ in listed(answer)], True)
    bounced(desk, "v@victim.example", 20)
    desk.asked()
    answers = desk.run("contact", "--json", "--csirt", "192.0.2.1", reverse_names="yes")
    answer = json.loads(answers.stdout)
    desk.check("S25/not-the-owner", [a for a in chosen(answer) if a != "abuse@attacker.zz"], [])
    desk.check("S25/csirt-is-for-a-person", [c["address"] for c in answer["contacts"]
                                             if c["scope"] == "csirt" and c["chosen"]], [])
    desk.check("S25/queries-of-registries", desk.asked("rdap") + desk.asked("whois"), [])


def s26_lapsed_hosts(desk):
    """No table of hosts of countries: IANA is asked; what comes back is never run."""
    marker = os.path.join(desk.folder, "owned")
    desk.put("whois.iana.org", "zz", "refer: whois.nic.zz.example\n\ndomain: ZZ\nsource: IANA\n")
    desk.fakes.whois("whois.nic.zz.example")
    desk.put("whois.nic.zz.example", "shop.zz", "Domain Name: shop.zz\nRegistrar Abuse Contact "
             "Email: $(touch %s)@x.example\nRegistrar: `touch %s`<?php touch('%s'); ?>\n"
             % (marker, marker, marker))
    desk.contact("shop.zz")
    desk.check("S26/nothing-run", os.path.exists(marker), False)
    desk.check("S26/queries", desk.asked("whois"),
               ["whois whois.iana.org zz", "whois whois.nic.zz.example shop.zz"])


def s27_provenance(desk):
    """What anybody on the way could have changed is marked, in JSON and in words."""
    desk.rdap("192.0.2.1", rdap_network("192.0.2.0", "192.0.2.63", "N", ["abuse@n.example"]))
    answer = desk.case("S27/tls-first", "192.0.2.1", ["abuse@n.example"], both("192.0.2.1")[:1])
    desk.check("S27/tls-marked", [(c["found_by"], c["server"].startswith("https://"),
                                   c["unencrypted"]) for c in answer["contacts"]],
               [("rdap", True, False)])
    desk.check("S27/tls-in-words", "unencrypted" in desk.run("contact", "192.0.2.1").stdout, False)
    desk.arin("192.0.2.100", arin(first="192.0.2.96"))
    answer = desk.case("S27/plain", "192.0.2.100", [ABUSE], both("192.0.2.100"))
    desk.check("S27/plain-marked", [(c["found_by"], c["server"], c["unencrypted"])
                                    for c in answer["contacts"]],
               [("whois", "whois.arin.net", True)])
    desk.check("S27/plain-in-words", "from whois.arin.net (ABUSE77-ARIN), unencrypted, 2026-11-21"
               in desk.run("contact", "192.0.2.100").stdout, True)
    desk.bootstrap["ipv4"] = [(["203.0.113.0/24"], "http://rdap.local.example/")]
    desk.put("rdap.local.example", "ip/203.0.113.61", rdap_network(
        "203.0.113.0", "203.0.113.63", "PLAIN", ["abuse@plain.example"]), ".json")
    answer = desk.case("S27/http", "203.0.113.61", ["abuse@plain.example"],
                       ["http rdap.local.example /ip/203.0.113.61"])
    desk.check("S27/http-marked", [c["unencrypted"] for c in answer["contacts"]], [True])


def inetnum(key, netname, *lines):
    return ("inetnum:        %s\nnetname:        %s\nadmin-c:        X-RIPE\n%s"
            "remarks:        abuse to trap@evil.example\nsource:         %%s\n"
            % (key, netname, "".join(line + "\n" for line in lines)))


def s28_placeholders(desk):
    """A block that stands for "not here" is no network, whoever it names."""
    iana = ["whois whois.iana.org 203.0.113.%d"]
    rows = (
        ("0/0", inetnum("0.0.0.0 - 255.255.255.255", "IANA-BLK", "mnt-by: RIPE-NCC-HM-MNT"), iana),
        ("8", inetnum("203.0.0.0 - 203.255.255.255", "NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK",
                      "mnt-by: RIPE-NCC-HM-MNT"), iana),
        ("unspecified", inetnum("203.0.0.0 - 203.255.255.255", "EU-ZZ-203",
                                "status: ALLOCATED UNSPECIFIED", "mnt-by: RIPE-NCC-HM-MNT"), iana),
    )
    for number, (name, text, then) in enumerate(rows, 1):
        address = "203.0.113.%d" % number
        desk.put("whois.ripe.net", "-r " + address, text % "RIPE")
        answer = desk.case("S28/" + name, address, [],
                           of_ripe(address) + [line % number for line in then])
        desk.check("S28/%s-no-network" % name, (answer["network"], [
            a for a, _ in listed(answer) if "trap" in a]), (None, []))


def s28_rdap_and_others(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.9", rdap_network(
        "0.0.0.0", "255.255.255.255", "IANA-BLK", ["trap@evil.example"]), ".json")
    desk.case("S28/rdap-0/0", "203.0.113.9", [], of_ripe("203.0.113.9"))
    desk.put("whois.apnic.net", "198.51.100.9", inetnum(
        "198.51.100.0 - 198.51.100.255", "STUB-198-51-100-0SLASH24",
        "descr: Transferred to the RIPE region on 2019-01-01", "mnt-by: APNIC-STUB") % "APNIC")
    desk.put("whois.ripe.net", "-r 198.51.100.9", ripe(key="198.51.100.0 - 198.51.100.63"))
    desk.case("S28/stub", "198.51.100.9", ["abuse@northwind.example"],
              ["rdap rdap.apnic.net /ip/198.51.100.9", "whois whois.apnic.net 198.51.100.9",
               "whois whois.ripe.net -r 198.51.100.9"])
    desk.arin("192.0.2.9", arin("NetType:        Allocated to RIPE NCC",
                                "ReferralServer: whois://whois.ripe.net",
                                mail="abuse@ripe.net", name="RIPE-192"))
    desk.put("whois.ripe.net", "-r 192.0.2.9", ripe(key="192.0.2.0 - 192.0.2.63"))
    desk.case("S28/early-registration", "192.0.2.9", ["abuse@northwind.example"],
              both("192.0.2.9") + ["whois whois.ripe.net -r 192.0.2.9"])


def s29_refusals(desk):
    """Words of refusal are no answer: nothing of them is read or kept."""
    rdap = {"whois.ripe.net": "rdap rdap.db.ripe.net /ip/", "whois.arin.net":
            "rdap rdap.arin.net /registry/ip/", "whois.lacnic.net":
            "rdap rdap.lacnic.net /rdap/ip/", "whois.afrinic.net": "rdap rdap.afrinic.net /rdap/ip/"}
    for number, (name, host, address, query, text) in enumerate(REFUSALS):
        desk.store = os.path.join(desk.folder, "s29-%d.db" % number)
        desk.put(host, query % address, text)
        seen = [rdap[host] + address, "whois %s %s" % (host, query % address)]
        answer = desk.case("S29/" + name, address, [], seen)
        desk.check("S29/%s-read" % name, MAIL in json.dumps(answer["contacts"]), False)
        desk.check("S29/%s-not-nobody" % name, answer["later_at"] is not None, True)
        desk.case("S29/%s-left-alone" % name, address, [], seen[:1])
    desk.store += "-http"
    desk.rdap("192.0.2.77", "<html>slow down: %s</html>" % MAIL, ".429.html")
    desk.arin("192.0.2.77", arin())
    answer = desk.case("S29/http-429", "192.0.2.77", [ABUSE], both("192.0.2.77"))
    desk.check("S29/http-429-read", MAIL in json.dumps(answer), False)


def s33_pointers(desk):
    desk.rdap("192.0.2.1", rdap_network("192.0.2.0", "192.0.2.63", "N", ["abuse@n.example"]))
    desk.dns("1.2.0.192.in-addr.arpa PTR evil\x1b[2J.victim.example www.victim.example "
             "%s.victim.example\nwww.victim.example A 198.51.100.1\n" % ("x" * 60))
    answer = desk.case("S33/names", "192.0.2.1", ["abuse@n.example"], reverse_names="yes")
    desk.check("S33/victim-not-confirmed", [row for row in answer["names"] if row["confirmed"]], [])
    desk.check("S33/nothing-of-the-victim", [a for a, _ in listed(answer) if "victim" in a], [])
    desk.check("S33/no-escape", "\x1b" in json.dumps(answer), False)
    desk.check("S33/queries", [line for line in desk.asked() if "whois" in line], [])


def s34_privacy(desk):
    desk.rdap("192.0.2.1", rdap_network("192.0.2.0", "192.0.2.63", "N", ["abuse@n.example"]))
    log = os.path.join(desk.folder, "auth.log")
    with open(log, "w", encoding="ascii") as file:
        for second in range(20):
            file.write("Nov 21 05:00:%02d web1 sshd[9]: Failed password for secretuser from "
                       "192.0.2.1 port 4%03d ssh2\n" % (second, second))
    done = desk.run("draft", log)
    desk.check("S34/drafted", done.returncode, 0)
    desk.check("S34/queries", desk.asked(), ["rdap rdap.arin.net /registry/ip/192.0.2.1"])


def s35_numbers(desk):
    desk.bootstrap["asn"] = [(["1-4294967294"], "https://rdap.db.ripe.net/")]
    for text, number in (("AS64500", 64500), ("as4199999999", 4199999999), ("AS1234567", 1234567)):
        desk.case("S35/" + text, text, [], ["rdap rdap.db.ripe.net /autnum/%d" % number,
                                            "whois whois.ripe.net -r AS%d" % number])
    desk.documentation = "no"
    for text in ("AS0", "AS64500", "AS4200000000", "AS23456", "AS4294967295", "AS4294967296", "AS1.2", "AS99999999999", "AS-1",
                 "AS65535"):
        [answer] = desk.contact(text)
        desk.check("S35/%s-is-nobody's" % text, (answer["contacts"], desk.asked()), ([], []))


CASES = (s01_endless, s02_to_s04_slow_silent_reset, s05_long_line, s06_noise, s07_terminal,
         s08_character_sets, s09_s10_inside, s11_loops, s12_smuggling, s13_s14_names_of_servers,
         s15_s16_redirects, s17_json, s18_cards, s19_nested, s20_addresses, s21_words_of_others,
         s22_user_text, s23_containment, s24_narrower, s25_victim, s25_nobody_else,
         s26_lapsed_hosts, s27_provenance, s28_placeholders, s28_rdap_and_others, s29_refusals,
         s33_pointers, s34_privacy, s35_numbers)


def run_all(tests):
    desk = Cases()
    desk.fakes.whois("whois.loop.example", "whois.nic.zz")
    desk.fakes.rdap_plain("rdap.local.example")
    shipped = dict(desk.bootstrap)
    for test in tests:
        desk.fresh()
        desk.bootstrap = dict(shipped)
        before = time.monotonic()
        test(desk)
        print("# %s: %.1f s" % (test.__name__, time.monotonic() - before))
    desk.fakes.close()
    return desk.failed


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    tests = [test for test in CASES if only in test.__name__]
    with concurrent.futures.ThreadPoolExecutor(DESKS) as pool:
        failed = sum(pool.map(run_all, [tests[at::DESKS] for at in range(DESKS)]))
    print("# most memory of a look-up: %d MiB"
          % (resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
    sys.exit(1 if failed else 0)


main()
