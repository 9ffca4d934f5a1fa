#!/usr/bin/python3
"""The registry dumps of examples/, compiled into an index and asked."""
import os
import subprocess
import sys

# address, organisation, the contact chosen ("" for none)
WANTED = [
    ("203.0.113.45", "IJsselkabel B.V.", "abuse@ijsselkabel.example"),
    ("203.0.113.77", "Northwind Hosting AB", "abuse@northwind-hosting.example"),
    ("2001:db8:7:1::5", "Northwind Hosting AB", "abuse@northwind-hosting.example"),
    ("203.0.113.130", "Hexagon Colocation, rack 7", "abuse@hexagon-colo.example"),
    ("203.0.113.200", "Greyfjord Data", ""),
    ("203.0.113.230", "Old Mill Computing s.r.o.", ""),
    ("192.0.2.77", "Sunrise Bay Telecom Limited", "abuse@sunrisebay.example"),
    ("198.51.100.150", "Kilima Internet Services Ltd", "abuse@kilima.example"),
    ("192.0.2.150", "Pampa Red Cooperativa", ""),
    ("198.51.100.70", "", ""),
]


def main():
    reader = os.path.join(os.path.dirname(os.environ["TIPOFF"]), "tests", "unit",
                          "read_registry")
    folder = os.path.join(os.environ["TOP"], "examples", "registry")
    index = os.path.join(os.environ["TMPDIR"], "examples.index")
    done = subprocess.run([reader, "index", folder, index] + [row[0] for row in WANTED],
                          stdout=subprocess.PIPE, timeout=60, check=True)
    answers = done.stdout.decode("utf-8").split("query ")
    wrong = len(answers) != len(WANTED) + 1
    for (address, organisation, contact), text in zip(WANTED, answers[1:]):
        lines = text.split("\n")
        network = [line for line in lines if line.startswith("network ")][0]
        chosen = [line.split(" ")[5] for line in lines
                  if line.startswith("contact ") and line.split(" ")[4] == "chosen"]
        if (lines[0] != address or not network.endswith(" " + organisation)
                or chosen != ([contact] if contact else [])):
            wrong = True
            print("# want %s of '%s', got: %s" % (contact, organisation, lines))
    if "rejected hostmaster@ripe.net" not in done.stdout.decode("utf-8"):
        wrong = True
        print("# the registry's own box is not among the rejected")
    if wrong:
        print("# %s" % answers[0])
    print("%s registry_examples" % ("not ok" if wrong else "ok"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
