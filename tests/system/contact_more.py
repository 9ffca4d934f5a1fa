#!/usr/bin/python3
"""What is asked beside the registries, each only where it is switched on: mail domains,
providers' forms, own contacts, CSIRTs, second sources, security.txt, origin, path."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import RDAP_HOSTS, Desk, chosen, problem, rdap_network  # noqa: E402

ASKED = ["rdap rdap.db.ripe.net /ip/203.0.113.7"]
REVERSED = "7.113.0.203"


def network(desk, *mails, **more):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.63", "N", list(mails) or ["abuse@net.example"],
                          **more), ".json")


def found(answer, how):
    return [contact["address"] for contact in answer["contacts"] if contact["found_by"] == how]


def rejected(answer):
    return {row["address"]: row["reason"] for row in answer["rejected"]}


def mail_domains(desk):
    rows = (("good", "net.example MX mx.net.example", ["abuse@net.example"], None),
            ("address-only", "net.example A 203.0.113.9", ["abuse@net.example"], None),
            ("null-mx", "net.example MX .", [], "null MX"),
            ("neither", "other.example A 203.0.113.9", [], "neither MX nor address"))
    for name, zone, want, words in rows:
        desk.fresh()
        network(desk)
        desk.dns(zone + "\n")
        [answer] = desk.contact("203.0.113.7", mail_domains="yes")
        desk.check("mail/%s" % name, chosen(answer), want)
        desk.check("mail/%s-said" % name,
                   words is None or words in rejected(answer).get("abuse@net.example", ""), True)
        asked = desk.asked()
        desk.check("mail/%s-queries" % name,
                   (asked[0], "dns MX net.example" in asked), (ASKED[0], True))
    desk.fresh()
    network(desk)
    desk.fakes.dns.silent = True
    [answer] = desk.contact("203.0.113.7", mail_domains="yes")
    desk.check("mail/no-resolver-blocks-nothing", chosen(answer), ["abuse@net.example"])
    desk.asked()
    for consent in ("no", "ask"):
        [answer] = desk.contact("203.0.113.7", mail_domains=consent)
        desk.check("mail/%s" % consent, desk.asked("dns"), [])


def providers(desk):
    path = os.path.join(desk.folder, "providers.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("# ours\nnet.example | form-only | https://net.example/abuse | times with zone "
                   "| their page; 2026-11-01\nother.example | form | https://other.example/f | - | "
                   "x; 2026-11-01\n")
    network(desk)
    [answer] = desk.contact("203.0.113.7", providers=path)
    desk.check("providers/form-only", chosen(answer), ["https://net.example/abuse"])
    desk.check("providers/form-only-mail", "form alone" in rejected(answer)["abuse@net.example"],
               True)
    desk.check("providers/wants", answer["contacts"][0]["wants"], "times with zone")
    done = desk.run("contact", "203.0.113.7", providers=path)
    desk.check("providers/shown", "wants: times with zone" in done.stdout, True)
    desk.fresh()
    network(desk, "abuse@other.example")
    [answer] = desk.contact("203.0.113.7", providers=path)
    desk.check("providers/form-beside-mail", (chosen(answer), found(answer, "table")),
               (["abuse@other.example"], ["https://other.example/f"]))
    for url, found_there, words in (("https://api.example/f", ["https://api.example/f"],
                                     "by mail or its form"), ("-", [], "so by mail")):
        with open(path, "w", encoding="ascii") as file:
            file.write("api.example | api | %s | logs | x; 2026-11-01\n" % url)
        desk.fresh()
        network(desk, "abuse@api.example")
        [answer] = desk.contact("203.0.113.7", providers=path)
        desk.check("providers/api-%s" % words, (chosen(answer), found(answer, "table")),
                   (["abuse@api.example"], found_there))
        desk.check("providers/api-%s-said" % words, answer["contacts"][0]["wants"],
                   "logs; it takes reports by an API too, which tipoff does not speak: so "
                   "by mail" + (" or its form" if found_there else ""))
    desk.fresh()
    network(desk, "abuse@hetzner.com")
    [answer] = desk.contact("203.0.113.7")
    desk.check("providers/shipped", found(answer, "table"), ["https://abuse.hetzner.com/"])
    with open(path, "a", encoding="ascii") as file:
        file.write("bad.example | pigeon | - | - | -\n")
    done = desk.run("contact", "203.0.113.7", providers=path)
    desk.check("providers/bad-row", (done.returncode, len(done.stderr.splitlines()),
                                     "bad.example | pigeon" in done.stderr), (78, 1, True))
    desk.check("providers/queries", set(desk.asked()), set(ASKED))


def own_contacts(desk):
    network(desk)
    desk.dns(REVERSED + ".in-addr.arpa PTR vps.northwind.example\n"
             "vps.northwind.example A 203.0.113.7\n")
    for name, row in (("range", "203.0.113.0/24 desk@own.example"),
                      ("address", "203.0.113.7 desk@own.example"),
                      ("domain", "northwind.example desk@own.example")):
        [answer] = desk.contact("203.0.113.7", contacts=row, reverse_names="yes")
        desk.check("own/" + name, chosen(answer), ["desk@own.example"])
        desk.check("own/%s-others-stay" % name,
                   "abuse@net.example" in [c["address"] for c in answer["contacts"]], True)
    [answer] = desk.contact("203.0.113.7", contacts="198.51.100.0/24 desk@own.example")
    desk.check("own/another-range", chosen(answer), ["abuse@net.example"])
    [answer] = desk.contact("AS64500", contacts="AS64500 desk@own.example")
    desk.check("own/number", chosen(answer), ["desk@own.example"])
    done = desk.run("contact", "203.0.113.7", contacts="203.0.113.0/24")
    desk.check("own/bad-row", (done.returncode, len(done.stderr.splitlines())), (78, 1))
    desk.asked()


def csirts(desk):
    network(desk, country="PL")
    [answer] = desk.contact("203.0.113.7")
    desk.check("csirt/not-where-there-is-a-contact",
               [c for c in answer["contacts"] if c["scope"] == "csirt"], [])
    [answer] = desk.contact("--csirt", "203.0.113.7")
    desk.check("csirt/shipped", [(c["address"], c["scope"], c["chosen"]) for c in answer["contacts"]
                                 if c["scope"] == "csirt"], [("cert@cert.pl", "csirt", False)])
    first = {"status": "OK", "data": [
        {"team": "Shop CERT", "country": "PL", "email": "shop@team.example"},
        {"team": "CERT One", "team-full": "National CERT of Nowhere", "country": "PL",
         "email": "cert@one.example"}]}
    trusted = [{"official_name": "CERT Two", "country": {"code": "PL"}, "emails": [
        {"email": "cert@two.example"}], "constituency": {"types": ["National", "Government"]}},
        {"official_name": "X", "country": {"code": "PL"}, "emails": ["x@x.example"],
         "constituency": {"types": ["Commercial"]}}]
    path = os.path.join(desk.folder, "teams.json")
    for name, teams, want in (("first", first, ["cert@one.example"]),
                              ("trusted-introducer", trusted, ["cert@two.example"])):
        with open(path, "w", encoding="ascii") as file:
            json.dump(teams, file)
        [answer] = desk.contact("--csirt", "203.0.113.7", csirts=path)
        desk.check("csirt/" + name, [c["address"] for c in answer["contacts"]
                                     if c["scope"] == "csirt"], want)
        desk.check("csirt/%s-not-chosen" % name, chosen(answer), ["abuse@net.example"])
    for name, text in (("broken", "{"), ("empty", "[]"), ("bad-row", "XYZ | a | b")):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        done = desk.run("contact", "203.0.113.7", csirts=path)
        desk.check("csirt/%s-refused" % name, (done.returncode != 0,
                                               len(done.stderr.splitlines())), (True, 1))
    desk.fresh()
    network(desk, "abuse@ripe.net", country="BR")
    [answer] = desk.contact("203.0.113.7")
    desk.check("csirt/where-there-is-none", [(c["address"], c["chosen"]) for c in answer["contacts"]],
               [("cert@cert.br", False)])
    desk.asked()
    desk.check("csirt/queries", desk.asked(), [])


def second_sources(desk):
    def zone(mail="abuse@second.example"):
        desk.dns("%s.abuse-contacts.abusix.zone TXT %s\n" % (REVERSED, mail) +
                 "northwind.example.contacts.abuse.net TXT abuse@listed.example\n"
                 "%s.in-addr.arpa PTR vps.northwind.example\n"
                 "vps.northwind.example A 203.0.113.7\n" % REVERSED)
        desk.put("stat.ripe.net", "data/abuse-contact-finder/data.json?resource=203.0.113.7",
                 json.dumps({"data": {"abuse_contacts": ["abuse@stat.example"]}}), ".json")
    network(desk)
    zone()
    [answer] = desk.contact("203.0.113.7")
    desk.check("second/off", (found(answer, "second-source"), desk.asked()), ([], ASKED))
    [answer] = desk.contact("203.0.113.7", second_sources="abusix abuse.net ripestat",
                            reverse_names="yes", now="2026-12-21T06:00:00Z")
    desk.check("second/found", found(answer, "second-source"),
               ["abuse@second.example", "abuse@stat.example", "abuse@listed.example"])
    desk.check("second/registry-first", chosen(answer), ["abuse@net.example"])
    asked = desk.asked()
    desk.check("second/queries", [line for line in (
        "dns TXT %s.abuse-contacts.abusix.zone" % REVERSED,
        "dns TXT northwind.example.contacts.abuse.net",
        "rdap stat.ripe.net /data/abuse-contact-finder/data.json?resource=203.0.113.7")
        if line not in asked], [])
    desk.fresh()
    zone("abuse@lacnic.net,root@localhost,abuse@second.example")
    [answer] = desk.contact("203.0.113.7", second_sources="abusix")
    desk.check("second/alone", chosen(answer), ["abuse@second.example"])
    desk.check("second/box-rejected", "abuse@lacnic.net" in rejected(answer), True)
    desk.asked()


def security_txt(desk):
    network(desk, "abuse@ripe.net")
    desk.dns(REVERSED + ".in-addr.arpa PTR vps.northwind.example\n"
             "vps.northwind.example A 203.0.113.7\n")
    desk.put("northwind.example", ".well-known/security.txt",
             "-----BEGIN PGP SIGNED MESSAGE-----\nContact: https://northwind.example/report\n"
             "contact: mailto:sec@northwind.example\nExpires: 2030-01-01T00:00:00Z\n", ".txt")
    [answer] = desk.contact("203.0.113.7", reverse_names="yes")
    desk.check("security-txt/not-without-a-word", desk.asked("rdap northwind"), [])
    [answer] = desk.contact("203.0.113.7", reverse_names="yes", security_txt="yes",
                            now="2026-12-21T06:00:00Z")
    desk.check("security-txt/found", found(answer, "web"), ["sec@northwind.example"])
    desk.check("security-txt/queries", desk.asked("rdap northwind"),
               ["rdap northwind.example /.well-known/security.txt"])
    [answer] = desk.contact("203.0.113.7", reverse_names="yes", security_txt="yes",
                            now="2031-12-21T06:00:00Z")
    desk.check("security-txt/expired", found(answer, "web"), [])
    desk.asked()


def upstream(desk):
    network(desk)
    desk.dns("%s.origin.asn.cymru.com TXT 64500%%2064501%%20%%7C%%20203.0.113.0/24%%20%%7C%%20NL "
             "64502%%20%%7C%%20198.51.100.0/24%%20%%7C%%20NL\n" % REVERSED)
    for number in (64500, 64501):
        desk.put("rdap.db.ripe.net", "autnum/%d" % number, json.dumps(
            {"objectClassName": "autnum", "handle": "AS%d" % number, "startAutnum": number,
             "endAutnum": number, "rdapConformance": ["rdap_level_0"], "entities": [
                 {"objectClassName": "entity", "roles": ["abuse"], "vcardArray": ["vcard", [
                     ["email", {}, "text", "abuse@as%d.example" % number]]]}]}), ".json")
    [answer] = desk.contact("203.0.113.7")
    desk.check("upstream/not-unless-asked", desk.asked(), ASKED)
    [answer] = desk.contact("--upstream", "203.0.113.7")
    desk.check("upstream/contacts", [(c["address"], c["chosen"]) for c in answer["contacts"]
                                     if c["scope"] == "upstream"],
               [("abuse@as64500.example", False), ("abuse@as64501.example", False)])
    desk.check("upstream/origin", answer["origin"], [64500, 64501])
    desk.check("upstream/chosen-stays", chosen(answer), ["abuse@net.example"])
    desk.check("upstream/queries", desk.asked(),
               ["dns TXT %s.origin.asn.cymru.com" % REVERSED,
                "rdap rdap.db.ripe.net /autnum/64500", "rdap rdap.db.ripe.net /autnum/64501"])


def path(desk):
    network(desk)
    fake = os.path.join(desk.folder, "traceroute")
    log = os.path.join(desk.folder, "traceroute.log")
    with open(fake, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nprintf '%%s\\n' \"$*\" >> %s\n"
                   "echo 'traceroute to 203.0.113.7 (203.0.113.7), 30 hops max'\n"
                   "echo ' 1  10.0.0.1  1.0 ms'\necho ' 2  192.0.2.77  2.0 ms'\necho ' 3  *'\n"
                   "echo ' 4  203.0.113.1  3.0 ms'\necho ' 5  203.0.113.7  4.0 ms'\n" % log)
    os.chmod(fake, 0o755)
    desk.put("rdap.arin.net", "registry/ip/192.0.2.77",
             rdap_network("192.0.2.0", "192.0.2.127", "UP", ["abuse@up.example"]), ".json")
    done = desk.run("contact", "--path", "203.0.113.7", traceroute=fake)
    desk.check("path/refused", (done.returncode != 0, "sends packets towards the source" in
                                done.stderr, os.path.exists(log)), (True, True, False))
    desk.asked()
    [answer] = desk.contact("--path", "203.0.113.7", traceroute=fake, path="yes")
    desk.check("path/contact", [(c["address"], c["object"]) for c in answer["contacts"]
                                if c["scope"] == "upstream"], [("abuse@up.example", "192.0.2.77")])
    with open(log, encoding="ascii") as file:
        desk.check("path/arguments", file.read(), "-n -q1 -w2 203.0.113.7\n")
    desk.check("path/not-the-network-itself", problem(answer, "no public address"), False)
    desk.asked()


def main():
    desk = Desk(RDAP_HOSTS + ("stat.ripe.net", "northwind.example"))
    shipped = dict(desk.bootstrap)
    for test in (mail_domains, providers, own_contacts, csirts, second_sources, security_txt,
                 upstream, path):
        if len(sys.argv) > 1 and sys.argv[1] != test.__name__:
            continue
        desk.fresh()
        desk.bootstrap = dict(shipped)
        test(desk)
    desk.close()


main()
