#!/usr/bin/python3
"""S13 and S14: names that lead to public addresses at one time and inside at another, or
to both at once. In a network of our own, where 11.0.0.1 answers, and where servers on the
inside wait for whoever is led to them."""
import ctypes
import fcntl
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from cases import ABUSE, Cases, arin, both  # noqa: E402
from desk import problem, rdap_network  # noqa: E402

PUBLIC, OTHER_PUBLIC, INSIDE = "11.0.0.1", "11.0.0.2", ("10.0.0.5", "127.0.0.1")
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
UP = 0x41  # and running


def own_network():
    """A network without a way out; False where that is not allowed here."""
    libc = ctypes.CDLL(None, use_errno=True)
    return (libc.unshare(CLONE_NEWNET) == 0 or
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def add_address(link, label, address, mask):
    row = label.encode(), socket.AF_INET, 0
    fcntl.ioctl(link, SIOCSIFADDR, struct.pack("16sHH4s8x", *row, socket.inet_aton(address)))
    fcntl.ioctl(link, SIOCSIFNETMASK, struct.pack("16sHH4s8x", *row, socket.inet_aton(mask)))


def add_addresses():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        add_address(link, "lo", "127.0.0.1", "255.0.0.0")
        fcntl.ioctl(link, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP))
        for number, address in enumerate((PUBLIC, INSIDE[0]), 1):
            add_address(link, "lo:%d" % number, address, "255.255.255.255")


class Turning:
    """The resolver's rows; of some names each answer to an A question is the next one."""

    def __init__(self, dns):
        self.rows, self.real = {}, dns.records
        dns.records = self.records

    def records(self, name, kind):
        if name in self.rows and kind == "A":
            answers = self.rows[name]
            return (answers.pop(0) if len(answers) > 1 else answers[0]), True
        return self.real(name, kind)


def watch(fakes, address, port):
    """Whoever connects there is noted."""
    server = socket.create_server((address, port))

    def run():
        while True:
            server.accept()[0].close()
            fakes.log.add("inside %s:%d" % (address, port))
    threading.Thread(target=run, daemon=True).start()


def lookups(line):
    return line.startswith("dns A ")


def s13_whois(desk, turning):
    turning.rows["turns.fabrikam.example"] = [[PUBLIC], ["127.0.0.1"]]
    desk.arin("192.0.2.1", arin("ReferralServer: whois://turns.fabrikam.example"))
    desk.put("turns", "192.0.2.1", arin(first="192.0.2.0", last="192.0.2.15",
                                        mail="desk@customer.example"))
    desk.case("S13/whois", "192.0.2.1", ["desk@customer.example"])
    asked = desk.asked()
    desk.check("S13/whois/queries", [line for line in asked if not line.startswith("dns ")],
               both("192.0.2.1") + ["whois turns 192.0.2.1"])
    desk.check("S13/whois/resolved-once", list(filter(lookups, asked)),
               ["dns A turns.fabrikam.example"])
    # Asked anew, the name leads inside: the address is judged again, and not asked.
    desk.store += "2"
    answer = desk.case("S13/whois-later", "192.0.2.1", [ABUSE], both("192.0.2.1"))
    desk.check("S13/whois-later/said", problem(answer, "private or special"), True)


def s13_rdap(desk, turning):
    turning.rows["other.example"] = [[PUBLIC], ["127.0.0.1"]]
    desk.rdap("192.0.2.3", "https://other.example/ip/192.0.2.3", ".302.txt")
    desk.put("other.example", "ip/192.0.2.3", rdap_network(
        "192.0.2.0", "192.0.2.63", "MOVED", ["abuse@moved.example"]), ".json")
    desk.case("S13/rdap", "192.0.2.3", ["abuse@moved.example"])
    asked = desk.asked()
    desk.check("S13/rdap/queries", [line for line in asked if not line.startswith("dns ")],
               [both("192.0.2.3")[0], "rdap other.example /ip/192.0.2.3"])
    desk.check("S13/rdap/resolved-once", list(filter(lookups, asked)), ["dns A other.example"])
    desk.arin("192.0.2.3", arin())
    desk.store += "2"
    desk.case("S13/rdap-later", "192.0.2.3", [ABUSE], both("192.0.2.3"))


def s14_sets(desk, turning):
    sets = (("public-last", [INSIDE[0], INSIDE[1], PUBLIC], True),
            ("public-first", [PUBLIC, *INSIDE], True),
            ("dead-public", [OTHER_PUBLIC, *INSIDE], False))
    for number, (name, addresses, answers) in enumerate(sets, 10):
        address = "192.0.2.%d" % number
        desk.store = os.path.join(desk.folder, "s14-%s.db" % name)
        turning.rows["set.fabrikam.example"] = [addresses]
        desk.arin(address, arin("ReferralServer: whois://set.fabrikam.example"))
        desk.put("turns", address, arin(first=address, last=address, mail="desk@customer.example"))
        desk.case("S14/" + name, address, ["desk@customer.example"] if answers else [ABUSE],
                  both(address) + (["whois turns " + address] if answers else []))


def main():
    if not own_network():
        print("skip contact_cases_addresses # no network namespaces here")
        return
    add_addresses()
    desk = Cases()
    desk.fakes.start(registries.Line, "whois", "turns", (PUBLIC, 43))
    desk.fakes.http("rdap", desk.authority[1:], (PUBLIC, 443))
    for address in INSIDE:
        for port in (43, 443):
            watch(desk.fakes, address, port)
    turning = Turning(desk.fakes.dns)
    for test in (s13_whois, s13_rdap, s14_sets):
        desk.fresh()
        turning.rows.clear()
        test(desk, turning)
    desk.close()


main()
