#!/usr/bin/python3
"""The article's example: the name to its address and back, ARIN, its placeholder's
referral to RIPE, the domain's database; then its log line, judged, and drafted by name."""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "fakes"))
from desk import Desk, chosen, listed  # noqa: E402

NAME, ADDRESS = "7dyn94.ztm.casema.net", "212.64.110.94"


LINE = "Nov  8 15:26:31 linux ftpd[3689]: refused connect from " + NAME
IDENTITY = """
[reporter]
name = Jose Nazario
role = customer
organisation = BigCorp ISP
relation = a machine of mine
mail = jose@bigisp.example
phone = +1 202 555 0100
provider = BigCorp ISP
web = http://www.bigisp.example/~jose/
key-url = http://www.bigisp.example/~jose/key.asc

[logs]
zone = America/New_York
zone-words = US Eastern (GMT-5)

[hosts]
linux = 198.51.100.4 myhost.bigisp.example
"""
WIDER = ["noc@beheer.example", "p.vandijk@ijsselkabel.example", "finance@beheer.example",
         "abuse@casema.net", "security@casema.net"]


def look_up(desk):
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


def draft(desk, log, *options):
    done = desk.run("draft", *options, log, reverse_names="yes", now="2000-11-09T12:00:00Z")
    for line in done.stdout.splitlines() + done.stderr.splitlines():
        print("# " + line)
    return done.stdout


def wider(desk, case):
    """-> the addresses of the wider list, as `show` prints it"""
    shown = desk.run("show", case).stdout
    print("# " + shown.split("\n----")[0].replace("\n", "\n# "))
    return sorted(word for word in shown.split("Wider:")[1].split("Incidents:")[0].split()
                  if "@" in word)


def memo(desk, log):
    """Every element of the article's list, in the one memo it would be today."""
    first = draft(desk, log)
    desk.check("article/held", [line.split()[:2] for line in first.splitlines()
                                if ADDRESS in line], [["hold", ADDRESS]])
    desk.check("article/reason", "not enough to write about alone" in first, True)
    desk.check("article/no-case", "---- case" in first, False)
    text = draft(desk, log, "--source", NAME, "--show")
    flat = " ".join(text.split())
    for name, words in (
            ("who", "Jose Nazario"), ("role", "I am a customer of BigCorp ISP; linux"),
            ("mail", "jose@bigisp.example"), ("phone", "+1 202 555 0100"), ("web", "http://www.bigisp.example/~jose/"),
            ("purpose", "I am writing because a host in your network probed"),
            ("listed-as", "You are listed as the abuse contact"), ("target", "198.51.100.4"),
            ("target-name", "myhost.bigisp.example"), ("port", "port 21/tcp"),
            ("time", "2000-11-08 20:26:31 +0000"), ("evidence", LINE),
            ("zone", "US Eastern (GMT-5)"), ("compromise", "Compromise: no"),
            ("forged", "can be forged"), ("victim", "victim"),
            ("not-staff", "I do not mean that your staff had any part"),
            ("kind-of-line", "stolen account"), ("no-reply", "No reply is expected"),
            ("acknowledgement", "acknowledgement would be welcome"), ("thanks", "Thank you"),
            ("stop", '"stop"'), ("key", "http://www.bigisp.example/~jose/key.asc")):
        desk.check("memo/" + name, words in flat or words in text, True)
    desk.check("memo/to", [line for line in text.splitlines() if line.startswith("To: ")],
               ["To: abuse@ijsselkabel.example"])
    desk.check("memo/provider-once", "Our provider" in flat, False)
    [case] = [line.split()[2].rstrip(",") for line in text.splitlines() if "---- case " in line]
    desk.check("memo/wider-list-shown", wider(desk, case), sorted(WIDER))
    desk.check("memo/wider-list-offered", "5 more on the wider list" in text, True)
    desk.check("memo/nothing-sent", text.rstrip().endswith("Nothing was sent."), True)
    wide = draft(desk, log, "--source", NAME, "--show", "--wide")
    desk.check("memo/wide", [line for line in wide.splitlines() if line.startswith("To: ")],
               ["To: " + ", ".join(["abuse@ijsselkabel.example"] + WIDER)])


def main():
    desk = Desk()
    desk.fakes.whois("whois.verisign-grs.com", "whois.oldregistrar.example")
    shutil.copytree(os.path.join(HERE, "article", "answers"), desk.answers, dirs_exist_ok=True)
    desk.bootstrap["ipv4"] = [(["212.0.0.0/8"], "https://rdap.arin.net/registry/")]
    desk.bootstrap["dns"] = []
    look_up(desk)
    desk.more = IDENTITY
    log = os.path.join(desk.folder, "secure")
    with open(log, "w", encoding="ascii") as file:
        file.write(LINE + "\n")
    memo(desk, log)
    desk.check("article/registries-were-asked-once",
               [line for line in desk.asked() if not line.startswith("dns")], [])
    desk.close()


main()
