#!/usr/bin/python3
"""tipoff whois beside Debian's whois, on every weak spot of that one that is known."""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from desk import Desk  # noqa: E402

RIPE = ("inetnum:        203.0.113.0 - 203.0.113.63\nnetname:        NORTHWIND-NET1\n"
        "source:         RIPE\n")
ENOUGH = 8 << 20


def port_of(desk, host):
    return [row.split(":")[3] for row in desk.fakes.connect_to if row.startswith(host + ":43:")][0]


def debian(desk, query, host="whois.ripe.net", seconds=30, most=None):
    """(exit status or None where it had to be ended, output up to `most` bytes)"""
    with tempfile.TemporaryFile() as out:
        limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))) if most else None
        process = subprocess.Popen(["whois", "-h", "127.0.0.1", "-p", port_of(desk, host), query],
                                   stdout=out, stderr=subprocess.STDOUT, preexec_fn=limit)
        try:
            status = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = None
        out.seek(0)
        return status, out.read().decode("utf-8", "replace")


def alone(query):
    """Debian's whois without a server: what it cannot tell, it says before it asks."""
    done = subprocess.run(["whois", query], capture_output=True, text=True, timeout=60,
                          check=False, env=dict(os.environ, RES_OPTIONS="attempts:1 timeout:1"))
    return done.stdout + done.stderr


def long_numbers(desk):
    desk.put("whois.iana.org", "AS4199999999", "refer:        whois.ripe.net\n\nas-block:     AS41\n")
    desk.put("whois.ripe.net", "-r AS4199999999", "aut-num:        AS4199999999\nas-name:        LONG\n")
    done = desk.run("whois", "AS4199999999")
    desk.check("number/ours", ("as-name:        LONG" in done.stdout, desk.asked()),
               (True, ["whois whois.iana.org AS4199999999", "whois whois.ripe.net -r AS4199999999"]))
    desk.check("number/debian", "Unknown AS number" in alone("AS4199999999"), True)
    desk.put("whois.ripe.net", "-r AS64500", "aut-num:        AS64500\n")
    desk.check("number/asdot", "AS64500" in desk.run("whois", "AS0.64500").stdout, True)
    desk.asked()


def mapped(desk):
    desk.put("whois.ripe.net", "-r 203.0.113.7", RIPE)
    for query in ("::ffff:203.0.113.7", "2002:cb00:7107::1", "64:ff9b::203.0.113.7"):
        done = desk.run("whois", query)
        desk.check("mapped/" + query, ("NORTHWIND-NET1" in done.stdout, desk.asked()),
                   (True, ["whois whois.ripe.net -r 203.0.113.7"]))
    desk.check("mapped/debian", "NORTHWIND" in alone("::ffff:203.0.113.7"), False)


def private(desk):
    for query, words in (("10.0.0.1", "private use (RFC 1918)"), ("127.0.0.1", "loopback"),
                         ("192.168.0.0/16", "private use (RFC 1918)"), ("fe80::1", "link"),
                         ("100.64.0.1", "shared address space"), ("224.0.0.1", "multicast"),
                         ("AS64512", "private use (RFC 6996)"), ("AS23456", "AS_TRANS"),
                         ("AS4200000001", "private use (RFC 6996)")):
        done = desk.run("whois", query)
        desk.check("private/" + query, ("'%s'" % query in done.stderr and words in done.stderr,
                                        done.returncode, desk.asked()),
                   (True, 77, []))


def escapes(desk):
    hostile = RIPE + "descr: \x1b]0;owned\x07 \x1b[2J \x1b]52;c;aGk=\x07 \u202e \u009b2J\n"
    desk.put("whois.ripe.net", "-r 203.0.113.7", hostile)
    desk.put("whois.ripe.net", "203.0.113.7", hostile)
    done = desk.run("whois", "203.0.113.7")
    desk.check("escape/ours", [c for c in ("\x1b", "\x07", "\u202e", "\u009b") if c in done.stdout], [])
    desk.check("escape/shown", "\\x1b]0;owned\\x07" in done.stdout, True)
    _, said = debian(desk, "203.0.113.7")
    desk.check("escape/debian", "\x1b]0;owned" in said, True)


def endless(desk):
    desk.fakes.misbehaviour["whois.ripe.net"] = registries.endless
    before = time.monotonic()
    done = desk.run("whois", "--json", "203.0.113.7", deadline="50 s")
    took = time.monotonic() - before
    [part] = [json.loads(line) for line in done.stdout.splitlines()]
    desk.check("endless/cut", (part["truncated"], len(part["text"]) <= 1 << 20, took < 40),
               (True, True, True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print("# endless: %.1f s, peak %d MB" % (took, peak))
    desk.check("endless/memory", peak < 400, True)  # with the sanitizer's own
    status, said = debian(desk, "203.0.113.7", most=ENOUGH)
    desk.check("endless/debian-takes-all", (status != 0, len(said) >= ENOUGH), (True, True))
    desk.fakes.misbehaviour.clear()


def slowly(desk):
    desk.fakes.misbehaviour["whois.ripe.net"] = registries.drip
    before = time.monotonic()
    done = desk.run("whois", "203.0.113.7", deadline="2 s")
    desk.check("slow/ours", ("% a v" in done.stdout, "did not finish in time" in done.stderr,
                             time.monotonic() - before < 8), (True, True, True))
    status, _ = debian(desk, "203.0.113.7", seconds=8)
    desk.check("slow/debian-waits", status, None)
    desk.fakes.misbehaviour.clear()


def transfers(desk):
    """A block that was transferred is followed to who has it now, and from there on."""
    desk.put("whois.ripe.net", "-r 203.0.113.7",
             "inetnum:        203.0.113.0 - 203.0.113.255\nnetname:        NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK\n"
             "descr:          IPv4 address block not managed by the RIPE NCC\nmnt-by:         RIPE-NCC-HM-MNT\n"
             "source:         RIPE\n")
    desk.put("whois.ripe.net", "203.0.113.7", "netname:        NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK\n")
    desk.put("whois.iana.org", "203.0.113.7", "refer:        whois.arin.net\n\ninetnum:      203.0.0.0 - 203.255.255.255\n")
    desk.put("whois.arin.net", "n + 203.0.113.7",
             "NetRange:       203.0.113.0 - 203.0.113.255\nCIDR:           203.0.113.0/24\nNetName:        APNIC-ERX\n"
             "NetType:        Early Registrations, Transferred to APNIC\nReferralServer: whois://whois.apnic.net\n")
    desk.put("whois.apnic.net", "203.0.113.7",
             "inetnum:        203.0.113.0 - 203.0.113.63\nnetname:        NORTHWIND-NOW\nsource:         APNIC\n")
    done = desk.run("whois", "203.0.113.7")
    desk.check("transfer/parts", [line for line in done.stdout.splitlines() if line.startswith("[")],
               ["[whois.ripe.net]", "[whois.iana.org]", "[whois.arin.net]", "[whois.apnic.net]"])
    desk.check("transfer/found", "NORTHWIND-NOW" in done.stdout, True)
    _, said = debian(desk, "203.0.113.7")
    desk.check("transfer/debian", "NORTHWIND-NOW" in said, False)


def kinds(desk):
    desk.fakes.whois("whois.nic.example", "whois.registro.br", "whois.nic.at")
    desk.put("whois.iana.org", "at", "refer:        whois.nic.at\n")
    desk.put("whois.iana.org", "example", "refer:        whois.nic.example\n")
    desk.put("whois.nic.example", "northwind.example", "Domain Name: NORTHWIND.EXAMPLE\n")
    for query, asked in (
            ("203.0.113.0/26", ["whois.ripe.net -r 203.0.113.0/26"]),
            ("203.0.113.3 - 203.0.113.9", ["whois.ripe.net -r 203.0.113.3 - 203.0.113.9"]),
            ("192.0.2.0/26", ["whois.arin.net n + 192.0.2.0"]),
            ("www.Northwind.example.", ["whois.iana.org example", "whois.nic.example northwind.example"]),
            ("NWH1-RIPE", ["whois.ripe.net NWH1-RIPE"]), ("nwh1-ap", ["whois.apnic.net NWH1-AP"]),
            ("NWH1-ARIN", ["whois.arin.net NWH1-ARIN"]), ("NWH1-AFRINIC", ["whois.afrinic.net NWH1-AFRINIC"]),
            ("NET-192-0-2-0-1", ["whois.arin.net NET-192-0-2-0-1"]),
            ("nwh12-nicat", ["whois.iana.org at", "whois.nic.at NWH12-NICAT"]),
            ("nic-hdl-br: NWH12", ["whois.registro.br NWH12"])):
        desk.run("whois", query)
        desk.check("kind/" + query, desk.asked(), ["whois " + line for line in asked])
    for query, words in (("010.8.8.8", "this is no address"), ("foo", "this is no address"),
                         ("b\u00fccher.example", "xn--")):
        done = desk.run("whois", query)
        desk.check("kind/" + query, ("'%s'" % query in done.stderr, words in done.stderr,
                                     desk.asked()), (True, True, []))


def main():
    desk = Desk()
    only = sys.argv[1:]
    for test in (long_numbers, mapped, private, escapes, endless, slowly, transfers, kinds):
        if only and test.__name__ not in only:
            continue
        desk.fresh()
        test(desk)
    desk.close()


main()
