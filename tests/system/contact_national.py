#!/usr/bin/python3
"""National registries behind APNIC and LACNIC, their character sets, transfers, and IPv4
inside IPv6: each followed to the registry that holds the range."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import Desk, chosen, rdap_network  # noqa: E402

RANGE = "198.51.100.0 - 198.51.100.63"


def at_apnic(*lines):
    return "inetnum:        %s\nnetname:        N\n%s\n" % (
        RANGE, "".join(line + "\n" for line in lines + ("source:         APNIC",)))


def seen(address, *more):
    return ["rdap rdap.apnic.net /ip/" + address, "whois whois.apnic.net " + address] + list(more)


JPNIC = """[ JPNIC database provides information regarding IP address and ASN. ]

Network Information:
a. [Network Number]             198.51.100.0/26
b. [Network Name]               LANTERN
g. [Organization]               %s
m. [Administrative Contact]     KD001JP
n. [Technical Contact]          TL001JP
o. [Abuse]                      %s
[Last Update]                   2015/01/14 11:50:03(JST)
"""
TECHNICIAN = """Contact Information:
a. [JPNIC Handle]               TL001JP
c. [Last, First]                Lantern, Kim
d. [E-Mail]                     kim@lantern.example
"""


def jpnic(desk):
    desk.put("whois.apnic.net", "198.51.100.1", at_apnic("mnt-by:         MAINT-JPNIC"))
    desk.put("whois.nic.ad.jp", "198.51.100.1/e", JPNIC % ("Lantern Inc.", "abuse@lantern.example"))
    [answer] = desk.contact("198.51.100.1")
    desk.check("jpnic/abuse", chosen(answer), ["abuse@lantern.example"])
    desk.check("jpnic/queries", desk.asked(),
               seen("198.51.100.1", "whois whois.nic.ad.jp 198.51.100.1/e"))
    desk.fresh()
    desk.put("whois.apnic.net", "198.51.100.2", at_apnic("mnt-irt:        IRT-JPNIC-JP"))
    desk.put("whois.nic.ad.jp", "198.51.100.2/e", JPNIC % ("Lantern Inc.", ""))
    desk.put("whois.nic.ad.jp", "TL001JP/e", TECHNICIAN)
    [answer] = desk.contact("198.51.100.2")
    desk.check("jpnic/technician-in-the-wider-list", 
               [(c["address"], c["role"]) for c in answer["contacts"] if c["scope"] != "csirt"],
               [("kim@lantern.example", "technical")])
    desk.check("jpnic/second-query", desk.asked(),
               seen("198.51.100.2", "whois whois.nic.ad.jp 198.51.100.2/e",
                    "whois whois.nic.ad.jp TL001JP/e"))


def twnic(desk):
    desk.put("whois.apnic.net", "198.51.100.3", at_apnic("mnt-by:         MAINT-TW-TWNIC"))
    desk.put("whois.twnic.net.tw", "198.51.100.3",
             "Netname: KITE-NET\nNetblock: 198.51.100.0/26\n\nAdministrator contact:\n"
             "  admin@kite.example\n\nAbuse contact:\n  abuse@kite.example\n")
    [answer] = desk.contact("198.51.100.3")
    desk.check("twnic/abuse", chosen(answer), ["abuse@kite.example"])
    desk.check("twnic/queries", desk.asked(),
               seen("198.51.100.3", "whois whois.twnic.net.tw 198.51.100.3"))


def within_apnic(desk):
    """Their data stand in APNIC's answer; the registry's own box is passed over."""
    for number, (name, box) in enumerate((("CNNIC", "ipas@cnnic.cn"), ("IRINN", "abuse@irinn.in"),
                                          ("VNNIC", "hm-changed@vnnic.vn"),
                                          ("IDNIC", "abuse@idnic.net")), 10):
        address = "198.51.100.%d" % number
        desk.store = os.path.join(desk.folder, "nir-%s.db" % name)
        desk.put("whois.apnic.net", address,
                 at_apnic("mnt-irt:        IRT-OWN") +
                 "irt:            IRT-OWN\nabuse-mailbox:  %s\nsource:         APNIC\n\n" % box +
                 "inetnum:        %s\nnetname:        USER\nmnt-irt:        IRT-USER\n"
                 "source:         %s\n\nirt:            IRT-USER\n"
                 "abuse-mailbox:  abuse@%s.example\nsource:         %s\n"
                 % (RANGE, name, name.lower(), name))
        [answer] = desk.contact(address)
        desk.check("%s/abuse" % name, chosen(answer), ["abuse@%s.example" % name.lower()])
        desk.check("%s/box-rejected" % name, box in [r["address"] for r in answer["rejected"]], True)
        desk.check("%s/queries" % name, desk.asked(), seen(address))


def character_sets(desk):
    desk.put("whois.apnic.net", "198.51.100.20", at_apnic("mnt-by:         MAINT-JPNIC"))
    desk.put("whois.nic.ad.jp", "198.51.100.20/e",
             (JPNIC % ("\u682a\u5f0f\u4f1a\u793e", "abuse@lantern.example")).encode("iso-2022-jp"),
             ".raw")
    [answer] = desk.contact("198.51.100.20")
    desk.check("charset/iso-2022-jp", (answer["network"]["organisation"], chosen(answer)),
               ("\u682a\u5f0f\u4f1a\u793e", ["abuse@lantern.example"]))
    desk.fresh()
    desk.put("whois.apnic.net", "198.51.100.21", at_apnic("mnt-by:         MNT-KRNIC-AP"))
    desk.put("whois.krnic.net", "198.51.100.21", (
        "# KOREAN\n\n[ \ub124\ud2b8\uc6cc\ud06c ]\n# ENGLISH\n\n[ Network Information ]\n"
        "IPv4 Address       : 198.51.100.0 - 198.51.100.63 (/26)\n"
        "Organization Name  : \ud55c\uad6d\nE-Mail             : abuse@lucerne.example\n"
        ).encode("euc-kr"), ".raw")
    [answer] = desk.contact("198.51.100.21")
    desk.check("charset/euc-kr", (answer["network"]["organisation"], chosen(answer)),
               ("\ud55c\uad6d", ["abuse@lucerne.example"]))
    desk.fresh()
    desk.put("whois.lacnic.net", "203.0.113.130", (
        "% Copyright (c) Nic.br\r\r\n\r\r\ninetnum:     203.0.113.128/26\r\r\n"
        "owner:       P\xe3o Ltda\r\r\nabuse-c:     PAO1\r\r\n\r\r\nnic-hdl-br:  PAO1\r\r\n"
        "e-mail:      abuse@pao.example\r\r\n").encode("latin-1"), ".raw")
    [answer] = desk.contact("203.0.113.130")
    desk.check("charset/latin-1", (answer["network"]["organisation"], chosen(answer)),
               ("P\xe3o Ltda", ["abuse@pao.example"]))
    desk.asked()


def brazil(desk):
    """LACNIC sends to NIC.br; a masked handle is asked of its RDAP."""
    desk.put("whois.lacnic.net", "203.0.113.131",
             "% Joint Whois - whois.lacnic.net\n\n% Brazilian resource: whois.registro.br\n")
    desk.put("whois.registro.br", "203.0.113.131",
             "inetnum:     203.0.113.128/26\nowner:       Pao Ltda\nabuse-c:     PAO1\n\n"
             "nic-hdl-br:  PAO1\ne-mail:      abuse@pao.example\n")
    [answer] = desk.contact("203.0.113.131")
    desk.check("nicbr/abuse", chosen(answer), ["abuse@pao.example"])
    desk.check("nicbr/queries", desk.asked(),
               ["rdap rdap.lacnic.net /rdap/ip/203.0.113.131",
                "whois whois.lacnic.net 203.0.113.131", "whois whois.registro.br 203.0.113.131"])


def transfers(desk):
    desk.put("whois.apnic.net", "198.51.100.30",
             at_apnic("descr:          Transferred to the RIPE region on 2015-01-01",
                      "mnt-by:         APNIC-STUB").replace("N\n", "STUB-198-51\n", 1))
    desk.put("whois.ripe.net", "-r 198.51.100.30",
             "% Abuse contact for '198.51.100.0 - 198.51.100.63' is 'abuse@moved.example'\n\n"
             "inetnum:        198.51.100.0 - 198.51.100.63\nnetname:        M\nsource:  RIPE\n")
    [answer] = desk.contact("198.51.100.30")
    desk.check("transfer/stub", (chosen(answer), answer["network"]["registry"]),
               (["abuse@moved.example"], "ripe"))
    desk.check("transfer/stub-queries", desk.asked(),
               seen("198.51.100.30", "whois whois.ripe.net -r 198.51.100.30"))
    desk.fresh()
    desk.put("rdap.apnic.net", "ip/198.51.100.31", "https://rdap.db.ripe.net/ip/198.51.100.31",
             ".301.txt")
    desk.put("rdap.db.ripe.net", "ip/198.51.100.31",
             rdap_network("198.51.100.0", "198.51.100.63", "M", ["abuse@moved.example"]), ".json")
    [answer] = desk.contact("198.51.100.31")
    desk.check("transfer/redirect", (chosen(answer), answer["network"]["registry"]),
               (["abuse@moved.example"], "ripe"))
    desk.check("transfer/redirect-queries", desk.asked(),
               ["rdap rdap.apnic.net /ip/198.51.100.31", "rdap rdap.db.ripe.net /ip/198.51.100.31"])


def inside(desk):
    """203.0.113.7 inside 6to4, Teredo (inverted), NAT64 and as mapped."""
    for name, address in (("6to4", "2002:cb00:7107::1"),
                          ("teredo", "2001:0:c633:6401:0:0:34ff:8ef8"),
                          ("nat64", "64:ff9b::cb00:7107"), ("mapped", "::ffff:203.0.113.7")):
        desk.fresh()
        desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
                 rdap_network("203.0.113.0", "203.0.113.63", "N", ["abuse@net.example"]), ".json")
        [answer] = desk.contact(address)
        desk.check("inside/%s" % name, chosen(answer), ["abuse@net.example"])
        desk.check("inside/%s-queries" % name, desk.asked(),
                   ["rdap rdap.db.ripe.net /ip/203.0.113.7"])


def main():
    desk = Desk()
    desk.fakes.whois("whois.nic.ad.jp", "whois.krnic.net", "whois.twnic.net.tw",
                     "whois.registro.br")
    for test in (jpnic, twnic, within_apnic, character_sets, brazil, transfers, inside):
        desk.fresh()
        test(desk)
    desk.close()


main()
