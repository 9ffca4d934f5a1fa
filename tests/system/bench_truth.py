#!/usr/bin/python3
"""The logs that `make bench` measures on: what is said to be true of them is what
fail2ban-regex counts, the same options make the same bytes, and nobody real is named."""

import collections
import ipaddress
import os
import re
import shutil
import subprocess

from stand import TIPOFF, Place, check, equal, need

MAKER = os.path.join(os.path.dirname(TIPOFF), "bench/bench_generate")
FILTER = "/etc/fail2ban/filter.d/sshd.conf"
IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-]*\d)")
KINDS = ("sshd", "syslog", "netfilter", "web")


def make(place, name, kind, *words):
    path = place.folder / name
    subprocess.run([MAKER, kind, path, *words], check=True)
    return path


def truth(path):
    rows = (line.split("\t") for line in path.with_name(path.name + ".truth").open())
    return {source: int(count) for source, count in rows}


def same_as_fail2ban(kind):
    place = Place("bench")
    log = make(place, kind + ".log", kind, "--lines", "10000", "--sources", "900")
    said = subprocess.run(["fail2ban-regex", "--usedns=no", "-o", "<ip>", log, FILTER],
                          capture_output=True, text=True, check=False,
                          env=dict(os.environ, TZ="UTC"))
    wanted = dict(collections.Counter(said.stdout.split()))
    need(sum(wanted.values()) >= (100 if kind == "syslog" else 7900), "only", wanted)
    equal(truth(log), wanted, "failures by source")


def by_its_seed(kind):
    place = Place("bench")
    texts = [make(place, name, kind, "--lines", "2000", "--seed", seed).read_bytes()
             for name, seed in (("a", "7"), ("b", "7"), ("c", "8"))]
    need(texts[0] == texts[1], "the same seed made two logs")
    need(texts[0] != texts[2], "two seeds made the same log")
    equal(texts[0].count(b"\n"), 2000, "lines")


def names_nobody(kind):
    place = Place("bench")
    log = make(place, "log", kind, "--lines", "20000", "--sources", "20000")
    for text in set(IPV4.findall(log.read_text())) | set(truth(log)):
        need(not ipaddress.ip_address(text).is_global, "a real address:", text)


def every_source():
    log = make(Place("bench"), "log", "sshd", "--lines", "3000", "--sources", "3000")
    equal(len(truth(log)), 3000, "sources")


def main():
    for kind in KINDS:
        check(kind + " follows its seed", by_its_seed, kind)
        check(kind + " names nobody real", names_nobody, kind)
    check("as many sources as lines", every_source)
    for kind in ("sshd", "syslog"):
        if os.path.exists(FILTER) and shutil.which("fail2ban-regex"):
            check(kind + " says what fail2ban counts", same_as_fail2ban, kind)
        else:
            print("skip %s says what fail2ban counts # fail2ban is not installed" % kind)


main()
