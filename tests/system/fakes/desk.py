"""A desk to look things up from: fake registries, a configuration that leads to them, and
the program; each check prints its line."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import registries
from registries import put

# Documentation addresses stand for the registries' space.
BOOTSTRAP = {
    "ipv4": [(["203.0.113.0/25"], "https://rdap.db.ripe.net/"),
             (["203.0.113.128/25"], "https://rdap.lacnic.net/rdap/"),
             (["198.51.100.0/25"], "https://rdap.apnic.net/"),
             (["198.51.100.128/25"], "https://rdap.afrinic.net/rdap/"),
             (["192.0.2.0/25"], "https://rdap.arin.net/registry/")],
    "ipv6": [(["2001:db8::/33"], "https://rdap.db.ripe.net/")],
    "asn": [(["64496-64503"], "https://rdap.db.ripe.net/")],
    "dns": [(["test"], "https://rdap.test-registry.example/")],
}
WHOIS_HOSTS = ("whois.ripe.net", "whois.arin.net", "whois.apnic.net", "whois.lacnic.net",
               "whois.afrinic.net", "whois.iana.org")
RDAP_HOSTS = ("rdap.db.ripe.net", "rdap.arin.net", "rdap.apnic.net", "rdap.lacnic.net",
              "rdap.afrinic.net", "rdap.test-registry.example")


def rdap_network(first, last, name, mails, roles=("abuse",), **more):
    """An RDAP ip network (RFC 9083 section 5.4) with one entity per mail."""
    entities = [{"objectClassName": "entity", "handle": "AB%d-TEST" % i, "roles": list(roles),
                 "vcardArray": ["vcard", [["version", {}, "text", "4.0"],
                                          ["fn", {}, "text", "Abuse desk"],
                                          ["email", {"type": "abuse"}, "text", mail]]]}
                for i, mail in enumerate(mails)]
    network = {"objectClassName": "ip network", "rdapConformance": ["rdap_level_0"],
               "handle": "%s - %s" % (first, last), "startAddress": first,
               "endAddress": last, "ipVersion": "v6" if ":" in first else "v4",
               "name": name, "type": "ASSIGNED PA", "country": "NL",
               "status": ["active"], "entities": entities}
    network.update(more)
    return json.dumps(network)


def clock(later):
    """For TIPOFF_CLOCK: so many seconds from now, by the clock that --now leaves alone."""
    return "%d@%d" % (later + 1, time.time() - 1) if later else ""


class Desk:
    def __init__(self, rdap_hosts=RDAP_HOSTS, whois_hosts=WHOIS_HOSTS):
        self.rdap_hosts, self.whois_hosts = tuple(rdap_hosts), tuple(whois_hosts)
        self.folder = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        self.answers = os.path.join(self.folder, "answers")
        os.makedirs(self.answers)
        self.authority = registries.make_authority(
            self.folder, self.rdap_hosts + ("other.example",))
        self.failed, self.program, self.prefix = 0, os.environ["TIPOFF"], ""
        self.open()

    def open(self):
        self.fakes = registries.Registries(
            self.answers, os.path.join(self.folder, "queries.log"), self.authority[1:])
        self.fakes.whois(*self.whois_hosts)
        self.fakes.rdap(*self.rdap_hosts)
        self.number, self.bootstrap, self.more = 0, dict(BOOTSTRAP), ""
        self.documentation = "public"
        self.fresh()

    def fresh(self):
        """Nothing known: no answers, no store, no misbehaviour, nothing logged."""
        shutil.rmtree(self.answers)
        os.makedirs(self.answers)
        self.fakes.misbehaviour.clear()
        self.fakes.dns.silent = False
        self.fakes.log.take()
        self.number += 1
        self.store = os.path.join(self.folder, "store%d.db" % self.number)

    def put(self, host, query, text, suffix=".txt"):
        put(self.answers, host, query, text, suffix)

    def dns(self, text):
        with open(os.path.join(self.answers, "dns.txt"), "w", encoding="ascii") as file:
            file.write(text)

    def configuration(self, **settings):
        folder = os.path.join(self.folder, "bootstrap")
        os.makedirs(folder, exist_ok=True)
        for name, services in self.bootstrap.items():
            with open(os.path.join(folder, name + ".json"), "w", encoding="ascii") as file:
                json.dump({"version": "1.0", "publication": "2026-11-01T00:00:00Z",
                           "services": [([[]] if name == "object-tags" else []) + [keys, [url]]
                                        for keys, url in services]}, file)
        values = {"registries": "yes", "reverse-names": "no", "bootstrap": folder,
                  "dns": "127.0.0.1:%d" % self.fakes.dns.port,
                  "ca-file": self.authority[0],
                  "connect-to": "\n  ".join(self.fakes.connect_to), "deadline": "4 s",
                  "budgets": "* 1000000 1s 1"}  # contact_budgets.py is about those
        values.update({key.replace("_", "-"): value for key, value in settings.items()})
        path = os.path.join(self.folder, "tipoff.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("[judge]\ndocumentation = %s\n\n[look-up]\n" % self.documentation)
            file.writelines("%s = %s\n" % item for item in values.items() if item[1])
            file.write(self.more)
        return path

    def run(self, *arguments, now="2026-11-21T06:00:00Z", stdin="", later=0, **settings):
        command = [self.program, *arguments, "--config", self.configuration(**settings),
                   "--store", self.store, "--now", now]
        return subprocess.run(command, input=stdin, capture_output=True, text=True,
                              timeout=60, env=dict(os.environ, HOME=self.folder,
                                                   TIPOFF_CLOCK=clock(later),
                                                   http_proxy="http://127.0.0.1:9/",
                                                   https_proxy="http://127.0.0.1:9/"))

    def contact(self, *queries, **more):
        """The answers, as `contact --json` prints them."""
        done = self.run("contact", "--json", *queries, **more)
        if done.returncode:
            print("# exit %d: %s" % (done.returncode, done.stderr.strip()))
        for line in done.stderr.splitlines():
            print("# " + line)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def asked(self, kind=""):
        return self.fakes.log.take(kind)

    def check(self, name, got, want):
        name = self.prefix + name
        if got == want:
            print("ok " + name, flush=True)
            return
        self.failed += 1
        print("# %s: got  %s" % (name, json.dumps(got)))
        print("# %s: want %s" % (name, json.dumps(want)))
        print("not ok " + name)

    def close(self):
        self.fakes.close()
        sys.exit(1 if self.failed else 0)


def chosen(answer):
    return [contact["address"] for contact in answer["contacts"] if contact["chosen"]]


def listed(answer):
    return [(contact["address"], contact["role"]) for contact in answer["contacts"]]


def problem(answer, words):
    """Does any problem of the answer say so?"""
    return any(words in text for text in answer["problems"])
