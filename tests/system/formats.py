#!/usr/bin/python3
"""Structured logs end to end: what each format's records become, that a record counts once
whoever tells it and however often it is read, and that a memo says what we did."""

import json
import shutil
import sqlite3

from stand import Place, check, equal, need, records

SOURCE, OTHER = "203.0.113.77", "203.0.113.78"
EPOCH = 1795238040  # 2026-11-21T05:14:00Z


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def eve(**more):
    return dict({
        "timestamp": "2026-11-21T05:14:30.123456+0000", "flow_id": 7, "event_type": "alert",
        "src_ip": SOURCE, "src_port": 40112, "dest_ip": "198.51.100.20", "dest_port": 80,
        "proto": "TCP", "app_proto": "http", "direction": "to_server",
        "alert": {"signature": "LOCAL traversal", "category": "Web Application Attack"}},
        **more)


def cowrie(event, **more):
    return dict({"eventid": "cowrie." + event, "src_ip": SOURCE, "session": "df5370a8829b",
                 "sensor": "pot1", "timestamp": "2026-11-21T05:14:30.123456Z"}, **more)


ALERT = {"scenario": "crowdsecurity/ssh-bf", "simulated": False, "events_count": 12,
         "source": {"scope": "Ip", "value": SOURCE},
         "start_at": "2026-11-21T05:10:00Z", "stop_at": "2026-11-21T05:20:00Z"}
NOTICE = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
          "#path\tnotice\n#fields\tts\tnote\tmsg\tsrc\tp\n1795238070.1\tSSH::Password_Guessing\t"
          + SOURCE + " appears to be guessing SSH passwords (seen in 30 connections).\t"
          + SOURCE + "\t-\n")
ACCESS = {"time_iso8601": "2026-11-21T05:14:30+00:00", "remote_addr": SOURCE,
          "request": "GET /.env HTTP/1.1", "status": 404, "body_bytes_sent": "146",
          "http_referer": "", "http_user_agent": "x"}
SSHD = "".join("2026-11-21T05:14:%02dZ web1 sshd[%d]: Failed password for root from %s "
               "port 4%03d ssh2\n" % (n, 100 + n, SOURCE, n) for n in range(12))
FAIL2BAN = "".join("2026-11-21 05:14:%02d,001 fail2ban.filter         [812]: INFO    [sshd] "
                   "Found %s - 2026-11-21 05:14:%02d\n" % (n, SOURCE, n) for n in range(10))
FAIL2BAN += ("2026-11-21 05:14:09,123 fail2ban.actions        [812]: NOTICE  [sshd] "
             "Ban %s\n" % SOURCE)
EXPECTED = {  # file: (its text, base category, count, certainty)
    "eve.json": (lines(eve(), eve(event_type="flow")), "exploit-attempt", 1, "connection"),
    "cowrie.json": (lines(cowrie("login.failed", username="root"),
                          cowrie("login.success", username="admin")),
                    "login-attack", 2, "connection"),
    "crowdsec.json": (json.dumps([ALERT], indent=1).encode() + b"\n",
                      "login-attack", 12, "connection"),
    "notice.log": (NOTICE.encode(), "login-attack", 30, "connection"),
    "access.json": (lines(ACCESS), "exploit-attempt", 1, "connection"),
    "fail2ban.log": (FAIL2BAN.encode(), "login-attack", 10, "connection"),
}


def database(place, name="fail2ban.sqlite3"):
    path = place.folder / name
    store = sqlite3.connect(path)
    store.executescript(
        "CREATE TABLE fail2banDb(version INTEGER);"
        "CREATE TABLE jails(name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 1);"
        "CREATE TABLE bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime "
        "INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON);"
        "CREATE TABLE bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, "
        "bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON, "
        "PRIMARY KEY(ip, jail));")
    for n, (ip, data) in enumerate(((SOURCE, {"failures": 5}), (SOURCE, {"failures": 5}),
                                    (OTHER, {"matches": ["a"] * 11}))):
        row = ("sshd", ip, EPOCH + 9 + 200 * n, 600 if ip == OTHER else 100, 1,
               json.dumps(data))
        store.execute("INSERT INTO bans VALUES (?, ?, ?, ?, ?, ?)", row)
        store.execute("INSERT OR REPLACE INTO bips VALUES (?, ?, ?, ?, ?, ?)",
                      (row[1], row[0]) + row[2:])
    store.commit()
    store.close()
    return path


def detect(place, *words):
    return records(place.run("detect", "--json", *words), "incident")


def each_format_is_read():
    place = Place("formats")
    for name, (text, category, count, certainty) in EXPECTED.items():
        found = detect(place, place.write(name, text))
        equal([(one["source"], one["base"], one["count"], one["certainty"])
               for one in found], [(SOURCE, category, count, certainty)], name)


def several_tell_of_the_same_acts():
    place = Place("tellers")
    auth = place.write("auth.log", SSHD.encode())
    log = place.write("fail2ban.log", FAIL2BAN.encode())
    alerts = place.write("crowdsec.json", EXPECTED["crowdsec.json"][0])
    base = database(place)
    for names in ((auth, log, alerts, base), (base, alerts, log, auth)):
        found = {one["source"]: one for one in detect(place, *names)}
        equal({source: one["count"] for source, one in found.items()},
              {SOURCE: 12, OTHER: 11}, "counts")
        equal([(ban["jail"], ban["banned_at"]) for ban in found[SOURCE]["blocked"]],
              [("sshd", "2026-11-21T05:14:09Z"), ("sshd", "2026-11-21T05:17:29Z")], "bans")


def a_database_adds_only_what_is_new():
    place = Place("database")
    path = database(place)
    before = path.read_bytes()
    counts = place.counts(path)
    equal(counts, {SOURCE: 10, OTHER: 11}, "first run")
    shutil.copy(path, place.folder / "copy.db")
    equal(place.counts(path, place.folder / "copy.db"), counts, "again, and a copy")
    equal(path.read_bytes(), before, "the database itself")
    store = sqlite3.connect(path)
    store.execute("DELETE FROM bans")
    store.execute("INSERT INTO bans VALUES ('sshd', ?, ?, 600, 3, '{\"failures\": 7}')",
                  (SOURCE, EPOCH + 1000))
    store.commit()
    store.close()
    equal(place.counts(path), {SOURCE: 17, OTHER: 11}, "purged, and one more")


def other_databases_are_refused():
    place = Place("other")
    path = place.folder / "other.sqlite3"
    store = sqlite3.connect(path)
    store.execute("CREATE TABLE bans(x)")
    store.commit()
    store.close()
    said = place.run("detect", path)
    need("not fail2ban's" in said.err, said.err)
    path.write_bytes(path.read_bytes()[:700])
    need("Traceback" not in place.run("detect", path).err, "a cut one")


def another_machine_tells_the_same_incident():
    place = Place("agents")
    auth = place.write("auth.log", SSHD.encode())
    log = place.write("fail2ban.log", FAIL2BAN.encode())
    here = place.run("detect", "--json", auth, log).out
    told = place.write("incidents.json", here.encode())
    equal(place.run("detect", "--json", told).out, here, "incidents")
    acts = place.write("events.json",
                       place.run("detect", "--events", "--json", auth, log).out.encode())
    equal(place.run("detect", "--json", acts).out, here, "events")
    equal(place.counts(told), {SOURCE: 12}, "in the store")
    equal(place.counts(told), {SOURCE: 12}, "and once")


def what_overflows_comes_out_as_it_was():
    """Lists of more than 64 go on as sketches, which a record carries."""
    place = Place("sketches")
    log = place.write("auth.log", "".join(
        "2026-11-21T05:%02d:%02dZ web%d sshd[9]: Failed password for user%d from %s port "
        "%d ssh2\n" % (n // 60, n % 60, n % 90, n, SOURCE, 30000 + n)
        for n in range(300)).encode())
    knocks = place.write("kern.log", "".join(
        "2026-11-21T05:%02d:%02dZ web1 kernel: [1.0] DROP IN=eth0 OUT= SRC=%s "
        "DST=198.51.100.20 LEN=40 TOS=0x00 PREC=0x00 TTL=51 ID=1 PROTO=TCP SPT=40112 "
        "DPT=%d WINDOW=1024 RES=0x00 SYN URGP=0\n" % (n // 60, n % 60, SOURCE, n + 1)
        for n in range(300)).encode())
    here = place.run("detect", "--json", log, knocks).out
    found = [one for one in map(json.loads, here.splitlines()) if one["type"] == "incident"]
    equal(sorted((one["base"], one["estimated"]) for one in found),
          [("login-attack", ["users", "source_ports", "targets"]), ("probe", ["ports"])],
          "what is estimated")
    need(all(one["steps"] == 299 for one in found if one["base"] == "probe"), "steps")
    told = place.write("incidents.json", here.encode())
    equal(place.run("detect", "--json", told).out, here, "incidents")
    again = detect(place, told, told, place.write("copy.json", here.encode() + b"\n"))
    equal([one["distinct"] for one in again], [one["distinct"] for one in found],
          "distinct, told twice")
    equal(place.counts(told), {SOURCE: 600}, "in the store")


def a_memo_says_what_we_did():
    place = Place("memo")
    auth = place.write("auth.log", SSHD.replace("05:14:1", "05:14:0").encode())
    log = place.write("fail2ban.log", FAIL2BAN.encode())
    drafted = place.draft("--json", log, auth)
    memo = " ".join(" ".join(report["memo"].split()) for case in records(drafted, "case")
                    for report in case["reports"])
    need("blocked by us at 05:14:09 +0000 (fail2ban, jail sshd), so we cannot see whether "
         "it goes on" in memo, memo or drafted.out + drafted.err)


check("each format is read", each_format_is_read)
check("several tell of the same acts", several_tell_of_the_same_acts)
check("a database adds only what is new", a_database_adds_only_what_is_new)
check("other databases are refused", other_databases_are_refused)
check("another machine tells the same incident", another_machine_tells_the_same_incident)
check("what overflows comes out as it was", what_overflows_comes_out_as_it_was)
check("a memo says what we did", a_memo_says_what_we_did)
