#!/usr/bin/python3
"""Public databases: off unless named, nothing without approval, the exact bytes, their
answers and manners, caps, the stop list, and keys that are nowhere but in the request."""

import glob
import os

from delivery_ground import HEXAGON, KILIMA, House, checks, ok
from fakes.databases import ABUSEIPDB, dshield_rows
from public_ground import BLOCKLIST_KEY, KEY, PublicHouse, ground

databases = ground()


def drafted(name, names="abuseipdb", kept={}):
    """-> a house with the examples drafted, once for all, and the id of a case"""
    house = PublicHouse(name, databases, names)
    databases.forget()
    if names not in kept:
        kept[names] = PublicHouse("drafts of " + names, databases, names)
        kept[names].draft()
    kept[names].copy_store(house.store)
    return house, house.cases()[HEXAGON]


def drafted_one(name):
    """The same with a single source."""
    house = PublicHouse(name, databases, "abuseipdb")
    databases.forget()
    with open(os.path.join(house.folder, "one.log"), "w", encoding="ascii") as log:
        for second in range(12):
            log.write("Nov 20 23:31:%02d web1 sshd[9001]: Failed password for root from "
                      "203.0.113.130 port 5%03d ssh2\n" % (second, second))
    house.draft("one.log")
    return house, house.cases()[HEXAGON]


def off_by_default():
    house = House("off")
    house.draft()
    ok("no database is drafted for unless it is named",
       house.rows("SELECT count(*) FROM report WHERE kind = 'database'") == [(0,)])
    house.sets.append("databases.report-to=abuseipbd")
    done = house.draft(code=78)
    ok("a name that is none is refused", b"abuseipbd" in done.stderr, done)
    house, _ = drafted("dropped")
    house.without("databases.report-to")
    house.draft()
    ok("named no more: the drafts go", house.rows(
        "SELECT count(*) FROM report WHERE kind = 'database' AND state <> 'replaced'") ==
       [(0,)])
    house.sets.append("databases.report-to=abuseipdb")
    done = house.draft()
    ok("named again: they come back as new revisions", house.rows(
        "SELECT max(revision) FROM report WHERE part = 'abuseipdb' AND state = 'draft'") ==
       [(2,)], done)


def untold():
    """A source that no database may be told of: that is said, and why."""
    house = PublicHouse("untold", databases, "abuseipdb dshield")
    done = house.draft("examples/logs", "--source", "192.0.2.150")
    case = house.cases()["abuse@pampa-red.corp"]
    why = b"192.0.2.150: what was seen may be forged, or was no reason to report"
    for title in (b"AbuseIPDB", b"DShield"):
        ok("draft says that %s is told nothing" % title.decode(), done.stdout.count(
            b"Note: case %s tells %s nothing: %s\n" % (case.encode(), title, why)) == 1, done)
        ok("show says it of %s" % title.decode(), b"%s: %s\n" % (title, why) in
           house.run("show", case).stdout, done)
    ok("nothing is drafted for it", house.rows(
        "SELECT count(*) FROM report WHERE kind = 'database' AND kase = ?", case) == [(0,)])
    again = house.draft("examples/logs", "--source", "192.0.2.150")
    ok("and again", why in again.stdout, again)
    house.without("databases.report-to")
    house.draft("examples/logs", "--source", "192.0.2.150")
    ok("where no database is named there is nothing to say", b"Not told" not in
       house.run("show", case).stdout)


def word_first():
    house, case = drafted("word", "abuseipdb blocklist.de dshield")
    house.send()
    ok("nothing leaves that nobody approved", not databases.requests and
       not house.sink.mails())
    done = house.run("show", case)
    ok("show has what each would be told", done.stdout.count(b"a public database") == 8 and
       b"203.0.113.130, categories 18,22" in done.stdout, done)
    done = house.run("approve", case)
    ok("approval says who reads it", done.stdout.count(b"everybody can read it") == 8, done)
    ok("approval asks nobody", not databases.requests)
    done = house.send("--dry-run")
    shown = done.stdout.decode()
    ok("a dry run asks nobody", not databases.requests and not house.sink.mails(), done)
    ok("a dry run names where it goes and the file of the key",
       "POST https://api.abuseipdb.com/api/v2/bulk-report" in shown and
       house.keys["abuseipdb"] in shown and KEY not in shown and
       BLOCKLIST_KEY not in shown, shown)
    approved = list(house.approved().values())
    bulk = [m for m in approved if m.startswith(b"--tipoff-")][0]
    ok("a dry run shows the exact bytes", "".join(
        "| %s\n" % line.rstrip("\r") for line in bulk.decode().rstrip("\n").split("\n")) in
       shown, shown)
    outgoing = house.run("show", "--outgoing", case).stdout.decode()
    ok("show --outgoing has them as well", 'IP,Categories,ReportDate,Comment' in outgoing,
       outgoing)
    house.send()
    bodies = [body for _, _, _, body in databases.requests]
    ok("what leaves is byte for byte what was approved, a key apart", bodies[0] == bulk and
       sorted(b.split(b"&apikey=")[0] for b in bodies[1:]) == sorted(
           m for m in approved if m.startswith(b"server=")), bodies)
    ok("all of it was kept there", len(databases.kept) == 12, databases.kept)
    mail = [m for _, m in house.sink.mails() if b"DSHIELD" in m]
    rows = dshield_rows(mail[0], "maria@harbour-books.corp")
    ok("DShield got its rows, with no address of ours", len(mail) == 1 and len(rows) == 6 and
       {row[5] for row in rows} == {"10.0.0.1"}, rows)
    house.send()
    house.draft()
    house.send()
    ok("and nothing twice", len(databases.requests) == 7 and len(house.sink.mails()) == 2)
    shown = house.run("show", case).stdout
    ok("show tells what went where and the answer", b": 6 kept" in shown and
       shown.count(b"sent: report") == 9, shown.decode())
    ledger = house.rows("SELECT event FROM delivery WHERE outbox = (SELECT o.id FROM outbox o "
                        "JOIN report r ON r.id = o.report WHERE r.part = 'abuseipdb') "
                        "ORDER BY id")
    ok("the ledger has every state", [row[0] for row in ledger] ==
       ["ready", "claimed", "sending", "sent"], ledger)
    keys_nowhere(house)


def keys_nowhere(house):
    files = [path for path in glob.glob(house.store + "*")]
    held = [path for path in files for key in (KEY, BLOCKLIST_KEY)
            if key.encode() in open(path, "rb").read()]
    ok("no key is in the store", files and not held, held)


def single():
    house, case = drafted_one("single")
    house.run("approve", case)
    house.send(code=None)
    [(host, path, headers, _)] = databases.requests
    ok("one address is a form", (host, path) == (ABUSEIPDB, "/api/v2/report") and
       len(databases.kept) == 1 and headers["Key"] == KEY, databases.kept)
    ok("and its answer is told", house.public()[0][1:] ==
       ("sent", databases.kept[0][0] + " kept, confidence score 52"), house.public())


def apart_from_mail():
    """The network is told whatever happens to a database, and the other way round."""
    house, case = drafted("apart")
    house.run("approve", "--part", "abuseipdb", case)
    house.send()
    ok("a part alone can be approved and sent", len(databases.requests) == 1 and
       not house.sink.mails())
    ok("the network was not told: the case stays open", house.case_state(case) == "open")
    house.run("approve", case)
    house.send()
    ok("then the mail goes", len(house.sink.mails()) == 1 and
       house.case_state(case) == "sent")
    house, case = drafted("one-cap", "dshield")
    house.sets.append("send.cap-day=1")
    house.run("approve", case)
    house.send()
    ok("what goes to a database counts for no cap on mail",
       sorted(house.states()) == ["sent", "sent"])


# An answer, what becomes of it, words that are told, and whether it is tried again at once.
ANSWERS = (
    ("key refused", (401, b'{"errors":[{"detail":"Authentication failed.","status":401}]}'),
     "failed", "HTTP 401: Authentication failed."),
    ("form refused", (422, b'{"errors":[{"detail":"The categories are invalid."}]}'),
     "failed", "categories are invalid"),
    ("elsewhere", (302, b""), "failed", "HTTP 302"),
    ("broken there", (500, b"oops"), "in doubt", "HTTP 500"),
    ("a page of somebody else", (200, b"<html>Please log in"), "in doubt",
     "no answer of theirs"),
    ("nothing", (None, b""), "in doubt", ""),
    ("endless", (200, b"x" * (2 << 20)), "in doubt", "too long"),
    ("hostile words", (403, b'{"errors":[{"detail":"\\u001b[2J\\nno key ' + KEY.encode() +
                       b' here"}]}'), "failed", "[key] here"),
)


def answers():
    for name, (status, body), state, words in ANSWERS:
        house, case = drafted("answers")
        house.run("approve", "--part", "abuseipdb", case)
        databases.answers(status, body, Location="https://203.0.113.1/")
        done = house.send(code=69)
        [(_, got, answer)] = house.public()
        ok("%s: %s" % (name, state), got == state and words in answer, got, answer)
        ok("%s: nothing raw, no key" % name, b"\x1b" not in done.stdout and
           KEY.encode() not in done.stdout + done.stderr, done)
        house.send(code=None)
        ok("%s: not sent again by itself" % name, len(databases.requests) == 1)
    keys_nowhere(house)
    house, case = drafted("doubt")
    house.run("approve", "--part", "abuseipdb", case)
    databases.answers(None)
    done = house.send(code=69)
    ok("in doubt: it says where to look", b"account at AbuseIPDB" in done.stdout and
       b"--was-delivered " + case.encode() in done.stdout, done)
    house.send("--send-again", "--yes", "--part", "abuseipdb", case)
    ok("a person sends it again", len(databases.requests) == 2 and len(databases.kept) == 6)


def not_there():
    house, case = drafted("down")
    house.run("approve", "--part", "abuseipdb", case)
    house.without("look-up.connect-to")
    house.sets.append("look-up.connect-to=api.abuseipdb.com:443:127.0.0.1:1")
    house.send(code=75)
    ok("nobody there: later, and never in doubt", house.public()[0][1] == "deferred",
       house.public())
    house, case = drafted("forged-certificate")
    house.run("approve", "--part", "abuseipdb", case)
    house.without("look-up.ca-file")
    house.send(code=75)
    ok("a certificate that nobody vouches for gets no byte",
       house.public()[0][1] == "deferred" and not databases.requests, house.public())
    house, case = drafted("offline")
    house.run("approve", "--part", "abuseipdb", case)
    house.asks = False
    done = house.send(code=75)
    ok("--offline asks nobody", not databases.requests and b"--offline" in done.stdout, done)


def limits():
    house, case = drafted("limit")
    house.run("approve", "--part", "abuseipdb", case)
    databases.day = 1000
    done = house.send(code=75)
    ok("429 waits as long as Retry-After says", house.public()[0][1] == "deferred" and
       b"tried again after 2026-11-21 09:00" in done.stdout and
       b"Daily rate limit" in done.stdout, done)
    databases.day = 0
    house.send(code=75)
    house.send(case, "--yes", "--part", "abuseipdb", code=75)
    ok("nobody is asked before, not even for a case that is named",
       len(databases.requests) == 1, databases.requests)
    house.now = "2026-11-21T09:00:01Z"
    house.send()
    ok("then it goes", house.public()[0][1] == "sent" and len(databases.kept) == 6)
    for name, draft in (("one", drafted_one), ("several", drafted)):
        house, case = draft("theirs of " + name)
        databases.told.update({"203.0.113.%d" % i: databases.now for i in range(256)})
        house.run("approve", "--part", "abuseipdb", case)
        done = house.send(code=75)
        ok("%s: their 15 minutes are 15 minutes" % name,
           house.public()[0][1] == "deferred" and
           b"tried again after 2026-11-21 08:15" in done.stdout, done)
    house, case = drafted("some")
    databases.told["203.0.113.130"] = databases.now
    house.run("approve", "--part", "abuseipdb", case)
    done = house.send()
    ok("some kept, some refused: that is told", house.public()[0][2].startswith(
        "5 kept, 1 refused: 203.0.113.130 (You can only report"), house.public())


def manners():
    """The rules are kept before anybody is asked."""
    house, case = drafted("manners")
    house.run("approve", "--part", "abuseipdb", case)
    house.send()
    with house.changed() as db:  # the same sources once more, in another case
        db.execute("UPDATE report SET kase = (SELECT id FROM kase WHERE contact = ?), "
                   "revision = 99 WHERE part = 'abuseipdb' AND state = 'approved'",
                   (KILIMA,))
    databases.requests.clear()
    house.draft()
    house.run("approve", "--part", "abuseipdb", case)
    house.now = "2026-11-21T08:14:59Z"
    done = house.send(code=75)
    ok("an address is not told of twice within 15 minutes", not databases.requests and
       b"less than 15 minutes ago; again after 2026-11-21 08:15" in done.stdout, done)
    house.now = "2026-11-21T08:15:01Z"
    databases.now += 901
    house.send()
    ok("then it may", len(databases.requests) == 1)
    house, case = drafted("hour", "dshield")
    other = house.cases()[KILIMA]
    house.run("approve", "--part", "dshield", case)
    house.run("approve", "--part", "dshield", other)
    done = house.send(code=75)
    ok("DShield gets one mail an hour", len(house.sink.mails()) == 1 and
       b"one mail an hour; again after 2026-11-21 09:00" in done.stdout, done)
    house.now = "2026-11-21T09:00:01Z"
    house.send()
    ok("and the next in the next", len(house.sink.mails()) == 2)
    house, case = drafted("caps", "blocklist.de")
    house.sets.append("databases.cap-day=4")
    for _ in range(2):
        house.run("approve", case)
        done = house.send(code=75)
    ok("cap-day holds over runs", len(databases.requests) == 4 and
       b"([databases] cap-day) are used up" in done.stdout, done)


def refusals():
    house, case = drafted("mode")
    house.write_key("abuseipdb", KEY, 0o640)
    done = house.run("approve", case, code=78)
    ok("a key that others can read is refused", b"chmod 600" in done.stderr, done)
    house.write_key("abuseipdb", "two words")
    done = house.run("approve", case, code=78)
    ok("a key of two words is none", b"holds no key" in done.stderr and
       b"two words" not in done.stderr, done)
    house.without("databases.abuseipdb-key-file")
    done = house.run("approve", case, code=78)
    ok("no key: it says what to set", b"abuseipdb-key-file" in done.stderr, done)
    house.sets.append("databases.abuseipdb-key-file=abuse-key")
    folder = os.path.join(house.folder, "credentials")
    os.mkdir(folder)
    with open(os.path.join(folder, "abuse-key"), "w", encoding="ascii") as file:
        file.write(KEY)
    os.chmod(file.name, 0o400)
    env = {"CREDENTIALS_DIRECTORY": folder}
    house.run("approve", case, env=env)
    house.send(env=env)
    ok("a bare name is a credential of the service", len(databases.kept) == 6)
    house, case = drafted("switched-off")
    house.run("approve", "--part", "abuseipdb", case)
    house.without("databases.report-to")
    done = house.send(code=75)
    ok("switched off after approval: it stays", not databases.requests and
       b"report-to does not name 'abuseipdb'" in done.stdout, done)


def stops():
    for key in ("abuseipdb.com", "203.0.113.128/25"):
        house, case = drafted("stop")
        house.run("approve", "--part", "abuseipdb", case)
        house.run("stop", key)
        done = house.send(code=69)
        ok("%s on the stop list: it is not told" % key, not databases.requests and
           house.public()[0][1] == "failed" and b"stop list" in done.stdout, done)


def policy():
    house, case = drafted("policy")
    path = os.path.join(house.folder, "policy")
    with open(path, "w", encoding="ascii") as file:
        file.write("[policy]\ncategories = login-attack\nconfidence = 1\n")
    os.chmod(path, 0o600)
    house.sets += ["send.policy=" + path, "send.observation=0"]
    done = house.send("--unattended", code=None)
    ok("a policy approves mail and never a public database", house.sink.mails() and
       not databases.requests and not house.public(), done)
    house.run("approve", case)
    ok("a person may still", len(house.public()) == 1, house.public())


def no_mail_program():
    """Who tells databases alone needs none; who has a mail to send does, and hears so before
    anything is approved."""
    house, case = drafted("no mail program")
    house.without("send.sendmail")
    house.sets.append("send.sendmail=/nowhere/sendmail")
    done = house.send("--yes", "--part", "abuseipdb", case)
    ok("a database is told without a mail program", len(databases.requests) == 1, done)
    done = house.send("--yes", case, code=78)
    ok("a mail is not", b"/nowhere/sendmail" in done.stderr and house.rows(
        "SELECT count(*) FROM report WHERE kind = 'report' AND state = 'approved'") ==
       [(0,)], done)
    house.real("approve", case)
    done = house.send(code=78)
    ok("nor one that was approved", b"/nowhere/sendmail" in done.stderr, done)


def nobody_to_tell():
    house, _ = drafted("nobody")
    rows = house.rows("SELECT k.id FROM kase k JOIN report r ON r.kase = k.id WHERE k.contact "
                      "= '' AND r.kind = 'database' AND r.state = 'draft'")
    if not rows:
        print("skip nobody to tell # the examples have no such case")
        return
    house.run("approve", rows[0][0])
    house.send()
    ok("a case with nobody to tell may go to a database", len(databases.requests) == 1)


def corrected():
    house, case = drafted("correct")
    house.run("approve", case)
    house.send()
    done = house.run("correct", "--reason", "it was our own monitoring", case)
    ok("a correction says where a database takes it back",
       b"it is taken back at https://www.abuseipdb.com/" in done.stdout, done)
    ok("and writes to who got mail alone", house.rows(
        "SELECT recipients FROM report WHERE kind = 'correction'") == [(HEXAGON,)])


off_by_default()
untold()
word_first()
single()
apart_from_mail()
answers()
not_there()
limits()
manners()
refusals()
stops()
policy()
no_mail_program()
nobody_to_tell()
corrected()
databases.close()
checks.exit()
