#!/usr/bin/python3
"""Each registry's way to its contact, with the queries that its servers saw."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import Desk, chosen, listed, problem, rdap_network  # noqa: E402

RIPE = """% This is the RIPE Database query service.

% Information related to '203.0.113.0 - 203.0.113.63'

% Abuse contact for '203.0.113.0 - 203.0.113.63' is 'abuse@northwind.example'

inetnum:        203.0.113.0 - 203.0.113.63
netname:        NORTHWIND-NET1
country:        NL
org:            ORG-NWH1-RIPE
admin-c:        NW1-RIPE
tech-c:         NW1-RIPE
status:         ASSIGNED PA
mnt-by:         NORTHWIND-MNT
source:         RIPE # Filtered

% Information related to '203.0.113.0/24AS64500'

route:          203.0.113.0/24
origin:         AS64500
mnt-by:         NORTHWIND-MNT
source:         RIPE # Filtered
"""
ARIN = """
#
# ARIN WHOIS data and services are subject to the Terms of Use
#


# start

NetRange:       192.0.2.0 - 192.0.2.127
CIDR:           192.0.2.0/25
NetName:        FABRIKAM-1
NetHandle:      NET-192-0-2-0-1
Parent:         NET192 (NET-192-0-0-0-0)
NetType:        Direct Allocation
Organization:   Fabrikam Backbone (FB-7)
RegDate:        2011-02-03
Updated:        2024-05-06
%s
OrgName:        Fabrikam Backbone
OrgId:          FB-7
Country:        US

OrgAbuseHandle: ABUSE77-ARIN
OrgAbuseName:   Abuse
OrgAbusePhone:  +1-202-555-0100
OrgAbuseEmail:  abuse@fabrikam.example

# end
"""
ARIN_PLACEHOLDER = """
# start

NetRange:       203.0.113.0 - 203.0.113.255
CIDR:           203.0.113.0/24
NetName:        RIPE-203
NetHandle:      NET-203-0-113-0-1
Parent:          ()
NetType:        Allocated to RIPE NCC
Organization:   RIPE Network Coordination Centre (RIPE)
Comment:        These addresses have been further assigned to users in
Comment:        the RIPE NCC region.
ResourceLink:   https://apps.db.ripe.net/search/query.html
ResourceLink:   whois.ripe.net

OrgName:        RIPE Network Coordination Centre
OrgId:          RIPE
Country:        NL

ReferralServer: whois://whois.ripe.net
ResourceLink:   https://apps.db.ripe.net/search/query.html

OrgAbuseHandle: ABUSE3850-ARIN
OrgAbuseName:   Abuse Contact
OrgAbuseEmail:  abuse@ripe.net

# end
"""
APNIC = """% [whois.apnic.net]

% Information related to '198.51.100.0 - 198.51.100.63'

% Abuse contact for '198.51.100.0 - 198.51.100.63' is 'abuse@tailspin.example'

inetnum:        198.51.100.0 - 198.51.100.63
netname:        TAILSPIN-AU
descr:          Tailspin Hosting
country:        AU
mnt-irt:        IRT-TAILSPIN-AU
source:         APNIC

irt:            IRT-TAILSPIN-AU
address:        1 Example Street
e-mail:         noc@tailspin.example
abuse-mailbox:  abuse@tailspin.example
source:         APNIC
"""
APNIC_OF_KRNIC = """% [whois.apnic.net]

% Information related to '198.51.100.64 - 198.51.100.127'

inetnum:        198.51.100.64 - 198.51.100.127
netname:        LUCERNE-KR
descr:          Lucerne Telecom
country:        KR
admin-c:        IM999-AP
mnt-by:         MNT-KRNIC-AP
mnt-irt:        IRT-KRNIC-KR
source:         APNIC

irt:            IRT-KRNIC-KR
e-mail:         irt@nic.or.kr
abuse-mailbox:  irt@nic.or.kr
source:         APNIC
"""
KRNIC = """query : 198.51.100.70


# KOREAN(UTF8)

조회하신 IPv4주소

# ENGLISH

KRNIC is not an ISP but a National Internet Registry similar to APNIC.

[ Network Information ]
IPv4 Address       : 198.51.100.64 - 198.51.100.127 (/26)
Organization Name  : Lucerne Telecom
Service Name       : LUCERNE
Organization ID    : ORG999
Address            : 1 Example-ro
Registration Date  : 20050101

Name               : IP Manager
Phone              : +82-2-0000-0000
E-Mail             : abuse@lucerne.example

- KISA/KRNIC WHOIS Service -
"""
LACNIC = """% Joint Whois - whois.lacnic.net

inetnum:     203.0.113.128/26
status:      allocated
aut-num:     AS64502
owner:       Proseware Redes
ownerid:     XX-PRRE-LACNIC
country:     CL
owner-c:     PRW
tech-c:      PRW
abuse-c:     PRA
created:     20100405
changed:     20200102

nic-hdl:     PRA
person:      Mesa de abuso
e-mail:      abuso@proseware.example
country:     CL

nic-hdl:     PRW
person:      Redes
e-mail:      redes@proseware.example
country:     CL
"""
AFRINIC = """% This is the AfriNIC Whois server.

% Information related to '198.51.100.128 - 198.51.100.191'

% No abuse contact registered for 198.51.100.128 - 198.51.100.191

inetnum:        198.51.100.128 - 198.51.100.191
netname:        WOODGROVE-ZA
descr:          Woodgrove Networks
country:        ZA
admin-c:        WG1-AFRINIC
tech-c:         WG1-AFRINIC
mnt-irt:        IRT-WOODGROVE
status:         ASSIGNED PA
mnt-by:         WOODGROVE-MNT
source:         AFRINIC # Filtered

irt:            IRT-WOODGROVE
e-mail:         noc@woodgrove.example
abuse-mailbox:  abuse@woodgrove.example
source:         AFRINIC # Filtered
"""
RWHOIS = """network:Class-Name:network
network:Auth-Area:192.0.2.0/24
network:ID:NET-42
network:Network-Name:CONTOSO-4
network:IP-Network:192.0.2.64/28
network:Organization;I:Contoso Colocation
network:Abuse-Contact;I:abuse@contoso.example
"""


def ripe(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.63", "NORTHWIND-NET1",
                          ["abuse@northwind.example"]), ".json")
    [answer] = desk.contact("203.0.113.7")
    desk.check("ripe/rdap-contact", chosen(answer), ["abuse@northwind.example"])
    desk.check("ripe/rdap-network", (answer["network"]["first"], answer["network"]["last"],
                                     answer["network"]["registry"]),
               ("203.0.113.0", "203.0.113.63", "ripe"))
    desk.check("ripe/one-query", desk.asked(), ["rdap rdap.db.ripe.net /ip/203.0.113.7"])


def ripe_without_contact(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.63", "NORTHWIND-NET1", []), ".json")
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    [answer] = desk.contact("203.0.113.7")
    desk.check("ripe/whois-contact", chosen(answer), ["abuse@northwind.example"])
    desk.check("ripe/origin", answer["origin"], [64500])
    desk.check("ripe/rdap-then-whois", desk.asked(),
               ["rdap rdap.db.ripe.net /ip/203.0.113.7", "whois whois.ripe.net -r 203.0.113.7"])


def ripe_conflict(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.63", "NORTHWIND-NET1",
                          ["anna@northwind.example", "bert@northwind.example"]), ".json")
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    [answer] = desk.contact("203.0.113.7")
    desk.check("ripe/whois-wins", listed(answer), [("abuse@northwind.example", "abuse")])
    desk.check("ripe/persons-rejected",
               sorted(row["address"] for row in answer["rejected"]),
               ["anna@northwind.example", "bert@northwind.example"])
    desk.asked()


def registry_box(desk):
    desk.put("rdap.arin.net", "registry/ip/192.0.2.9",
             rdap_network("192.0.2.0", "192.0.2.127", "X", ["abuse@ripe.net"]), ".json")
    desk.put("whois.arin.net", "n + 192.0.2.9", ARIN % "")
    [answer] = desk.contact("192.0.2.9")
    desk.check("arin/box-is-not-a-contact", chosen(answer), ["abuse@fabrikam.example"])
    desk.check("arin/box-is-rejected", [row["address"] for row in answer["rejected"]],
               ["abuse@ripe.net"])
    desk.check("arin/looked-deeper", desk.asked(),
               ["rdap rdap.arin.net /registry/ip/192.0.2.9", "whois whois.arin.net n + 192.0.2.9"])


def arin_referral(desk):
    desk.put("whois.arin.net", "n + 192.0.2.70",
             ARIN % "\nReferralServer: rwhois://rwhois.fabrikam.example:4321\n")
    desk.put("rwhois.fabrikam.example", "192.0.2.70", RWHOIS)
    [answer] = desk.contact("192.0.2.70")
    desk.check("arin/rwhois-contact", chosen(answer), ["abuse@contoso.example"])
    desk.check("arin/parent-kept", ("abuse@fabrikam.example", "abuse") in listed(answer), True)
    desk.check("arin/network-is-the-narrow-one",
               (answer["network"]["first"], answer["network"]["last"]),
               ("192.0.2.64", "192.0.2.79"))
    desk.check("arin/referral-queries", desk.asked(),
               ["rdap rdap.arin.net /registry/ip/192.0.2.70",
                "whois whois.arin.net n + 192.0.2.70",
                "rwhois rwhois.fabrikam.example 192.0.2.70"])


def arin_banner_only(desk):
    desk.put("whois.arin.net", "n + 192.0.2.71",
             ARIN % "\nReferralServer: rwhois://rwhois.fabrikam.example:4321\n")
    [answer] = desk.contact("192.0.2.71")
    desk.check("arin/rwhois-knows-nothing", chosen(answer), ["abuse@fabrikam.example"])
    desk.asked()


def arin_placeholder(desk):
    desk.bootstrap["ipv4"] = [(["203.0.113.0/24"], "https://rdap.arin.net/registry/")]
    desk.put("whois.arin.net", "n + 203.0.113.7", ARIN_PLACEHOLDER)
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    [answer] = desk.contact("203.0.113.7")
    desk.check("arin/placeholder-leads-to-ripe", chosen(answer), ["abuse@northwind.example"])
    desk.check("arin/placeholder-queries", desk.asked(),
               ["rdap rdap.arin.net /registry/ip/203.0.113.7",
                "whois whois.arin.net n + 203.0.113.7", "whois whois.ripe.net -r 203.0.113.7"])


def apnic(desk):
    desk.put("whois.apnic.net", "198.51.100.9", APNIC)
    [answer] = desk.contact("198.51.100.9")
    desk.check("apnic/contact", chosen(answer), ["abuse@tailspin.example"])
    desk.check("apnic/queries", desk.asked(),
               ["rdap rdap.apnic.net /ip/198.51.100.9", "whois whois.apnic.net 198.51.100.9"])


def national(desk):
    """APNIC's record is the national registry's own: it is asked in turn."""
    desk.put("whois.apnic.net", "198.51.100.70", APNIC_OF_KRNIC)
    desk.put("whois.krnic.net", "198.51.100.70", KRNIC)
    [answer] = desk.contact("198.51.100.70")
    desk.check("krnic/contact", chosen(answer), ["abuse@lucerne.example"])
    desk.check("krnic/queries", desk.asked(),
               ["rdap rdap.apnic.net /ip/198.51.100.70", "whois whois.apnic.net 198.51.100.70",
                "whois whois.krnic.net 198.51.100.70"])


def lacnic(desk):
    desk.put("whois.lacnic.net", "203.0.113.130", LACNIC)
    [answer] = desk.contact("203.0.113.130")
    desk.check("lacnic/contact", chosen(answer), ["abuso@proseware.example"])
    desk.check("lacnic/queries", desk.asked(),
               ["rdap rdap.lacnic.net /rdap/ip/203.0.113.130",
                "whois whois.lacnic.net 203.0.113.130"])


def afrinic(desk):
    desk.put("whois.afrinic.net", "198.51.100.130", AFRINIC)
    [answer] = desk.contact("198.51.100.130")
    desk.check("afrinic/contact", chosen(answer), ["abuse@woodgrove.example"])
    desk.check("afrinic/queries", desk.asked(),
               ["rdap rdap.afrinic.net /rdap/ip/198.51.100.130",
                "whois whois.afrinic.net 198.51.100.130"])


def unknown_to_the_bootstrap(desk):
    desk.put("whois.iana.org", "192.0.2.200",
             "% IANA WHOIS server\n\nrefer:        whois.ripe.net\n\n"
             "inetnum:      192.0.2.128 - 192.0.2.255\norganisation: RIPE NCC\n"
             "status:       ALLOCATED\n\nwhois:        whois.ripe.net\nsource:       IANA\n")
    desk.put("whois.ripe.net", "-r 192.0.2.200",
             RIPE.replace("203.0.113.0 - 203.0.113.63", "192.0.2.192 - 192.0.2.255"))
    [answer] = desk.contact("192.0.2.200")
    desk.check("iana/contact", chosen(answer), ["abuse@northwind.example"])
    desk.check("iana/queries", desk.asked(),
               ["whois whois.iana.org 192.0.2.200", "whois whois.ripe.net -r 192.0.2.200"])


def nobody(desk):
    [answer] = desk.contact("203.0.113.7")
    desk.check("nobody/no-contact", answer["contacts"], [])
    desk.check("nobody/no-network", answer["network"], None)
    desk.check("nobody/queries", desk.asked(),
               ["rdap rdap.db.ripe.net /ip/203.0.113.7", "whois whois.ripe.net -r 203.0.113.7"])


def special_and_embedded(desk):
    answers = desk.contact("10.1.2.3", "169.254.1.1", "::1", "2001:db8:8000::5")
    desk.check("special/names", [answer["special"] for answer in answers[:3]],
               ["private use (RFC 1918)", "link local (RFC 3927)", "loopback (RFC 4291)"])
    desk.asked()
    [answer] = desk.contact("2002:cb00:7107::1")
    desk.check("embedded/asked-as", answer["reported_as"], "203.0.113.7")
    desk.check("embedded/queries", desk.asked(),
               ["rdap rdap.db.ripe.net /ip/203.0.113.7", "whois whois.ripe.net -r 203.0.113.7"])


def numbers_and_handles(desk):
    entity = {"objectClassName": "entity", "handle": "NWH7-RIPE", "roles": ["abuse"],
              "rdapConformance": ["rdap_level_0"],
              "vcardArray": ["vcard", [["version", {}, "text", "4.0"],
                                       ["email", {}, "text", "desk@northwind.example"]]]}
    desk.put("rdap.db.ripe.net", "entity/NWH7-RIPE", json.dumps(entity), ".json")
    desk.put("rdap.db.ripe.net", "autnum/64500", json.dumps(
        {"objectClassName": "autnum", "handle": "AS64500", "startAutnum": 64500,
         "endAutnum": 64500, "name": "NORTHWIND-AS", "entities": [entity],
         "rdapConformance": ["rdap_level_0"]}), ".json")
    answers = desk.contact("AS64500", "NWH7-RIPE")
    desk.check("number/contact", chosen(answers[0]), ["desk@northwind.example"])
    desk.check("handle/contact", chosen(answers[1]), ["desk@northwind.example"])
    desk.check("number-and-handle/queries", sorted(desk.asked()),
               ["rdap rdap.db.ripe.net /autnum/64500",
                "rdap rdap.db.ripe.net /entity/NWH7-RIPE"])


def handle_by_its_tag(desk):
    """A handle whose tag only IANA's list knows: RDAP alone is asked (RFC 8521)."""
    desk.bootstrap["object-tags"] = [(["TESTREG"], "https://rdap.test-registry.example/")]
    desk.put("rdap.test-registry.example", "entity/NOC7-testreg", json.dumps({
        "objectClassName": "entity", "handle": "NOC7-TESTREG", "roles": ["abuse"],
        "vcardArray": ["vcard", [["version", {}, "text", "4.0"],
                                 ["email", {}, "text", "desk@northwind.example"]]]}), ".json")
    answers = desk.contact("NOC7-testreg", "NOC8-TESTREG", "NOC7-OTHER")
    desk.check("tag/contact", [chosen(answer) for answer in answers],
               [["desk@northwind.example"], [], []])
    desk.check("tag/queries", sorted(desk.asked()),
               ["rdap rdap.test-registry.example /entity/NOC7-testreg",
                "rdap rdap.test-registry.example /entity/NOC8-TESTREG"])


def number_by_whois(desk):
    desk.put("whois.ripe.net", "-r AS64501",
             "% Information related to 'AS64501'\n\n"
             "% Abuse contact for 'AS64501' is 'abuse@northwind.example'\n\n"
             "aut-num:        AS64501\nas-name:        NORTHWIND-AS\norg:            ORG-NWH1-RIPE\n"
             "source:         RIPE # Filtered\n")
    [answer] = desk.contact("AS64501")
    desk.check("number/by-whois", chosen(answer), ["abuse@northwind.example"])
    desk.check("number/by-whois-queries", desk.asked(),
               ["rdap rdap.db.ripe.net /autnum/64501", "whois whois.ripe.net -r AS64501"])


def no_consent(desk):
    done = []
    for settings in ({"registries": "no"}, {"registries": "ask"}, {"reverse_names": "no"}):
        if "registries" in settings:
            done += desk.contact("203.0.113.7", "198.51.100.9", "example.example", **settings)
    desk.check("consent/no-query", desk.asked(), [])
    desk.check("consent/said", problem(done[0], "no registry was asked"), True)
    desk.check("consent/names-said", problem(done[2], "not resolved"), True)
    desk.run("contact", "--offline", "--ask", "203.0.113.7")
    desk.check("offline/no-query", desk.asked(), [])


def in_words(desk):
    """Nobody was asked is not that there is nobody; what makes no sense is said to."""
    done = desk.run("contact", "203.0.113.7", registries="no")
    desk.check("words/not-asked", (done.returncode, "not known: nobody was asked" in done.stdout,
                                   "'tipoff contact --ask' asks them now" in done.stderr),
               (0, True, True))
    done = desk.run("contact", "203.0.113.7")
    desk.check("words/asked", ("nobody was found" in done.stdout, done.stderr), (True, ""))
    desk.check("words/who-was-asked", "  Asked         rdap https://rdap.db.ripe.net/ip/203.0.113.7\n"
               "                whois whois.ripe.net\n" in done.stdout, True)
    done = desk.run("contact", "::ffff:10.0.0.1")
    desk.check("words/mapped", "  Asked as      10.0.0.1, the IPv4 address inside it\n" in done.stdout,
               True)
    done = desk.run("contact", "b\u00fccher.example")
    desk.check("words/international", "write an international name in ASCII (xn--...)" in done.stdout,
               True)
    desk.put("rdap.db.ripe.net", "ip/203.0.113.64", rdap_network(
        "203.0.113.64", "203.0.113.79", "NARROW", ["abuse@narrow.example"]), ".json")
    for query, said in (("203.0.113.64/27", True), ("203.0.113.64/28", False), ("203.0.113.64", False)):
        [answer] = desk.contact(query)
        desk.check("words/range-%s" % query, (chosen(answer), problem(
            answer, "only its first address was looked up: its network is narrower")),
                   (["abuse@narrow.example"], said))
    desk.asked()
    done = desk.run("contact", "--ask", "nowhere.example", reverse_names="yes")
    desk.check("words/no-address", ("nobody was found" in done.stdout, done.stderr), (True, ""))
    for host in ("rdap.db.ripe.net", "whois.ripe.net"):
        desk.fakes.misbehaviour[host] = lambda stream: None
    done = desk.run("contact", "203.0.113.9", deadline="1 s")
    desk.check("words/no-answer", (done.returncode, done.stderr, "Report to     not known: not "
                                   "every server gave an answer" in done.stdout),
               (75, "tipoff: for 1 of 1 not every server gave an answer; try again\n", True))
    desk.fakes.misbehaviour.clear()
    desk.asked()
    done = desk.run("contact", "010.8.8.8", "10.0.0.1", "nowhere")
    desk.check("words/no-sense", (done.returncode, done.stderr, "Report to" in done.stdout),
               (65, "tipoff: 2 of 3 are no address, name, AS number or handle of a registry\n",
                False))
    desk.contact("as0.64500")
    desk.check("words/asdot", desk.asked("rdap"), ["rdap rdap.db.ripe.net /autnum/64500"])


def main():
    desk = Desk()
    desk.fakes.rwhois("rwhois.fabrikam.example")
    desk.fakes.whois("whois.krnic.net")
    shipped = dict(desk.bootstrap)
    for test in (ripe, ripe_without_contact, ripe_conflict, registry_box, arin_referral,
                 arin_banner_only, arin_placeholder, apnic, national, lacnic, afrinic,
                 unknown_to_the_bootstrap, nobody, special_and_embedded,
                 numbers_and_handles, handle_by_its_tag, number_by_whois, no_consent, in_words):
        desk.fresh()
        desk.bootstrap = dict(shipped)
        test(desk)
    desk.close()


main()
