#!/usr/bin/python3
"""Servers that lie, stall, flood, refuse and point elsewhere; and what was asked of whom."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from desk import Desk, chosen, problem, rdap_network  # noqa: E402

RDAP_ARIN = "rdap rdap.arin.net /registry/ip/192.0.2.%d"
WHOIS_ARIN = "whois whois.arin.net n + 192.0.2.%d"


def arin(*lines):
    """A record of ARIN with a contact and what else is given."""
    return ("# start\n\nNetRange:       192.0.2.0 - 192.0.2.127\nCIDR:           192.0.2.0/25\n"
            "NetName:        FABRIKAM-1\nNetHandle:      NET-192-0-2-0-1\n"
            "Organization:   Fabrikam Backbone (FB-7)\n%s\n"
            "OrgName:        Fabrikam Backbone\nOrgId:          FB-7\n\n"
            "OrgAbuseHandle: ABUSE77-ARIN\nOrgAbuseEmail:  abuse@fabrikam.example\n\n# end\n"
            % "".join(line + "\n" for line in lines))


def timed(desk, *queries, **more):
    before = time.monotonic()
    answers = desk.contact(*queries, **more)
    return answers, time.monotonic() - before


def referrals_refused(desk):
    """Private, loopback, other ports, free text: none of them is connected to."""
    desk.dns("inside.fabrikam.example A 10.0.0.5\nloop.fabrikam.example A 127.0.0.1\n"
             "link.fabrikam.example A 169.254.169.254\nmapped.fabrikam.example AAAA ::ffff:127.0.0.1\n"
             "nat.fabrikam.example AAAA 64:ff9b::7f00:1\n")
    for number, (name, line, words) in enumerate((
            ("private", "ReferralServer: whois://inside.fabrikam.example", "private or special"),
            ("loopback-name", "ReferralServer: rwhois://loop.fabrikam.example:4321",
             "private or special"),
            ("link-local", "ReferralServer: whois://link.fabrikam.example", "private or special"),
            ("mapped", "ReferralServer: whois://mapped.fabrikam.example", "private or special"),
            ("nat64", "ReferralServer: whois://nat.fabrikam.example", "private or special"),
            ("literal", "ReferralServer: whois://127.0.0.1", ""),
            ("ssh-port", "ReferralServer: whois://fabrikam.example:22", ""),
            ("free-text", "Comment:        ReferralServer: whois://fabrikam.example", "")), 10):
        desk.put("whois.arin.net", "n + 192.0.2.%d" % number, arin(line))
        desk.store = os.path.join(desk.folder, "hostile-%s.db" % name)
        [answer] = desk.contact("192.0.2.%d" % number)
        desk.check("referral/%s-refused" % name,
                   [line for line in desk.asked() if not line.startswith("dns ")],
                   [RDAP_ARIN % number, WHOIS_ARIN % number])
        desk.check("referral/%s-contact-stays" % name, chosen(answer), ["abuse@fabrikam.example"])
        if words:
            desk.check("referral/%s-said" % name, problem(answer, words), True)


def referral_of_another(desk):
    """Only ARIN may name a server that is not a registry's."""
    desk.put("whois.ripe.net", "-r 203.0.113.7",
             "% Abuse contact for '203.0.113.0 - 203.0.113.63' is 'a@northwind.example'\n\n"
             "inetnum:        203.0.113.0 - 203.0.113.63\nnetname:        NORTHWIND-NET1\n"
             "remarks:        ReferralServer: whois://evil.example\n"
             "ReferralServer: whois://evil.example\nsource:         RIPE\n")
    desk.contact("203.0.113.7")
    desk.check("referral/of-ripe-refused", desk.asked(),
               ["rdap rdap.db.ripe.net /ip/203.0.113.7", "whois whois.ripe.net -r 203.0.113.7"])


def loop(desk):
    desk.put("whois.arin.net", "n + 192.0.2.30", arin("ReferralServer: whois://WHOIS.LOOP.example:43"))
    desk.put("whois.loop.example", "192.0.2.30", arin("ReferralServer: whois://whois.arin.net"))
    [answer] = desk.contact("192.0.2.30")
    desk.check("loop/ends", desk.asked(),
               [RDAP_ARIN % 30, WHOIS_ARIN % 30, "whois whois.loop.example 192.0.2.30"])
    desk.check("loop/no-word-of-it", problem(answer, "stopped after"), False)
    desk.check("loop/contact", chosen(answer), ["abuse@fabrikam.example"])


def chain(desk):
    """Registries that pass the question on for ever: six servers are enough."""
    def elsewhere(registry):
        return ("NetRange:       192.0.2.0 - 192.0.2.127\nCIDR: 192.0.2.0/25\nNetName: X\n"
                "NetType:        Transferred to %s\n\nReferralServer: whois://whois.%s.net\n"
                % (registry.upper(), registry))
    desk.put("whois.arin.net", "n + 192.0.2.31", elsewhere("hop1"))
    desk.put("whois.hop1.net", "192.0.2.31", elsewhere("hop2"))
    [answer] = desk.contact("192.0.2.31")
    desk.check("chain/second-stranger-refused", desk.asked(),
               [RDAP_ARIN % 31, WHOIS_ARIN % 31, "whois whois.hop1.net 192.0.2.31"])
    desk.check("chain/said", problem(answer, "only ARIN may name"), True)


def endless(desk):
    desk.fakes.misbehaviour["whois.arin.net"] = registries.endless
    [answer], took = timed(desk, "192.0.2.32", deadline="50 s")
    desk.check("endless/cut", problem(answer, "its answer was cut"), True)
    desk.check("endless/soon", took < 20, True)  # its cap ends it, not the deadline
    desk.check("endless/queries", desk.asked(), [RDAP_ARIN % 32, WHOIS_ARIN % 32])


def slow(desk):
    for name, behaviour, words in (("silent", registries.silent, "did not finish in time"),
                                   ("drip", registries.drip, "did not finish in time")):
        desk.fakes.misbehaviour["whois.arin.net"] = behaviour
        [answer], took = timed(desk, "192.0.2.33", deadline="1 s")
        desk.check("%s/said" % name, problem(answer, words), True)
        desk.check("%s/deadline" % name, took < 3, True)
        desk.check("%s/queries" % name, desk.asked(), [RDAP_ARIN % 33, WHOIS_ARIN % 33])
    desk.fakes.misbehaviour["rdap.arin.net"] = registries.silent
    [answer], took = timed(desk, "192.0.2.33", deadline="1 s")
    desk.check("silent-rdap/deadline-is-for-all", took < 3, True)
    desk.check("silent-rdap/queries", desk.asked(), [RDAP_ARIN % 33])


def dead_resolver(desk):
    desk.fakes.dns.silent = True
    desk.put("whois.arin.net", "n + 192.0.2.34", arin("ReferralServer: whois://whois.gone.example"))
    [answer], took = timed(desk, "192.0.2.34", reverse_names="yes")
    desk.check("resolver/two-seconds", took < 4, True)
    desk.check("resolver/said", problem(answer, "could not be asked of the DNS"), True)
    desk.check("resolver/contact", chosen(answer), ["abuse@fabrikam.example"])
    desk.asked()


def refusals(desk):
    """A refusal is neither read nor kept, and its server is left in peace."""
    text = ("%ERROR:201: access denied for 192.0.2.1\n%\n% Queries from your IP address have passed"
            " the daily limit of controlled objects.\n% Access from your host has been temporarily"
            " denied. Contact ripe-dbm@northwind.example\n")
    for address in ("203.0.113.7", "203.0.113.70"):
        desk.put("whois.ripe.net", "-r " + address, text)
    answers = desk.contact("203.0.113.7", "203.0.113.70")
    desk.check("refusal/no-contact", [answer["contacts"] for answer in answers], [[], []])
    desk.check("refusal/said", problem(answers[0], "refused to answer"), True)
    desk.check("refusal/asked-once", desk.asked("whois"), ["whois whois.ripe.net -r 203.0.113.7"])
    desk.put("whois.ripe.net", "-r 203.0.113.7",
             "% Abuse contact for '203.0.113.0 - 203.0.113.63' is 'abuse@northwind.example'\n\n"
             "inetnum:        203.0.113.0 - 203.0.113.63\nnetname:        NORTHWIND-NET1\n"
             "source:         RIPE\n")
    [answer] = desk.contact("203.0.113.7")
    desk.check("refusal/left-in-peace", (desk.asked("whois"), problem(
        answer, "is not asked again before")), ([], True))
    [answer] = desk.contact("203.0.113.7", later=3600)
    desk.check("refusal/not-kept", chosen(answer), ["abuse@northwind.example"])
    desk.asked()


def http_statuses(desk):
    for number, (name, suffix, body) in enumerate((
            ("429", ".429.html", "<html>slow down, write to hostmaster@arin.example</html>"),
            ("403", ".403.html", "<html>no</html>"), ("500", ".500.html", "<html>oops</html>"),
            ("html-with-200", ".html", "<html>welcome to our portal</html>"),
            ("broken-json", ".json", '{"objectClassName":"ip network",'),
            ("deep-json", ".json", "[" * 100000)), 40):
        desk.put("rdap.arin.net", "registry/ip/192.0.2.%d" % number, body, suffix)
        desk.put("whois.arin.net", "n + 192.0.2.%d" % number, arin())
        desk.store = os.path.join(desk.folder, "status-%s.db" % name)
        [answer] = desk.contact("192.0.2.%d" % number)
        desk.check("rdap-%s/whois-instead" % name, chosen(answer), ["abuse@fabrikam.example"])
        desk.check("rdap-%s/said" % name, problem(answer, "rdap.arin.net"), True)
        desk.check("rdap-%s/queries" % name, desk.asked(),
                   [RDAP_ARIN % number, WHOIS_ARIN % number])


def redirects(desk):
    network = rdap_network("192.0.2.0", "192.0.2.63", "MOVED-1", ["abuse@moved.example"])
    host = "rdap.arin.net"
    desk.put(host, "registry/ip/192.0.2.50", "https://rdap.db.ripe.net/ip/192.0.2.50", ".302.txt")
    desk.put("rdap.db.ripe.net", "ip/192.0.2.50", network, ".json")
    [answer] = desk.contact("192.0.2.50")
    desk.check("redirect/followed", chosen(answer), ["abuse@moved.example"])
    desk.check("redirect/queries", desk.asked(),
               [RDAP_ARIN % 50, "rdap rdap.db.ripe.net /ip/192.0.2.50"])
    desk.dns("inside.example A 192.168.1.1\n")
    for number, (name, target) in enumerate((
            ("downgrade", "http://rdap.db.ripe.net/ip/192.0.2.51"), ("file", "file:///etc/passwd"),
            ("gopher", "gopher://other.example/x"), ("user", "https://a@other.example/"),
            ("private", "https://inside.example/"), ("loopback", "https://127.0.0.1/"),
            ("decimal", "https://2130706433/"), ("self", "/registry/ip/192.0.2.58")), 51):
        desk.put(host, "registry/ip/192.0.2.%d" % number, target, ".302.txt")
        desk.put("whois.arin.net", "n + 192.0.2.%d" % number, arin())
        desk.store = os.path.join(desk.folder, "redirect-%s.db" % name)
        [answer] = desk.contact("192.0.2.%d" % number)
        seen = [line for line in desk.asked() if not line.startswith("dns ")]
        want = [RDAP_ARIN % number] * (6 if name == "self" else 1) + [WHOIS_ARIN % number]
        desk.check("redirect/%s-queries" % name, seen, want)
        desk.check("redirect/%s-said" % name, problem(answer, "gave no answer"), True)


def wrong_certificate(desk):
    [answer] = desk.contact("192.0.2.60", ca_file="/etc/ssl/certs/ca-certificates.crt")
    desk.check("tls/unknown-authority-refused", desk.asked("rdap"), [])
    desk.check("tls/said", problem(answer, "gave no answer"), True)
    desk.asked()


def plain_http(desk):
    """Plain HTTP only where the user's own row leads there."""
    desk.bootstrap["ipv4"] = [(["192.0.2.0/24"], "http://rdap.local.example/")]
    desk.put("rdap.local.example", "ip/192.0.2.61",
             rdap_network("192.0.2.0", "192.0.2.63", "PLAIN", ["abuse@plain.example"]), ".json")
    [answer] = desk.contact("192.0.2.61")
    desk.check("plain/refused", desk.asked("http"), [])
    desk.check("plain/said", problem(answer, "only https"), True)
    desk.fakes.rdap_plain("rdap.local.example")
    [answer] = desk.contact("192.0.2.61")
    desk.check("plain/with-row", chosen(answer), ["abuse@plain.example"])
    desk.asked()


def foreign_range(desk):
    """An answer about another range, or about everything, is nobody's contact."""
    desk.put("rdap.arin.net", "registry/ip/192.0.2.62",
             rdap_network("198.18.0.0", "198.18.255.255", "OTHER", ["abuse@other.example"]), ".json")
    desk.put("rdap.arin.net", "registry/ip/192.0.2.63",
             rdap_network("0.0.0.0", "255.255.255.255", "ALL", ["abuse@all.example"]), ".json")
    answers = desk.contact("192.0.2.62", "192.0.2.63", "192.0.2.64")
    desk.check("range/other-refused", chosen(answers[0]), [])
    desk.check("range/all-not-reused", chosen(answers[2]), [])
    desk.asked()


def whois_command(desk):
    desk.put("whois.arin.net", "n + 192.0.2.70", arin("ReferralServer: whois://whois.loop.example"))
    desk.put("whois.loop.example", "192.0.2.70", "hello \x1b]0;owned\x07 \u202e there\n")
    done = desk.run("whois", "192.0.2.70")
    desk.check("whois/exit", done.returncode, 0)
    desk.check("whois/parts", [line for line in done.stdout.splitlines() if line.startswith("[")],
               ["[whois.arin.net]", "[whois.loop.example]"])
    desk.check("whois/escaped", ("\x1b" in done.stdout, "\u202e" in done.stdout,
                                 "\\x1B" in done.stdout.upper().replace("\\X1B", "\\x1B")),
               (False, False, True))
    desk.check("whois/queries", desk.asked(), [WHOIS_ARIN % 70, "whois whois.loop.example 192.0.2.70"])
    for name, arguments in (("at", ["n ! NET-1@whois.arin.net"]),
                            ("host", ["-h", "whois.arin.net", "n", "!", "NET-1"])):
        done = desk.run("whois", *arguments)
        desk.check("whois/%s-queries" % name, desk.asked(), ["whois whois.arin.net n ! NET-1"])
        desk.check("whois/%s-text" % name, "No match found" in done.stdout, True)
    for name, arguments in (("line-break", ["a\r\nb@whois.arin.net"]),
                            ("private-server", ["x@127.0.0.1"]),
                            ("bad-server", ["-h", "not a host", "x"]), ("special", ["10.0.0.1"])):
        done = desk.run("whois", *arguments)
        desk.check("whois/%s-refused" % name, (done.returncode != 0, done.stdout,
                                               len(done.stderr.splitlines())), (True, "", 1))
    desk.check("whois/nothing-asked", desk.asked(), [])


def main():
    desk = Desk()
    desk.fakes.whois("whois.loop.example", "whois.hop1.net", "whois.hop2.net")
    shipped = dict(desk.bootstrap)
    for test in (referrals_refused, referral_of_another, loop, chain, endless, slow,
                 dead_resolver, refusals, http_statuses, redirects, wrong_certificate,
                 plain_http, foreign_range, whois_command):
        desk.fresh()
        desk.bootstrap = dict(shipped)
        test(desk)
    desk.close()


main()
