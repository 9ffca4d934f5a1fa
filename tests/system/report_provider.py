#!/usr/bin/python3
"""What the table of providers knows of a desk's wishes goes all the way: the clause into the
memo, the format into what is attached; the user's own row before a shipped one, the user's
word about one contact before any row."""

import email
import email.policy
import json
import os

from delivery_ground import HEXAGON, KILIMA, NORTHWIND, Checks, House

checks = Checks()
ok = checks.ok
house = House("provider")
TABLE = os.path.join(house.folder, "providers.txt")


def equal(name, got, want):
    ok(name, got == want, "got %r" % (got,), "want %r" % (want,))


def rows_are(*rows):
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("".join(row + "\n" for row in rows))


def redraft():
    house.run("draft", "--set", "look-up.providers=" + TABLE, "examples/logs", code=None)


def memos(contact):
    """-> [memo] of the case that is for `contact`"""
    case = house.cases()[contact]
    return [row[0] for row in house.rows(
        "SELECT memo FROM report WHERE kase = ? AND kind = 'report' AND state = 'draft' "
        "ORDER BY part", case)]


def attached(contact, *words):
    """-> {media type} of what is attached to the case's mails"""
    folder = os.path.join(house.folder, "out")
    done = house.run("send", "--out", folder, house.cases()[contact], *words)
    found = set()
    for path in done.stdout.decode().split():
        with open(path, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        found |= {part.get_content_type() for part in mail.iter_attachments()}
    return found


def whole(memo):
    return " ".join(memo.split())


redraft_rows = (
    "northwind-hosting.corp | mail | - | w | s; d | terms = section 4 of your terms",
    "hexagon-colo.corp | mail | - | w | s; d | format = plain",
    "kilima.corp | mail | - | w | s; d | format = xarf-0.2 | terms = your rule on scans",
)
rows_are(*redraft_rows)
redraft()
for text in memos(NORTHWIND):
    ok("a clause stands in the memo",
              "It also seems to go against section 4 of your terms." in whole(text), text)
ok("every memo of one contact", len(memos(NORTHWIND)) == 3)
ok("who has no clause is told of none",
          all("go against" not in text for text in memos(HEXAGON)))
ok("another's clause", all("against your rule on scans." in whole(text)
                                  for text in memos(KILIMA)))
equal("without a format: X-ARF 4", attached(NORTHWIND), {"application/json"})
equal("plain: nothing", attached(HEXAGON), set())
for case in memos(KILIMA):
    ok("X-ARF 0.2 alone is no JSON", "application/json" not in attached(KILIMA))

rows = [json.loads(line) for line in
        house.run("contact", "--json", "203.0.113.77", "--set",
                  "look-up.providers=" + TABLE, code=None).stdout.decode().splitlines()]
chosen = [c for row in rows for c in row["contacts"] if c["chosen"]]
equal("the answer says it",
             [(c["format"], c["terms"]) for c in chosen], [(None, "section 4 of your terms")])
words = house.run("contact", "203.0.113.77", "--set", "look-up.providers=" + TABLE,
                  code=None).stdout.decode()
ok("and so do its words", "terms: section 4 of your terms" in words, words)

# the first row counts, whole: what it does not say is not taken from a later one
rows_are("northwind-hosting.corp | mail | - | w | s; d | format = plain", *redraft_rows)
redraft()
equal("the first row counts", attached(NORTHWIND), set())
ok("as a whole", all("go against" not in text for text in memos(NORTHWIND)))
house.sets.append('contact "%s".format=csv' % NORTHWIND)
redraft()
ok("the user's word about one contact before any row",
          attached(NORTHWIND) == {"text/csv"}, attached(NORTHWIND))

# a clause is no place for a menace: lint reads it as it reads the rest
rows_are("kilima.corp | mail | - | w | s; d | terms = the law, so we will sue you")
redraft()
done = house.real("approve", house.cases()[KILIMA], code=None)
ok("a hostile clause is found", done.returncode != 0 and
          b"does not pass the lint" in done.stderr, done.stderr)
checks.exit()
