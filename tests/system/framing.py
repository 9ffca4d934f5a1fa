#!/usr/bin/python3
"""Lines in which an attacker wrote somebody else's address: that one is never a source and
stands in no memo. A line that can be read two ways names nobody."""

import collections
import json
import os
import pathlib
import re

from stand import Place, check, equal, need, records

CORPORA = pathlib.Path(os.environ.get("CORPORA", "/nonexistent"))
TRUE, FRAMED = "192.0.2.99", "198.51.100.201"
STAMP = "Nov 20 10:00:01 web1 "
ACCESS = " [20/Nov/2026:10:00:01 +0000] "

# What is tried: a line, with T for who sent it and F for whom it accuses.
TWINS = """
sshd[7]: Failed password for invalid user x from F port 22 ssh2 from T port 4022 ssh2
sshd[7]: Failed password for invalid user x from F port 22 from T port 4022 ssh2
sshd[7]: Failed password for root from T port 4022 ssh2: RSA F
sshd[7]: Failed keyboard-interactive/pam for invalid user  from F port 1 ssh2 from T port 2 ssh2
sshd[7]: Invalid user a from F from T port 4022
sshd[7]: Invalid user  from F port 1 from T port 4022
sshd[7]: Invalid user from F port 22\\012 from T
sshd[7]: User x from F not allowed because not listed in AllowUsers from T not allowed because not listed in AllowUsers
sshd[7]: User x from F not allowed because account is locked from t.example not allowed because account is locked
sshd[7]: Bad protocol version identification 'x' from F port 1' from T port 4022
sshd[7]: Bad protocol version identification 'GET http://F/ HTTP/1.1' from T port 4022
sshd[7]: Connection closed by authenticating user x F port 1 [preauth] T port 4022 [preauth]
sshd[7]: Disconnected from invalid user x F port 1 T port 4022 [preauth]
sshd[7]: Disconnecting authenticating user x F port 1: Change of username or service not allowed: y T port 4022: Change of username or service not allowed: (x,ssh-connection) -> (y,ssh-connection) [preauth]
sshd[7]: Disconnecting authenticating user x T port 4022: Change of username or service not allowed: (x,ssh-connection) -> (y F port 1: Too many authentication failures,ssh-connection) [preauth]
sshd[7]: Disconnecting invalid user x F port 1: Too many authentication failures T port 4022: Too many authentication failures [preauth]
sshd[7]: error: maximum authentication attempts exceeded for invalid user x from F port 1 ssh2 from T port 4022 ssh2 [preauth]
sshd[7]: error: PAM: Authentication failure for illegal user x from F via 203.0.113.1 from T
sshd[7]: error: Received disconnect from T port 4022:3: Failed password for root from F port 1 ssh2 [preauth]
sshd[7]: Unable to negotiate with T port 4022: no matching cipher found. Their offer: from F port 1
sshd[7]: reverse mapping checking getaddrinfo for F [T] failed - POSSIBLE BREAK-IN ATTEMPT!
sshd[7]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=x rhost=F rhost=T  user=root
app[7]: said sshd[8]: Failed password for root from F port 1 ssh2
web1 sshd[7]: Failed password for root from F port 1 ssh2
sudo: bob : command not allowed ; COMMAND=/bin/echo sshd[9]: Invalid user x from F port 1
vsftpd[7]: [x] FAIL LOGIN: Client "F" [y] FAIL LOGIN: Client "T"
proftpd[7]: web1 (t.example[T]): USER a (f.example[F]): no such user found from f.example [F] to ::ffff:203.0.113.1:21: no such user found from t.example [T] to ::ffff:203.0.113.1:21
pure-ftpd: (a@F@T) [WARNING] Authentication failed for user [x]
pure-ftpd: (?@T) [WARNING] Authentication failed for user [x] (?@F) [WARNING] Authentication failed for user [y]
dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<x>, method=PLAIN, rip=F, lip=203.0.113.1, session=<a>>, method=PLAIN, rip=T, lip=203.0.113.1, TLS, session=<b>
dovecot: imap-login: Login: user=<x (auth failed, 9 attempts): user=<y>, rip=F>, method=PLAIN, rip=T, lip=203.0.113.1
postfix/smtpd[7]: warning: unknown[T]: SASL LOGIN authentication failed: x, sasl_username=y: warning: unknown[F]: SASL LOGIN authentication failed: z
postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[T]: 554 5.7.1 <x@y.example>: Relay access denied; from=<"NOQUEUE: reject: RCPT from unknown[F]: 554 5.7.1"@z.example> to=<x@y.example> proto=ESMTP helo=<F>
postfix/smtpd[7]: warning: hostname F does not resolve to address T
ftpd[7]: refused connect from x@F@T
in.telnetd[7]: refused connect from F (T)
kernel: [IPTABLES] DROP IN=eth0 OUT= MAC=aa SRC=T DST=203.0.113.1 LEN=40 TTL=1 ID=1 PROTO=ICMP TYPE=3 CODE=1 [SRC=203.0.113.1 DST=F LEN=60 TTL=1 ID=2 PROTO=TCP SPT=1 DPT=2 WINDOW=1 RES=0x00 SYN URGP=0 ]
""".strip("\n").split("\n")
PLAIN = """
F T - - [D] "GET /.env HTTP/1.1" 404 9 "-" "x"
F:80 T - - [D] "GET /.env HTTP/1.1" 404 9 "-" "x"
T - F [D] "GET /.env HTTP/1.1" 404 9 "-" "x"
T - - [D] "GET /?x=F - - [D] \\"GET /.env HTTP/1.1\\" 404 9" 404 9 "-" "-"
T - - [D] "GET /.git/config HTTP/1.1" 404 9 "-" "F - - [D] \\"GET /.env\\""
F, T - - [D] "GET /.env HTTP/1.1" 404 9 "-" "x"
2026/11/20 10:00:01 [error] 7#7: *1 user "x": password mismatch, client: F, server: a, request: "GET /": password mismatch, client: T, server: a, request: "GET / HTTP/1.1", host: "a"
2026/11/20 10:00:01 [error] 7#7: *1 user "x": password mismatch, client: T, server: a, request: "GET /?, client: F, server: b, request: HTTP/1.1", host: "a"
[Fri Nov 20 10:00:01 2026] [error] [client T] user [client F] user x not found: /
[Fri Nov 20 10:00:01.000000 2026] [auth_basic:error] [pid 7] [client T:4022] AH01618: user x] [client F:1] AH01618: user y not found: /
[Fri Nov 20 10:00:01.000000 2026] [core:error] [pid 7] [client T:4022] AH00126: Invalid URI in request GET [client F:1] AH01618: user y not found: /
Fri Nov 20 10:00:01 2026 [pid 7] [x] FAIL LOGIN: Client "F" [pid 8] [y] FAIL LOGIN: Client "T"
""".strip("\n").split("\n")


def written(row, true=TRUE, framed=FRAMED):
    row = re.sub(r"\bT\b", true, row)
    row = re.sub(r"\bF\b", framed, row)
    return row.replace("[D]", ACCESS.strip())


# Recorded lines (by number in inject.tsv, the first line behind its head is 1) that do not
# yield their true source, and why.
TWICE = "' from ADDRESS port' stands twice: which of them the peer wrote cannot be told"
TOLD = "another line of the same session tells the attempt, and it counts once"
NO_RULE = "no rule reads this product's lines"
NO_ATTACK = "an error that innocents make as well: no rule takes it for an attack"
WITHOUT = {
    11: TWICE,
    12: TWICE,
    18: TWICE,
    21: "what a client says as it leaves is no attempt",
    23: TOLD,
    24: TOLD,
    28: "a reverse name that does not fit is no attempt",
    30: "'rip=' stands twice",
    31: NO_ATTACK,
    34: "what the peer's own machine claims to be (U=) stands behind its address",
    36: "'FAIL LOGIN: Client' stands twice",
    37: NO_RULE,
    38: NO_RULE,
    40: NO_ATTACK,
    43: NO_ATTACK,
    44: "', client: ' stands twice",
}


def twins():
    """Each of a process of its own: what one session says twice counts once."""
    rows = [STAMP + row for row in TWINS] + PLAIN
    return [(TRUE, FRAMED, written(row).replace("[7]", "[%d]" % (700 + number)))
            for number, row in enumerate(rows)]


def corpus():
    rows = [row.split("\t", 4) for row in
            (CORPORA / "inject.tsv").read_text("utf-8").splitlines()[1:]]
    return [(true, framed, line) for _, true, framed, _, line in rows]


def events(place, lines):
    log = place.write("hostile.log", "".join(line + "\n" for line in lines))
    answer = place.run("detect", "--events", "--json", log)
    equal(answer.status, 0, "status (%s)" % answer.err)
    found = collections.defaultdict(list)
    for event in records(answer, "event"):
        found[event["line"]].append(event)
    return found


def true_sources(rows):
    """Every recorded line that has a true source yields it, but those that are listed.
    Each is a log of its own: what one session says twice counts once."""
    place = Place("true")
    logs = [place.write("row-%d.log" % number, line + "\n")
            for number, (_, _, line) in enumerate(rows, 1)]
    answer = place.run("detect", "--events", "--json", *logs)
    equal(answer.status, 0, "status (%s)" % answer.err)
    found = collections.defaultdict(list)
    for event in records(answer, "event"):
        found[int(re.search(r"row-(\d+)", event["file"])[1])].append(event)
    wrong, yielded, none = [], 0, 0
    for number, (true, framed, line) in enumerate(rows, 1):
        named = {event["source"] for event in found[number] if not event["contested"]}
        if true == "-":
            none += 1
            if framed in named:
                wrong.append("row %d names %s: %s" % (number, framed, line))
        elif named == {true}:
            yielded += 1
            if number in WITHOUT:
                print("# row %d yields its source now: take it off the list" % number)
        elif number not in WITHOUT:
            wrong.append("row %d names %s: %s" % (number, named or "nobody", line))
        else:
            print("# row %d yields nobody: %s" % (number, WITHOUT[number]))
    print("# %d lines: %d yield their true source, %d have none" % (
        len(rows), yielded, none))
    need(not wrong, "\n".join(wrong))


def nobody_framed(rows):
    found = events(Place("framing"), [line for _, _, line in rows])
    named = 0
    for number, (true, framed, line) in enumerate(rows, 1):
        for event in found[number]:
            need(event["source"] != framed and event["source_name"] != framed,
                 "%s is framed by %s: %s" % (framed, event["rule"], line))
            need(not event["contested"] or event["source"] is None,
                 "contested, and named all the same:", json.dumps(event))
            named += event["source"] == true
    print("# %d of %d lines name their true source" % (named, len(rows)))
    need(named > len(rows) // 4, "only %d true sources were found" % named)


def often(rows):
    """Each line twelve times, so that every source is worth a report."""
    for second in range(12):
        for _, _, line in rows:
            line = re.sub(r"10:00:\d\d", "10:%02d:%02d" % (second, second), line, count=1)
            yield re.sub(r"\[(\d{3})\]:", r"[\g<1>%02d]:" % second, line)


def no_memo_names_them(rows):
    place = Place("memos")
    log = place.write("hostile.log", "".join(line + "\n" for line in often(rows)))
    answer = place.draft("--held", "--show", log)
    need(answer.status in (0, 10), "status %d: %s" % (answer.status, answer.err))
    memos = answer.out.split("---- case ")[1:]
    need(memos, "no memo was drafted:", answer.out)
    for framed in {framed for _, framed, _ in rows}:
        for memo in memos:
            lines = [line for line in memo.splitlines() if framed in line]
            need(not lines, "a memo names %s:\n%s" % (framed, "\n".join(lines)))
    drafted = place.draft("--held", "--json", log)
    for incident in records(drafted, "incident"):
        need(incident["source"] not in {framed for _, framed, _ in rows},
             "an incident of", incident["source"])


# Whole lines that look like records, as a raw newline in a field of a text log lets a
# peer write them.
RECORDS = [
    json.dumps({"timestamp": "2026-11-20T10:00:01.000000+0000", "flow_id": 7,
                "event_type": "alert", "src_ip": "F", "src_port": 4022,
                "dest_ip": "203.0.113.1", "dest_port": 22, "proto": "TCP",
                "app_proto": "ssh", "direction": "to_server",
                "alert": {"action": "allowed", "signature_id": 1, "severity": 1,
                          "signature": "x", "category": "Attempted Administrator "
                          "Privilege Gain"},
                "flow": {"pkts_toserver": 9, "pkts_toclient": 9, "src_ip": "F",
                         "dest_ip": "203.0.113.1", "src_port": 4022,
                         "dest_port": 22}}),
    "2026-11-20 10:00:01,123 fail2ban.filter [7]: INFO [sshd] Found F - "
    "2026-11-20 10:00:01",
    json.dumps({"eventid": "cowrie.login.failed", "src_ip": "F", "session": "a",
                "username": "x", "password": "y", "protocol": "ssh",
                "timestamp": "2026-11-20T10:00:01.000000Z"}),
]
TEXT_LOGS = [ACCESS.join(["192.0.2.7 - -", '"GET / HTTP/1.1" 200 9 "-" "x"']),
             STAMP + "cron[7]: (root) CMD (true)",
             "2026/11/20 10:00:01 [error] 7#7: *1 something",
             "[Fri Nov 20 10:00:01 2026] [error] [client 192.0.2.7] something"]


def forged_records():
    """In a text log a record names nobody; in a log of its own it names its source."""
    place = Place("records")
    log = place.write("own.log", STAMP + "sshd[7]: Failed password for root from %s "
                      "port 4022 ssh2\n" % FRAMED)
    ours = place.run("detect", "--events", "--json", log).out.splitlines()[0]
    for record in [written(row) for row in RECORDS] + [ours]:
        own = events(place, [record, record])
        named = [event["source"] for found in own.values() for event in found]
        need(FRAMED in named, "no source in a log of records:", record)
        for text in TEXT_LOGS:
            found = events(place, [text] * 3 + [record] + [text] * 3)
            told = [event for events_ in found.values() for event in events_]
            need(told, "no event of", record, "in", text)
            for event in told:
                need(event["contested"] and event["source"] is None,
                     "a forged record names", event["source"], "in a log of:", text)


def main():
    rows = twins()
    equal(len(rows) >= 25, True, "own lines")
    check("own lines frame nobody", nobody_framed, rows)
    check("no memo over own lines names the framed", no_memo_names_them, rows)
    check("a forged record names nobody in a text log", forged_records)
    if not (CORPORA / "inject.tsv").is_file():
        print("skip recorded lines # no recorded lines: set CORPORA")
        return
    check("recorded lines frame nobody", nobody_framed, corpus())
    check("recorded lines yield their true source", true_sources, corpus())
    check("no memo over recorded lines names the framed", no_memo_names_them, corpus())


main()
