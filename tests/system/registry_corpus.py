#!/usr/bin/python3
"""Every recorded registry answer of the corpus, read by the reader of its server.

The contact chosen must be the one that the corpus derives, and never a registry's own
box. What the corpus derives by a weaker rule than ours is listed in DIFFERENT with the
reason and with what we answer instead.
"""
import csv
import os
import re
import subprocess
import sys

WHOIS = {
    "ripe": "whois.ripe.net", "apnic": "whois.apnic.net", "afrinic": "whois.afrinic.net",
    "arin": "whois.arin.net", "lacnic": "whois.lacnic.net", "krnic": "whois.krnic.net",
    "jpnic": "whois.nic.ad.jp",
}
RDAP = {
    "ripe": "https://rdap.db.ripe.net", "apnic": "https://rdap.apnic.net",
    "afrinic": "https://rdap.afrinic.net", "arin": "https://rdap.arin.net",
    "lacnic": "https://rdap.lacnic.net", "domain": "https://rdap.example",
}
BOXES = re.compile(r"@(.*\.)?(ripe|apnic|arin|lacnic|afrinic)\.net$|@(.*\.)?iana\.org$"
                   r"|@(.*\.)?nic\.(ad\.jp|or\.kr)$")
# path: (what is chosen, why it differs from the corpus' own derivation)
DIFFERENT = {
    "rdap/arin/secynic-entity-ZG39-ARIN.json":
        ("arin-contact@google.com", "a point of contact asked for by its handle"),
    "rdap/domain/icannrdap-lookup_with_redaction.json":
        ("", "an example domain is a placeholder"),
    "whois/apnic/webtracker-220.224.128.1-21254.txt":
        ("", "the answer is about another range than the address"),
    "whois/arin/webtracker-99.202.128.1-6346.txt":
        ("mobileabuse@sprint.com", "the corpus did not see the re-indented keys"),
    "whois/domain/weppos-crsnic.com.txt":
        ("abusecomplaints@markmonitor.com", "the corpus did not see domain records"),
}


def reader():
    return os.path.join(os.path.dirname(os.environ["TIPOFF"]), "tests", "unit",
                        "read_registry")


def dedent(data):
    """The re-indented copies, as the server printed them."""
    lines = data.split(b"\n")
    return b"\n".join(line[4:] if line.startswith(b"    ") else line for line in lines)


def query_of(row, data):
    """The address asked for; some names hold none: any address of the first range."""
    if re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:]*", row["query"]):
        return row["query"]
    found = re.search(rb"(?:NetRange|inetnum|inet6num):\s+([0-9.]+)", data)
    if found:
        return found.group(1).decode()
    found = re.search(rb'"startAddress"\s*:\s*"([0-9a-fA-F.:]+)', data)
    return found.group(1).decode() if found else "-"


def read(kind, server, query, data):
    done = subprocess.run([reader(), kind, server, query], input=data,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          check=False)
    lines = done.stdout.decode("utf-8").split("\n")
    out = {"status": done.returncode, "stderr": done.stderr.decode("utf-8", "replace"),
           "lines": lines, "contacts": [], "rejected": [], "chosen": None}
    for line in lines:
        part = line.split(" ", 5)
        if part[0] == "state":
            out["state"] = part[1]
        elif part[0] == "contact":
            out["contacts"].append(part[5])
            if part[4] == "chosen":
                out["chosen"] = part[5]
        elif part[0] == "rejected":
            out["rejected"].append(line[len("rejected "):])
    return out


def recorded(corpus):
    with open(os.path.join(corpus, "INDEX.tsv"), encoding="utf-8") as index:
        for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind, family = row["path"].split("/")[:2]
            if kind not in ("whois", "rdap") or family in ("irr", "bootstrap"):
                continue
            if row["path"].endswith(".json") and kind == "whois":
                continue
            with open(os.path.join(corpus, row["path"]), "rb") as file:
                yield kind, family, row, file.read()


def ask(kind, family, row, data):
    if kind == "rdap":
        if data.startswith(b"HTTP/"):
            data = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[1]
        return read("rdap", RDAP[family], query_of(row, data), data)
    if family == "domain":
        found = re.search(rb"Domain Name: *(\S+)", data)
        return read("domain", "whois.example", found.group(1).decode(), data)
    if "webtracker" in row["path"]:
        data = dedent(data)
    return read("whois", WHOIS[family], query_of(row, data), data)


def check(kind, family, row, data):
    """None where all is well, else what is wrong."""
    answer = ask(kind, family, row, data)
    want = row["labelled_abuse"] or row["derived_abuse"]
    want = want.lower()
    if answer["status"] != 0:
        return "exit %d: %s" % (answer["status"], answer["stderr"][-400:])
    if any(BOXES.search(address) for address in answer["contacts"]):
        return "a registry's own box among the contacts: %s" % answer["contacts"]
    if row["path"] in DIFFERENT:
        want = DIFFERENT[row["path"]][0]
    elif BOXES.search(want):
        if want not in answer["rejected"]:
            return "'%s' is not among the rejected %s" % (want, answer["rejected"])
        return None
    if (answer["chosen"] or "") != want:
        return "chosen %s, want %s; all: %s" % (answer["chosen"], want or None,
                                                answer["lines"])
    return None


def main():
    corpus = os.path.join(os.environ.get("CORPORA", ""), "registry")
    if not os.path.exists(os.path.join(corpus, "INDEX.tsv")):
        print("skip registry_corpus # no corpora")
        return 0
    right = total = 0
    for kind, family, row, data in recorded(corpus):
        total += 1
        wrong = check(kind, family, row, data)
        right += wrong is None
        if wrong:
            print("# %s: %s" % (row["path"], wrong))
    print("# %d of %d recorded answers give the contact of the corpus" % (right, total))
    print("%s registry_corpus" % ("ok" if right == total else "not ok"))
    return 0 if right == total else 1


if __name__ == "__main__":
    sys.exit(main())
