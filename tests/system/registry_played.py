#!/usr/bin/python3
"""Every recorded registry answer of the corpus, played by servers on loopback to `contact`.

Each recording is what the server says to which the real tables lead (IANA's recorded
bootstrap files route RDAP), first alone, then as a link of a whole chain: RDAP and WHOIS
of one address, early registrations, national registries, thin registries. The contact
chosen must be the one asserted, or none; no answer may list a registry's own box; and
the queries that the servers saw are those of the way that was to be taken.
"""
import collections
import concurrent.futures
import csv
import glob
import ipaddress
import itertools
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import Desk, chosen  # noqa: E402
from registry_corpus import BOXES, DIFFERENT, WHOIS, dedent, query_of  # noqa: E402

# What the corpus derives by a weaker rule than ours; beside those of registry_corpus.
PLAYED = {
    "rdap/arin/icannrdap-entity_arin_hostmaster.json": ("", "ARIN's own box"),
    "whois/apnic/secynic-210.107.73.73.txt":
        ("abuse@bora.net", "behind KRNIC's own box the remarks name the desk"),
    "whois/ripe/webtracker-0.0.0.1-4480.txt": ("", "a special address: nobody is asked"),
}
WHOIS_HOSTS = tuple(WHOIS.values()) + ("whois.iana.org", "whois.radb.net",
                                       "whois.verisign-grs.com", "whois.thin.example")
RDAP_OF = {"ripe": "rdap.db.ripe.net", "apnic": "rdap.apnic.net", "arin": "rdap.arin.net",
           "afrinic": "rdap.afrinic.net", "lacnic": "rdap.lacnic.net"}
DESKS = 3
STYLE = {"whois.ripe.net": "-r %s", "whois.nic.ad.jp": "%s/e"}


class Recordings:
    """The rows of INDEX.tsv; each must be read by somebody."""

    def __init__(self, folder):
        self.folder, self.used = folder, collections.Counter()
        with open(os.path.join(folder, "INDEX.tsv"), encoding="utf-8") as index:
            self.rows = list(csv.DictReader(index, delimiter="\t",
                                            quoting=csv.QUOTE_NONE))

    def under(self, prefix):
        return [row for row in self.rows if row["path"].startswith(prefix)]

    def read(self, path):
        self.used[path] += 1
        with open(os.path.join(self.folder, path), "rb") as file:
            data = file.read()
        return dedent(data) if "webtracker" in path else data

    def http(self, path):
        """Status and body; some recordings have their head."""
        data = self.read(path)
        if not data.startswith(b"HTTP/"):
            return 200, data
        head, body = re.split(rb"\r?\n\r?\n", data, maxsplit=1)
        return int(head.split()[1]), body

    def wanted(self, row):
        for table in (PLAYED, DIFFERENT):
            if row["path"] in table:
                return table[row["path"]][0]
        want = (row["labelled_abuse"] or row["derived_abuse"]).lower()
        return "" if BOXES.search(want) else want

    def unused(self):
        return [row["path"] for row in self.rows if not self.used[row["path"]]]


class Tables:
    """IANA's recorded tables: which RDAP server is asked for what."""

    def __init__(self, recordings):
        self.files = {}
        for name in ("ipv4", "ipv6", "asn", "dns"):
            self.files[name] = recordings.read("rdap/bootstrap/iana-2024-%s.json" % name)
        self.services = {name: json.loads(data)["services"]
                         for name, data in self.files.items()}

    def best(self, name, fits):
        """The longest key that fits and its https URL, as (host, path)."""
        found = [(len_, urls) for keys, urls in self.services[name]
                 for len_ in [max((fits(key) for key in keys), default=0)] if len_]
        if not found:
            return None
        urls = max(found)[1]
        url = next((u for u in urls if u.startswith("https:")), urls[0])
        host, _, path = url.split("://")[1].partition("/")
        return host, path.strip("/") + ("/" if path.strip("/") else "")

    def for_address(self, text):
        address = ipaddress.ip_address(text)
        return self.best("ipv%d" % address.version,
                         lambda key: ipaddress.ip_network(key).prefixlen
                         if address in ipaddress.ip_network(key) else 0)

    def for_number(self, number):
        def fits(key):
            first, _, last = key.partition("-")
            return int(first) <= number <= int(last or first)
        return self.best("asn", fits)

    def for_domain(self, name):
        ending = name.rsplit(".", 1)[1].lower()
        return self.best("dns", lambda key: key.lower() == ending)


class Play:
    """One look-up: what is asked, what each server says, what must come out."""

    def __init__(self, name, query, want, kind=""):
        self.name, self.query, self.want = name, query, want
        self.kind, self.answers, self.queries = kind, [], None
        self.documentation = "no"

    def whois(self, host, question, data):
        self.answers.append((host, question, data, ".raw"))

    def rdap(self, server, question, status, data):
        suffix = ".json" if status == 200 else ".%d.json" % status
        self.answers.append((server[0], server[1] + question, data, suffix))


def whois_question(host, query):
    if host == "whois.arin.net":
        return "n + " + query
    return STYLE.get(host, "%s") % query


def registry_of(server):
    return next((name for name, host in RDAP_OF.items() if server and server[0] == host),
                None)


def plays_of_whois(recordings, tables):
    for row in recordings.under("whois/"):
        family = row["path"].split("/")[1]
        if family in ("irr", "domain") or row["path"].endswith(".json"):
            continue
        data = recordings.read(row["path"])
        query = plain(query_of(row, data)) if query_of(row, data) != "-" else "-"
        play = Play(row["path"], query, recordings.wanted(row), "WHOIS")
        if row["query"].startswith("AS"):
            play.query = row["query"]
            server = tables.for_number(int(row["query"][2:]))
        else:
            server = tables.for_address(query)
        first = registry_of(server)
        host = WHOIS[family]
        if play.query == "0.0.0.1":
            play.queries = []
        play.whois(host, whois_question(host, play.query), data)
        if first and WHOIS[first] != host and play.query.startswith("AS"):
            play.answers.append((server[0], server[1] + "autnum/" + play.query[2:],
                                 "https://%s/autnum/%s" % (RDAP_OF[family], play.query[2:]),
                                 ".302.txt"))
        elif first and WHOIS[first] != host:
            lead(play, WHOIS[first], query, family)
        yield play


def lead(play, first, query, family):
    """What the registry of the tables says, so that the recorded one is asked."""
    if first == "whois.arin.net":
        words = ("NetRange:       %s\nNetName: X\nNetType:        Transferred to %s\n\n"
                 "OrgId: %s\nReferralServer: whois://%s\n"
                 % (span(query), family.upper(), family.upper(), WHOIS[family]))
    elif family in ("jpnic", "krnic"):
        words = ("inetnum: %s\nnetname: X\nmnt-by: %s\nsource: APNIC\n"
                 % (span(query), {"jpnic": "MAINT-JPNIC", "krnic": "MNT-KRNIC-AP"}[family]))
    else:
        words = ("inetnum: %s\nnetname: STUB-X\ndescr: Transferred to the %s region on 20150101\n"
                 "mnt-by: APNIC-STUB\nsource: APNIC\n" % (span(query), family.upper()))
    play.whois(first, whois_question(first, query), words.encode())


def plain(address):
    """"074.125.000.000" is how ARIN wrote addresses once."""
    if ":" in address:
        return address
    return ".".join(str(int(part)) for part in address.split("."))


def span(query):
    network = ipaddress.ip_network(query).supernet(new_prefix=16)
    return "%s - %s" % (network[0], network[-1])


def object_of(data):
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def plays_of_rdap(recordings, tables):
    for row in recordings.under("rdap/"):
        family = row["path"].split("/")[1]
        if family == "bootstrap":
            continue
        status, data = recordings.http(row["path"])
        said = object_of(data)
        kind = said.get("objectClassName", "")
        play = Play(row["path"], None, recordings.wanted(row), "RDAP")
        if family == "domain" or kind in ("domain", "nameserver"):
            name = (said.get("ldhName") or said.get("unicodeName") or row["path"]).lower()
            name = re.sub(r"^.*/[a-z]+-(?=[a-z]+\.[a-z]+\.json)|\.json$", "", name)
            if not re.fullmatch(r"[a-z0-9-]+\.[a-z]+", name):
                name = "recorded.com"
            play.query, server = name, tables.for_domain(name)
            play.rdap(server, "domain/" + name, status, data)
        elif kind == "autnum" and "startAutnum" in said:
            play.query = "AS%d" % said["startAutnum"]
            play.rdap(tables.for_number(said["startAutnum"]),
                      "autnum/%d" % said["startAutnum"], status, data)
        elif kind == "entity":
            play.query = said["handle"] + ("" if said["handle"].endswith("-ARIN") else "-ARIN")
            play.rdap(("rdap.arin.net", "registry/"), "entity/" + play.query, status, data)
        elif status != 200 or "startAddress" not in said:
            play.query, status = "192.203.230.10", said.get("errorCode", status)
            play.rdap(tables.for_address(play.query), "ip/" + play.query, status, data)
        else:
            play.query = plain(query_of(row, data))
            server = tables.for_address(play.query)
            play.rdap(server, "ip/" + play.query, status, data)
            if server[0] != RDAP_OF[family]:
                play.name += " (asked of %s)" % server[0]
        yield play


def plays_of_domains(recordings):
    """The registry's record; the registrar's server, which it names, knows nothing."""
    for row in recordings.under("whois/domain/"):
        data = recordings.read(row["path"])
        domain = re.search(rb"Domain Name: *(\S+)", data).group(1).decode().lower()
        play = Play(row["path"], domain, recordings.wanted(row), "domain WHOIS")
        play.whois("whois.iana.org", domain.rsplit(".", 1)[1],
                   b"refer: whois.verisign-grs.com\n\ndomain: X\nsource: IANA\n")
        play.whois("whois.verisign-grs.com", "domain " + domain, data)
        named = re.search(rb"Registrar WHOIS Server: *(\S+)", data)
        if named:
            play.whois(named.group(1).decode(), domain, b"No match for domain.\r\n")
        yield play


def plays_of_routes(recordings, tables):
    """Route registries name nobody: as the answer of a server that ARIN names."""
    for row in recordings.under("whois/irr/"):
        if row["path"].endswith(".json"):
            continue
        data = recordings.read(row["path"])
        found = re.search(rb"(?m)^route6?: *([0-9a-fA-F.:]+)/", data)
        query = found.group(1).decode() if found else "192.203.230.10"
        play = Play(row["path"], query, "desk@fabrikam.example", "routes")
        play.documentation = "public"
        server = tables.for_address(query)
        if registry_of(server) != "arin":
            play.answers.append((server[0], server[1] + "ip/" + query,
                                 "https://rdap.arin.net/registry/ip/" + query, ".302.txt"))
        play.whois("whois.arin.net", "n + " + query,
                   ("NetRange: %s\nNetName: X\nOrgAbuseEmail: desk@fabrikam.example\n"
                    "ReferralServer: whois://whois.radb.net\n" % span(query)).encode())
        play.whois("whois.radb.net", query, data)
        yield play


def plays_of_objects(recordings, tables):
    """Objects of dumps, as a server would print them: whatever they hold, no own box."""
    for row in recordings.under("rpsl/"):
        data = recordings.read(row["path"])
        found = re.search(rb"(?mi)^(?:inetnum|inet6num|netrange|route6?): *([0-9a-f.:]+)", data)
        query = found.group(1).decode().rstrip(".") if found else "192.203.230.10"
        query += ".0" * (3 - query.count(".")) if ":" not in query else ""
        query = str(ipaddress.ip_address(query))
        server = tables.for_address(query) or ("rdap.arin.net", "registry/")
        play = Play(row["path"], query, None, "objects")
        host = WHOIS[registry_of(server)]
        play.whois(host, whois_question(host, query), data)
        yield play


def chains(recordings):
    """Recordings of several servers about one address, one after the other."""
    def part(path):
        return recordings.read(path)

    play = Play("chain/ripe-conflict", "62.239.237.1", "protect@bt.com", "chain")
    play.rdap(("rdap.db.ripe.net", ""), "ip/62.239.237.1", 200,
              part("rdap/ripe/secynic-62.239.237.1.json"))
    play.whois("whois.ripe.net", "-r 62.239.237.1", part("whois/ripe/secynic-62.239.237.1.txt"))
    play.queries = ["rdap rdap.db.ripe.net /ip/62.239.237.1",
                    "whois whois.ripe.net -r 62.239.237.1"]
    yield play
    play = Play("chain/apnic-to-jpnic", "2001:240:10c:1::ca20:9d1d", "", "chain")
    play.rdap(("rdap.apnic.net", ""), "ip/" + play.query, 200,
              part("rdap/apnic/secynic-2001_240_10c_1__ca20_9d1d.json"))
    play.whois("whois.apnic.net", play.query,
               part("whois/apnic/secynic-2001_240_10c_1__ca20_9d1d.txt"))
    play.queries = ["rdap rdap.apnic.net /ip/" + play.query, "whois whois.apnic.net " + play.query,
                    "whois whois.nic.ad.jp %s/e" % play.query]
    yield play
    play = Play("chain/apnic-to-krnic", "210.107.73.73", "abuse@bora.net", "chain")
    play.rdap(("rdap.apnic.net", ""), "ip/" + play.query, 200,
              part("rdap/apnic/secynic-210.107.73.73.json"))
    play.whois("whois.apnic.net", play.query, part("whois/apnic/secynic-210.107.73.73.txt"))
    play.queries = ["rdap rdap.apnic.net /ip/" + play.query, "whois whois.apnic.net " + play.query,
                    "whois whois.krnic.net " + play.query]
    yield play
    play = Play("chain/erx-to-ripe", "130.66.0.1", "", "chain")
    play.whois("whois.arin.net", "n + 130.66.0.1",
               part("whois/arin/weppos-arin_referral_whois.txt"))
    yield play
    play = Play("chain/erx-to-apnic", "144.130.0.1", "", "chain")
    play.whois("whois.arin.net", "n + 144.130.0.1",
               part("whois/arin/weppos-arin_referral_apnic.txt"))
    yield play
    play = Play("chain/short-list", "12.100.128.1", "", "chain")
    play.whois("whois.arin.net", "n + 12.100.128.1",
               part("whois/arin/webtracker-12.100.128.1-8733.txt"))
    play.queries = ["rdap rdap.arin.net /registry/ip/12.100.128.1",
                    "whois whois.arin.net n + 12.100.128.1",
                    "whois whois.arin.net n + ! NET-12-100-128-0-1"]
    yield play


def host_names(plays):
    rdap, whois = set(RDAP_OF.values()), set(WHOIS_HOSTS)
    for play in plays:
        for host, _, _, suffix in play.answers:
            (whois if suffix == ".raw" else rdap).add(host)
    return sorted(rdap), sorted(whois)


class Corpus(Desk):
    """Real addresses by the recorded tables."""

    def use_tables(self, files):
        self.tables = os.path.join(self.folder, "tables")
        shutil.rmtree(self.tables, ignore_errors=True)
        os.makedirs(self.tables)
        for name, data in files.items():
            with open(os.path.join(self.tables, name + ".json"), "wb") as file:
                file.write(data)

    def play(self, play):
        self.fresh()
        for host, question, data, suffix in play.answers:
            self.put(host, question, data, suffix)
        self.documentation = play.documentation
        [answer] = self.contact(play.query, bootstrap=self.tables)
        play.seen = [line for line in self.asked() if not line.startswith("dns ")]
        return answer


def wrong(play, answer):
    """None where all is well."""
    got = (chosen(answer) or [""])[0]
    boxes = [c["address"] for c in answer["contacts"] if BOXES.search(c["address"])]
    if boxes:
        return "lists a registry's own box: %s" % boxes
    if play.want is not None and got != play.want:
        return "chose '%s', want '%s'; asked %s" % (got, play.want, play.seen)
    unheard = [host for host, question, _, _ in play.answers
               if not any(host in line and question in line for line in play.seen)]
    if unheard and play.queries is None:
        return "%s was not asked: %s" % (unheard, play.seen)
    if play.queries is not None and play.seen != play.queries:
        return "the servers saw %s, want %s" % (play.seen, play.queries)
    return None


def other_tables(desk, recordings, tables):
    """The other recorded tables lead to the same server."""
    data = recordings.read("rdap/ripe/secynic-2a00_2381_ffff__1.json")
    text = recordings.read("whois/ripe/secynic-2a00_2381_ffff__1.txt")
    for maker, pattern in (("openrdap", "openrdap-%s.json"), ("nicinfo", "nicinfo-iana_%s.txt")):
        files = {name: recordings.http("rdap/bootstrap/" + pattern % name)[1]
                 for name in ("ipv4", "ipv6", "asn", "dns")}
        desk.use_tables(files)
        play = Play("tables/" + maker, "2a00:2381:ffff::1", "protect@bt.com")
        play.rdap(("rdap.db.ripe.net", ""), "ip/" + play.query, 200, data)
        play.whois("whois.ripe.net", "-r " + play.query, text)
        answer = desk.play(play)
        desk.check(play.name, wrong(play, answer), None)
    for path in glob.glob(os.path.join(recordings.folder, "rdap/bootstrap/*object-tags.json")):
        tags = json.loads(recordings.read(os.path.relpath(path, recordings.folder)))
        desk.check("tables/tags-of-the-five " + os.path.basename(path),
                   {"ARIN", "RIPE", "APNIC", "LACNIC"} <=
                   {tag for row in tags["services"] for tag in row[-2]}, True)
    desk.use_tables(tables.files)


def raw_routes(desk, recordings):
    """`whois` prints every route that the corpus lists for the recording."""
    for row in recordings.under("whois/"):
        if not row["path"].endswith(".json"):
            continue
        listed = json.loads(recordings.read(row["path"]))
        host = row["path"].split("-")[-1][:-len(".json")]
        desk.fresh()
        desk.put(host, row["query"], recordings.read(row["path"][:-4] + "txt"), ".raw")
        done = desk.run("whois", "-h", host, row["query"], bootstrap=desk.tables)
        missing = [route for entry in listed["routes"]
                   for route in (entry["route"] or entry["route6"],) if route not in done.stdout]
        desk.check("raw/" + row["path"], (missing, desk.asked()),
                   ([], ["whois %s %s" % (host, row["query"])]))


def play_all(desk, plays):
    return [(play, wrong(play, desk.play(play))) for play in plays]


def main():
    folder = os.path.join(os.environ.get("CORPORA", ""), "registry")
    if not os.path.exists(os.path.join(folder, "INDEX.tsv")):
        print("skip registry_played # no corpora")
        return 0
    recordings = Recordings(folder)
    tables = Tables(recordings)
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    plays = (list(plays_of_whois(recordings, tables)) + list(plays_of_rdap(recordings, tables)) +
             list(plays_of_domains(recordings)) + list(plays_of_routes(recordings, tables)) +
             list(plays_of_objects(recordings, tables)) + list(chains(recordings)))
    names = host_names(plays)
    desks = [Corpus(*names) for _ in range(DESKS)]
    for desk in desks:
        desk.use_tables(tables.files)
    plays = [play for play in plays if only in play.name]
    with concurrent.futures.ThreadPoolExecutor(DESKS) as pool:
        problems = list(pool.map(lambda at: play_all(desks[at], plays[at::DESKS]),
                                 range(DESKS)))
    right = collections.Counter()
    desk = desks[0]
    for play, problem in itertools.chain(*problems):
        right[play.kind, problem is None] += 1
        if problem:
            desk.failed += 1
            print("# %s (%s): %s" % (play.name, play.query, problem))
    other_tables(desk, recordings, tables)
    raw_routes(desk, recordings)
    for row in recordings.under("delegated/"):
        recordings.used[row["path"]] += 1  # no answers: the index's tests build from them
    desk.check("all-used", recordings.unused(), [])
    for kind in sorted({kind for kind, _ in right}):
        print("# %s: %d of %d plays right" % (kind, right[kind, True],
                                              right[kind, True] + right[kind, False]))
    print("# %d of %d recordings used in %d plays" % (
        len(recordings.rows) - len(recordings.unused()), len(recordings.rows), len(plays)))
    print("%s registry_played" % ("not ok" if desk.failed else "ok"))
    for other in desks[1:]:
        other.fakes.close()
    desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
