#!/usr/bin/python3
"""The article's look-up: the name to its address and back, ARIN, its placeholder's
referral to RIPE, the domain's database; and who would be written to today."""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "fakes"))
from desk import Desk, chosen, listed  # noqa: E402

NAME, ADDRESS = "7dyn94.ztm.casema.net", "212.64.110.94"


def main():
    desk = Desk()
    desk.fakes.whois("whois.verisign-grs.com", "whois.oldregistrar.example")
    shutil.copytree(os.path.join(HERE, "article", "answers"), desk.answers, dirs_exist_ok=True)
    desk.bootstrap["ipv4"] = [(["212.0.0.0/8"], "https://rdap.arin.net/registry/")]
    desk.bootstrap["dns"] = []
    [answer] = desk.contact(NAME, reverse_names="yes", now="2000-11-09T12:00:00Z")
    asked = desk.asked()
    desk.check("article/address", answer["address"], ADDRESS)
    desk.check("article/name-confirmed", answer["names"], [{"name": NAME, "confirmed": True}])
    desk.check("article/network", (answer["network"]["first"], answer["network"]["last"],
                                   answer["network"]["name"], answer["network"]["registry"]),
               ("212.64.96.0", "212.64.127.255", "IJSSELKABEL-CABLE-3", "ripe"))
    desk.check("article/to", chosen(answer), ["abuse@ijsselkabel.example"])
    desk.check("article/wider-list", sorted(listed(answer)), sorted([
        ("abuse@ijsselkabel.example", "abuse"), ("noc@beheer.example", "administrative"),
        ("p.vandijk@ijsselkabel.example", "technical"), ("finance@beheer.example", "billing"),
        ("abuse@casema.net", "mailbox"), ("security@casema.net", "mailbox")]))
    desk.check("article/registry-box-not-kept", [mail for mail, _ in listed(answer)
                                                 if mail.endswith("@ripe.net")], [])
    desk.check("article/dns", sorted(line for line in asked if line.startswith("dns")),
               ["dns A " + NAME, "dns AAAA " + NAME, "dns PTR 94.110.64.212.in-addr.arpa"])
    desk.check("article/network-queries",
               [line for line in asked if ADDRESS in line],
               ["rdap rdap.arin.net /registry/ip/" + ADDRESS,
                "whois whois.arin.net n + " + ADDRESS, "whois whois.ripe.net -r " + ADDRESS])
    desk.check("article/domain-queries",
               [line for line in asked if line.startswith("whois") and ADDRESS not in line],
               ["whois whois.iana.org net", "whois whois.verisign-grs.com domain casema.net",
                "whois whois.oldregistrar.example casema.net"])
    done = desk.run("contact", NAME, reverse_names="yes", now="2000-11-09T12:30:00Z")
    for line in done.stdout.splitlines():
        print("# " + line)
    desk.close()


main()
