#!/usr/bin/python3
"""Names, confirmed both ways, and what is derived from them and what is not."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import Desk, chosen, listed, problem, rdap_network  # noqa: E402

DOMAIN = """Domain Name: NORTHWIND.EXAMPLE
Registrar: Example Names
Registrar WHOIS Server: whois.registrar.example
Registrar Abuse Contact Email: abuse@registrar.example
"""
REGISTRAR = """Domain Name: northwind.example
Registrant Name: Nora Westwind
Registrant Email: nora@northwind.example
Admin Name: Adam Ost
Admin Email: adam@northwind.example
Tech Name: Tessa Nord
Tech Email: tessa@northwind.example
Billing Email: bills@northwind.example
"""
IANA = "% IANA WHOIS server\n\nrefer:        whois.nic.example\n\ndomain:       EXAMPLE\n" \
       "e-mail:       tld@iana-says.example\nwhois:        whois.nic.example\nsource:       IANA\n"


def network(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.63", "N", ["abuse@net.example"]), ".json")


def registration(desk):
    desk.put("whois.iana.org", "example", IANA)
    desk.put("whois.nic.example", "northwind.example", DOMAIN)
    desk.put("whois.registrar.example", "northwind.example", REGISTRAR)


def confirmed(desk):
    network(desk)
    registration(desk)
    desk.dns("7.113.0.203.in-addr.arpa PTR vps7.northwind.example.\n"
             "vps7.northwind.example A 203.0.113.7 203.0.113.9\n")
    [answer] = desk.contact("203.0.113.7", reverse_names="yes")
    desk.check("confirmed/name", answer["names"],
               [{"name": "vps7.northwind.example", "confirmed": True}])
    desk.check("confirmed/chosen-is-the-network's", chosen(answer), ["abuse@net.example"])
    desk.check("confirmed/wider-list", sorted(listed(answer)), sorted([
        ("abuse@net.example", "abuse"), ("abuse@registrar.example", "abuse"),
        ("adam@northwind.example", "administrative"), ("tessa@northwind.example", "technical"),
        ("bills@northwind.example", "billing"), ("nora@northwind.example", "registrant"),
        ("abuse@northwind.example", "mailbox"), ("security@northwind.example", "mailbox")]))
    asked = desk.asked()
    desk.check("confirmed/dns", sorted(line for line in asked if line.startswith("dns")),
               ["dns A vps7.northwind.example", "dns AAAA vps7.northwind.example",
                "dns PTR 7.113.0.203.in-addr.arpa"])
    desk.check("confirmed/whois", [line for line in asked if line.startswith("whois")],
               ["whois whois.iana.org example", "whois whois.nic.example northwind.example",
                "whois whois.registrar.example northwind.example"])
    desk.contact("203.0.113.7", reverse_names="yes", now="2026-11-21T07:00:00Z")
    desk.check("confirmed/domain-is-kept", [line for line in desk.asked()
                                            if not line.startswith("dns")], [])


def unconfirmed(desk):
    """The attacker's server can give any name: shown, never used."""
    network(desk)
    registration(desk)
    desk.dns("7.113.0.203.in-addr.arpa PTR www.victim.example.\n"
             "www.victim.example A 198.51.100.7\n")
    [answer] = desk.contact("203.0.113.7", reverse_names="yes")
    desk.check("unconfirmed/name", answer["names"],
               [{"name": "www.victim.example", "confirmed": False}])
    desk.check("unconfirmed/nobody-derived", listed(answer), [("abuse@net.example", "abuse")])
    desk.check("unconfirmed/no-domain-query", desk.asked("whois"), [])


def odd_names(desk):
    network(desk)
    desk.dns("7.113.0.203.in-addr.arpa PTR -oq.example a;b.example ok_1.northwind.example"
             + "".join(" h%d.northwind.example" % i for i in range(12)) + "\n")
    [answer] = desk.contact("203.0.113.7", reverse_names="yes")
    names = [name["name"] for name in answer["names"]]
    desk.check("odd/at-most-ten", len(names) <= 10, True)
    desk.check("odd/only-host-names", [name for name in names
                                       if not name.endswith(".northwind.example")], [])
    desk.asked()


def by_name(desk):
    network(desk)
    registration(desk)
    desk.dns("vps7.northwind.example A 203.0.113.99 203.0.113.7\n"
             "7.113.0.203.in-addr.arpa PTR vps7.northwind.example.\n")
    [answer] = desk.contact("vps7.northwind.example", reverse_names="yes")
    desk.check("by-name/the-address-that-says-so", answer["address"], "203.0.113.7")
    desk.check("by-name/confirmed", answer["names"],
               [{"name": "vps7.northwind.example", "confirmed": True}])
    desk.check("by-name/contact", chosen(answer), ["abuse@net.example"])
    desk.check("by-name/when", answer["resolved_at"], "2026-11-21T06:00:00Z")
    desk.check("by-name/several-said", problem(answer, "2 addresses"), True)
    desk.asked()


def by_name_unconfirmed(desk):
    network(desk)
    registration(desk)
    desk.dns("vps7.northwind.example A 203.0.113.7\n"
             "7.113.0.203.in-addr.arpa PTR other.net.example.\n")
    [answer] = desk.contact("vps7.northwind.example", reverse_names="yes")
    desk.check("by-name/unconfirmed", answer["names"][0],
               {"name": "vps7.northwind.example", "confirmed": False})
    desk.check("by-name/unconfirmed-nothing-derived", listed(answer),
               [("abuse@net.example", "abuse")])
    desk.check("by-name/unconfirmed-said", problem(answer, "does not call itself"), True)
    desk.check("by-name/unconfirmed-no-domain-query", desk.asked("whois"), [])


def domain(desk):
    registration(desk)
    [answer] = desk.contact("northwind.example")
    desk.check("domain/contacts", ("tessa@northwind.example", "technical") in listed(answer), True)
    desk.check("domain/no-tld-people", [mail for mail, _ in listed(answer) if "iana" in mail], [])
    desk.check("domain/not-resolved", problem(answer, "not resolved"), True)
    desk.asked()
    [answer] = desk.contact("gone.northwind.example", reverse_names="yes")
    desk.check("domain/no-address-said", problem(answer, "the name has no address"), True)
    desk.check("domain/no-query-for-a-host", desk.asked("whois"), [])


def hosts_table(desk):
    """The user's own table stands in for the DNS, whatever was said about asking it."""
    network(desk)
    path = os.path.join(desk.folder, "hosts")
    with open(path, "w", encoding="ascii") as table:
        table.write("# own table\n203.0.113.7  vps7.northwind.example other.northwind.example\n")
    [answer] = desk.contact("vps7.northwind.example", hosts=path, registries="no")
    desk.check("table/address", answer["address"], "203.0.113.7")
    desk.check("table/names", answer["names"],
               [{"name": "vps7.northwind.example", "confirmed": True},
                {"name": "other.northwind.example", "confirmed": True}])
    desk.check("table/mailboxes", chosen(answer), ["abuse@northwind.example"])
    desk.check("table/nothing-asked", desk.asked(), [])
    with open(path, "a", encoding="ascii") as table:
        table.write("not-an-address name.example\n")
    done = desk.run("contact", "203.0.113.7", hosts=path)
    desk.check("table/broken-names-the-line", (done.returncode != 0, "hosts:3" in done.stderr),
               (True, True))


def main():
    desk = Desk()
    desk.fakes.whois("whois.nic.example", "whois.registrar.example")
    for test in (confirmed, unconfirmed, odd_names, by_name, by_name_unconfirmed, domain,
                 hosts_table):
        desk.fresh()
        test(desk)
    desk.close()


main()
