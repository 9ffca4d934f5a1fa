#!/usr/bin/python3
"""The examples' logs hold the events that examples/README.md speaks of, and no others."""

import collections
import ipaddress
import os
import pathlib
import subprocess

TOP = pathlib.Path(os.environ.get("TOP", pathlib.Path(__file__).parents[2]))
TIPOFF = pathlib.Path(os.environ.get("TIPOFF", TOP / "build/test/tipoff"))
MATCH_LOG = TIPOFF.parent / "tests/unit/match_log"
ZONE, NOW = "America/New_York", "2026-11-21T06:00:00Z"

# log: (rule, source): lines that are events
EXPECTED = {
    "access.log": {
        ("http-exploit", "203.0.113.99"): 8,
        ("http-login", "198.51.100.33"): 1,
    },
    "auth.log": {
        ("sshd", "203.0.113.77"): 214,
        ("sshd", "2001:db8:7:1::/64"): 18,
        ("sshd", "203.0.113.200"): 12,
        ("sshd", "203.0.113.230"): 18,
        ("sshd", "192.0.2.77"): 27,
        ("sshd", "192.0.2.40"): 13,
        ("sshd", "198.51.100.200"): 1,
        **{("sshd", "203.0.113.%d" % host): 2
           for host in (130, 133, 137, 141, 146, 152)},
        ("sshd-probe", "198.51.100.210"): 1,
        ("sshd-success", "192.0.2.77"): 1,
        ("sshd-success", "198.51.100.8"): 3,
        ("sshd-success", "198.51.100.14"): 3,
    },
    "error.log": {("nginx-auth", "198.51.100.14"): 1},
    "kern.log": {
        ("netfilter", "198.51.100.70"): 14,
        ("netfilter", "198.51.100.77"): 3,
        ("netfilter", "192.0.2.201"): 1,
        ("netfilter", "192.0.2.231"): 1,
        ("netfilter", "198.51.100.95"): 1,
        ("netfilter-ping", "198.51.100.203"): 1,
        ("netfilter-backscatter", "198.51.100.24"): 6,
    },
    "mail.log": {
        ("postfix-sasl", "192.0.2.20"): 24,
        ("postfix-relay", "203.0.113.20"): 3,
        ("dovecot-imap", "198.51.100.150"): 5,
        ("dovecot-imap-success", "198.51.100.14"): 11,
    },
    "secure": {
        ("tcp-wrappers-ftp", "7dyn94.delft.ijsselkabel.example"): 1,
        ("tcp-wrappers-ftp", "203.0.113.45"): 3,
        ("tcp-wrappers-telnet", "192.0.2.21"): 5,
        ("tcp-wrappers-finger", "198.51.100.142"): 1,
        **{("tcp-wrappers-" + service, "192.0.2.150"): 1
           for service in ("ftp", "telnet", "finger", "rlogin", "rsh", "pop3", "imap")},
    },
    "vsftpd.log": {
        ("vsftpd", "198.51.100.140"): 15,
        ("vsftpd", "203.0.113.50"): 1,
        ("vsftpd-success", "203.0.113.50"): 1,
    },
}


def source_of(text):
    """The /64 of an IPv6 address, else the text itself."""
    if ":" not in text:
        return text
    return str(ipaddress.ip_network(text + "/64", strict=False))


def events(log):
    run = subprocess.run([MATCH_LOG, str(TOP / "rules"), ZONE, NOW, str(log)],
                         capture_output=True, text=True, timeout=60, check=True)
    rows = [row.split("\t") for row in run.stdout.splitlines()]
    return collections.Counter((row[4], source_of(row[2])) for row in rows
                               if row[0] != "counts" and row[5] != "contested")


def say(name, problems):
    print(("not ok " if problems else "ok ") + name)
    for problem in problems:
        print("# " + problem)


def main():
    logs = sorted((TOP / "examples" / "logs").iterdir())
    say("examples: every log is expected",
        [log.name for log in logs if log.name not in EXPECTED])
    for log in logs:
        found, wanted = events(log), EXPECTED.get(log.name, {})
        say("examples %s: its events" % log.name,
            ["%s %s: %d, not %d" % (*key, found[key], wanted.get(key, 0))
             for key in sorted(found.keys() | wanted.keys())
             if found[key] != wanted.get(key, 0)])


if __name__ == "__main__":
    main()
