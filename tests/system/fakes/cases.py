"""The cases of hostile servers (S01 to S35): a desk that measures each look-up, and answers
in the registries' grammars that they change."""
import json
import os
import resource
import time

from desk import Desk, chosen

MAIL = "refused@northwind.example"
# What servers have been seen to say (contacts.md S29), with a mailbox that is no contact.
REFUSALS = (
    ("ripe-201", "whois.ripe.net", "203.0.113.7", "-r %s",
     "%ERROR:201: access denied for 192.0.2.1\n%\n% Queries from your IP address have passed "
     "the daily limit of controlled objects.\n% Contact " + MAIL + "\n"),
    ("ripe-306", "whois.ripe.net", "203.0.113.7", "-r %s",
     "%ERROR:306: connections exceeded\n%\n% Number of connections from a single IP address "
     "has been exceeded. " + MAIL + "\n"),
    ("lacnic-rate", "whois.lacnic.net", "203.0.113.140", "%s",
     "% Query rate limit exceeded. Reduced information.\n% " + MAIL + "\n\n"
     "inetnum:     203.0.113.128/25\nowner:       NORTHWIND\nabuse-c:     NWA\n\n"
     "nic-hdl:     NWA\ne-mail:      " + MAIL + "\n"),
    ("lacnic-denied", "whois.lacnic.net", "203.0.113.140", "%s",
     "% Permission denied.\n% " + MAIL + "\n"),
    ("lacnic-connections", "whois.lacnic.net", "203.0.113.140", "%s",
     "% Maximum concurrent connections limit exceeded\n% " + MAIL + "\n"),
    ("afrinic-unable", "whois.afrinic.net", "198.51.100.140", "%s",
     "% The WHOIS is temporary unable to query ARIN\n% " + MAIL + "\n"),
    ("arin-limit", "whois.arin.net", "192.0.2.7", "n + %s",
     "#\n# Query rate limit exceeded. Write to " + MAIL + "\n#\n"),
)
SECONDS, MIB = 30, 250  # of one look-up; with ASan's shadow, whose own share is about 130
ABUSE = "abuse@fabrikam.example"


def arin(*lines, first="192.0.2.0", last="192.0.2.127", mail=ABUSE, name="FABRIKAM-1"):
    return ("# start\n\nNetRange:       %s - %s\nNetName:        %s\n"
            "NetHandle:      NET-192-0-2-0-1\nOrganization:   Fabrikam Backbone (FB-7)\n%s\n"
            "OrgName:        Fabrikam Backbone\nOrgId:          FB-7\n\n"
            "OrgAbuseHandle: ABUSE77-ARIN\nOrgAbuseEmail:  %s\n\n# end\n"
            % (first, last, name, "".join(line + "\n" for line in lines), mail))


def ripe(*lines, key="203.0.113.0 - 203.0.113.63", mail="abuse@northwind.example"):
    return ("%% Information related to '%s'\n\n%% Abuse contact for '%s' is '%s'\n\n"
            "inetnum:        %s\nnetname:        NORTHWIND-NET1\n%ssource:         RIPE\n"
            % (key, key, mail, key, "".join(line + "\n" for line in lines)))


def both(address):
    return ["rdap rdap.arin.net /registry/ip/" + address, "whois whois.arin.net n + " + address]


def of_ripe(address):
    return ["rdap rdap.db.ripe.net /ip/" + address, "whois whois.ripe.net -r " + address]


class Cases(Desk):
    """A desk that measures."""

    def case(self, name, queries, want, seen=None, now="2026-11-21T06:00:00Z", **settings):
        """One look-up: whom it leads to, and the queries the servers saw."""
        before = time.monotonic()
        answers = self.contact(*queries.split(), now=now, **settings)
        took = time.monotonic() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        got = [address for answer in answers for address in chosen(answer)]
        self.check(name, got, want)
        self.check(name + "/in-time-and-memory", (took < SECONDS, peak < MIB), (True, True))
        if seen is not None:
            self.check(name + "/queries",
                       [line for line in self.asked() if not line.startswith("dns ")], seen)
        return answers[0] if len(answers) == 1 else answers

    def arin(self, address, text, suffix=".txt"):
        self.put("whois.arin.net", "n + " + address, text, suffix)

    def rdap(self, address, text, suffix=".json"):
        self.put("rdap.arin.net", "registry/ip/" + address, text, suffix)
