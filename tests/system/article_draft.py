#!/usr/bin/python3
"""The article's example from end to end: its log line, its identity, its registries; the
verdict is hold, and drafted by name it gives a complete memo to the abuse contact."""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "fakes"))
from desk import Desk  # noqa: E402

NAME, ADDRESS = "7dyn94.ztm.casema.net", "212.64.110.94"
LINE = "Nov  8 15:26:31 linux ftpd[3689]: refused connect from " + NAME + "\n"
NOW = "2000-11-09T12:00:00Z"
IDENTITY = """
[reporter]
name     = Jose Nazario
role     = owner
relation = a machine I own
mail     = jose@bigisp.example
phone    = +1 202 555 0100
provider = BigCorp ISP
web      = http://www.bigisp.example/~jnazario/
key-url  = http://www.bigisp.example/~jnazario/key.asc

[logs]
zone       = -0500
zone-words = US Eastern (GMT-5)

[hosts]
linux = 198.51.100.4 myhost.bigisp.example
"""
WIDER = {"noc@beheer.example", "p.vandijk@ijsselkabel.example", "finance@beheer.example",
         "abuse@casema.net", "security@casema.net"}
# What the article asks for, and the words that carry it.
ELEMENTS = [
    ("name", "Jose Nazario"), ("relation", "a machine I own"), ("mail", "jose@bigisp.example"),
    ("phone", "+1 202 555 0100"), ("provider", "BigCorp ISP"),
    ("web", "http://www.bigisp.example/~jnazario/"), ("greeting", "Good day,"),
    ("what", "FTP"), ("port", "port 21/tcp"), ("target", "198.51.100.4 (myhost.bigisp.example)"),
    ("source", ADDRESS), ("source-name", NAME), ("network", "212.64.96.0/19"),
    ("first", "2000-11-08 20:26:31 +0000"), ("zone", "US Eastern (GMT-5)"),
    ("utc", "All times are UTC (+0000)."),
    ("evidence", "2000-11-08 20:26:31 +0000 | Nov  8 15:26:31 linux ftpd[3689]: "
                 "refused connect from " + NAME),
    ("compromise", "Compromise:"), ("forged", "forged"), ("victim", "victim"),
    ("listed", "You are listed as the abuse contact"),
    ("no-reply", "No reply is expected, though a short acknowledgement would be welcome."),
    ("stop", 'answer "stop"'), ("thanks", "Thank you"),
    ("key", "PGP key: http://www.bigisp.example/~jnazario/key.asc"),
]


def prepare(desk):
    desk.fakes.whois("whois.verisign-grs.com", "whois.oldregistrar.example")
    shutil.copytree(os.path.join(HERE, "article", "answers"), desk.answers, dirs_exist_ok=True)
    desk.bootstrap["ipv4"] = [(["212.0.0.0/8"], "https://rdap.arin.net/registry/")]
    desk.bootstrap["dns"] = []
    log = os.path.join(desk.folder, "secure")
    with open(log, "w", encoding="ascii") as file:
        file.write(LINE)
    plain = desk.configuration

    def with_identity(**settings):
        path = plain(**settings)
        with open(path, "a", encoding="ascii") as file:
            file.write(IDENTITY)
        return path
    desk.configuration = with_identity
    return log


def records(done, kind):
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [row for row in rows if row["type"] == kind]


def main():
    desk = Desk()
    log = prepare(desk)

    done = desk.run("draft", "--json", log, reverse_names="yes", now=NOW)
    for line in done.stderr.splitlines():
        print("# " + line)
    [incident] = records(done, "incident")
    desk.check("article/exit", done.returncode, 0)
    desk.check("article/source", (incident["source"], incident["source_name"]), (ADDRESS, NAME))
    desk.check("article/time", incident["first"], "2000-11-08T20:26:31Z")
    desk.check("article/certainty", incident["certainty"], "name")
    desk.check("article/verdict", incident["verdict"], "hold")
    desk.check("article/reason", incident["reasons"],
               ["one refused connection to 21/tcp: not enough to write about alone"])
    desk.check("article/no-case-yet", records(done, "case"), [])
    asked = desk.asked()
    desk.check("article/nothing-of-the-log-asked",
               [line for line in asked if NAME not in line and ADDRESS not in line
                and "casema.net" not in line and "94.110.64.212" not in line
                and not line.endswith("iana.org net")], [])

    done = desk.run("draft", "--json", "--source", NAME, log, reverse_names="yes", now=NOW)
    [case] = records(done, "case")
    desk.check("article/to", case["contact"], "abuse@ijsselkabel.example")
    desk.check("article/wider", {line.split(" ", 1)[1] for line in case["wide"]}, WIDER)
    [report] = case["reports"]
    desk.check("article/recipients", report["recipients"], ["abuse@ijsselkabel.example"])
    desk.check("article/subject", report["subject"].startswith("FTP probe from " + ADDRESS), True)
    flowing = " ".join(report["memo"].split())
    for name, words in ELEMENTS:
        desk.check("article/memo-" + name, " ".join(words.split()) in flowing, True)
    desk.check("article/second-run-asks-nothing-new",
               [line for line in desk.asked() if line.startswith(("whois", "rdap"))], [])

    done = desk.run("draft", "--json", "--source", NAME, "--wide", log, reverse_names="yes",
                    now=NOW)
    [case] = records(done, "case")
    desk.check("article/wide-recipients", set(case["reports"][0]["recipients"]),
               WIDER | {"abuse@ijsselkabel.example"})
    done = desk.run("draft", "--show", "--source", NAME, log, reverse_names="yes", now=NOW)
    for line in done.stdout.splitlines():
        print("# " + line)
    desk.close()


main()
