#!/usr/bin/python3
"""Whatever is wrong with what tipoff is given: one sentence that names it and says what to
do, a fitting exit code, and nothing lost of what was read before."""

import contextlib
import gzip
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess

from stand import (TIPOFF, NOW, CONFIGURATION, Place, ask, check, environment,
                   equal, failure, failures, need, source, truth)

OK, ALARM = 0, 10
DATAERR, NOINPUT, OSERR, IOERR, TEMPFAIL, NOPERM, CONFIG = 65, 66, 71, 74, 75, 77, 78

GOOD = failures(20, sources=2)
GOOD_TRUTH = truth(GOOD)


def one_sentence(answer, status, *words):
    """Exactly one line on standard error, from us, with all the words in it."""
    lines = answer.err.splitlines()
    need(len(lines) == 1 and lines[0].startswith("tipoff: "), "standard error:", lines)
    for word in words:
        need(str(word) in lines[0], "%r is not in %r" % (str(word), lines[0]))
    need(not lines[0].endswith("."), "a full stop ends", lines[0])
    equal(answer.status, status, "status (%s)" % lines[0])


def place_with(content, name="bad.log"):
    place = Place("bad")
    place.good = place.write("good.log", "".join(GOOD))
    place.bad = place.write(name, content)
    return place


def good_one_counts(place):
    """Beside the bad one the good log was read whole, and is still known as read."""
    equal(place.counts(place.good), GOOD_TRUTH, "the good log")
    again = place.draft(place.good)
    need("Read 0 new lines" in again.out, "read again:", again.out)


# --- logs ---------------------------------------------------------------------------------

def an_unreadable_file():
    place = place_with("".join(failures(5, first=500)))
    place.bad.chmod(0)
    need(not os.access(place.bad, os.R_OK), "this test needs an unprivileged user")
    answer = place.draft(place.bad, place.good)
    one_sentence(answer, NOPERM, "cannot read '%s' (run as root)" % place.bad)
    good_one_counts(place)
    place.bad.chmod(0o600)
    equal(place.counts(place.bad), truth(GOOD + failures(5, first=500)), "mended")


def an_unreadable_folder():
    place = place_with("")
    place.bad = place.folder / "closed"
    place.bad.mkdir(mode=0)
    answer = place.draft(place.bad, place.good)
    one_sentence(answer, NOPERM, "cannot read the folder '%s' (run as root)" % place.bad)
    good_one_counts(place)


def an_unreadable_file_in_a_folder():
    place = Place("bad")
    place.good = place.write("logs/auth.log", "".join(GOOD))
    place.write("logs/secure", "x").chmod(0)
    answer = place.draft(place.folder / "logs")
    one_sentence(answer, NOPERM,
                 "cannot read '%s/logs/secure' (run as root)" % place.folder)
    good_one_counts(place)


def a_missing_file():
    place = place_with("")
    answer = place.draft(place.folder / "none.log", place.good)
    one_sentence(answer, NOINPUT,
                 "cannot read '%s' (check the name)" % (place.folder / "none.log"))
    one_sentence(place.draft("--quiet", place.folder / "none.log"), NOINPUT, "none.log")
    good_one_counts(place)


def a_folder_without_logs():
    place = place_with("")
    empty = place.folder / "empty"
    empty.mkdir()
    answer = place.draft(empty, place.good)
    one_sentence(answer, NOINPUT, "the folder '%s' has no logs in it" % empty,
                 "name a log file")
    good_one_counts(place)


BINARIES = {
    "a program": lambda: pathlib.Path("/bin/true").resolve().read_bytes(),
    "random bytes": lambda: bytes(range(256)) * 400,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(5000),
    "nothing but NUL": lambda: bytes(100000),
    "UTF-16": lambda: "".join(GOOD).encode("utf-16"),
}


def a_binary_file(content):
    place = place_with(content)
    answer = place.draft(place.bad, place.good)
    one_sentence(answer, DATAERR, "'%s'" % place.bad, ":")
    good_one_counts(place)


def a_device():
    place = place_with("")
    answer = place.draft("/dev/zero", place.good)
    one_sentence(answer, DATAERR, "'/dev/zero' is a device", "name a file")
    good_one_counts(place)


def lines_with(middle):
    """Bytes: a line before, the odd one, a line behind."""
    return failure(700, "192.0.2.7").encode() + middle + \
        failure(701, "192.0.2.8").encode()


def a_line_of_10_mib(end):
    """Its beginning and its end would be events; neither may count, nor any piece."""
    inside = b" Failed password for root from 198.51.100.9 port 1 ssh2"
    middle = failure(702, "198.51.100.9").rstrip("\n").encode() + b"x" * (10 << 20) \
        + b"\rNov 20 10:00:00 web1 sshd[9]:" + inside
    place = Place("long")
    content = lines_with(middle + b"\n") if not end else \
        lines_with(b"") + middle
    log = place.write("long.log", content)
    answer = place.draft(log)
    equal(answer.status, OK, "status")
    if not end:
        equal(answer.err, "tipoff: '%s': 1 line over 64 KiB passed over: no log writes such "
              "lines, so look at it by hand\n" % log, "sentence")
    found = place.counts(log)
    equal(found, {"192.0.2.7": 1, "192.0.2.8": 1}, "sources")
    log.write_bytes(content + (b"\n" if end else b"")
                    + failure(703, "192.0.2.9").encode())
    equal(place.counts(log), dict(found, **{"192.0.2.9": 1}), "a line more")


def odd_bytes_in_a_line(odd):
    """A user name of odd bytes: the event counts, and no byte of it comes out raw."""
    line = failure(702, "192.0.2.9", user="USER").encode().replace(b"USER", odd)
    place = Place("odd")
    log = place.write("odd.log", lines_with(line))
    drafted = place.draft("--held", "--source", "192.0.2.9", "--show", log)
    equal(drafted.status, OK, "status (%s)" % drafted.err)
    try:
        is_text = b"\0" not in odd and odd.decode("utf-8") is not None
    except UnicodeDecodeError:
        is_text = False
    equal(drafted.err, "" if is_text else "tipoff: '%s': bytes that are no text (invalid UTF-8 "
          "or NUL) in the lines of 1 act: read all the same and shown as \\x.., so look at "
          "them by hand\n" % log, "sentence")
    raw = subprocess.run(place.words("draft", "--offline", "--source", "192.0.2.9",
                                     "--show", log), capture_output=True,
                         env=environment(place.folder), timeout=20).stdout
    for byte in (b"\0", b"\x1b", b"\x07", b"\x9b", b"\r", b"\x7f"):
        need(byte not in raw, "the byte %r came out" % byte)
    raw.decode("utf-8")  # and it is whole UTF-8
    equal(place.counts(log), {"192.0.2.7": 1, "192.0.2.8": 1, "192.0.2.9": 1}, "sources")


def an_odd_file_name():
    """A name may hold anything; on the screen it is one harmless line."""
    place = place_with("")
    odd = place.folder / "ev\x1b[2Jil\n\x9b.log"
    answer = place.draft(odd, place.good)
    one_sentence(answer, NOINPUT, "cannot read '", "(check the name)")
    need("\x1b" not in answer.err, "an escape sequence came out:", repr(answer.err))
    odd.write_text("".join(failures(3, first=600)))
    said = place.draft(odd)
    equal(said.status, OK, "status (%s)" % said.err)
    need("\x1b" not in said.out, "an escape sequence came out")
    equal(place.counts(odd), truth(GOOD + failures(3, first=600)), "counts")


def times_that_cannot_be():
    """Years ahead: held, because the clock or the zone must be wrong."""
    ahead = ["2038-01-20T10:00:%02dZ web1 sshd[%d]: Failed password for root from "
             "192.0.2.7 port 4 ssh2\n" % (n, n) for n in range(10, 40)]
    never = "Feb 30 10:00:00 web1 sshd[9]: Failed password for root from 192.0.2.8 port " \
        "4 ssh2\n"
    place = place_with(never + "".join(ahead))
    answer = place.draft(place.bad)
    equal((answer.status, answer.err), (OK, ""), "status and standard error")
    need("hours ahead: check that host's clock and [logs] zone" in answer.out, answer.out)
    need("0 worth a mail" in answer.out, answer.out)
    need("no time that could be read" in answer.out, answer.out)
    equal(place.counts(place.bad), truth(ahead), "counts")


def a_truncated_packed_log(name, pack):
    lines = failures(3000, sources=5)
    whole = pack("".join(lines).encode())
    place = place_with(whole[:len(whole) * 2 // 3], name)
    answer = place.draft(place.bad, place.good)
    one_sentence(answer, DATAERR, "'%s'" % place.bad, "cut off",
                 "lines before that were read",
                 "if there is a whole copy, name it and the rest is added")
    before = int(answer.err.split(" lines before")[0].split()[-1])
    need(0 < before < 3000 and (name != "cut.gz" or before > 1000), "lines:", before)
    place.bad.write_bytes(whole)
    equal(place.counts(place.bad), truth(GOOD + lines), "the whole copy")


def damaged_in_the_middle():
    lines = failures(30000, sources=5)
    whole = bytearray(gzip.compress("".join(lines).encode()))
    whole[len(whole) // 2:len(whole) // 2 + 64] = bytes(64)
    place = place_with(bytes(whole), "damaged.gz")
    answer = place.draft(place.bad, place.good)
    one_sentence(answer, DATAERR, "'%s': the gzip data are damaged" % place.bad,
                 "nothing was read: name a whole copy")
    good_one_counts(place)  # a digit of an address may have been damaged too
    place.bad.write_bytes(gzip.compress("".join(lines).encode()))
    equal(place.counts(place.bad), truth(GOOD + lines), "the whole copy")


# --- rules --------------------------------------------------------------------------------

RULES = {
    "a regex without its bracket": (
        "[Definition]\nfailregex = ^Failed (password for .* from <HOST>$\n", DATAERR,
        "/broken.conf: mend failregex '^Failed (password for .* from <HOST>$': the expression"),
    "a regex without a host": ("[Definition]\nfailregex = ^Failed password$\n", DATAERR),
    "an unknown category": (
        "[Definition]\nfailregex = ^Failed <HOST>$\n[Report]\ncategory = rudeness\n",
        DATAERR),
    "no section": ("failregex = ^x <HOST>$\n", DATAERR),
    "a tag of itself": ("[Definition]\na = <a>\nfailregex = ^<a> <HOST>$\n", DATAERR),
    "an include of itself": (
        "[INCLUDES]\nbefore = nothing-like-it.conf\n[Definition]\nfailregex = ^<HOST>$\n",
        None),
}


def a_broken_rule(content, status, says=""):
    place = place_with("")
    rule = place.write("rules/broken.conf", content)
    words = ("--set", "logs.rules=%s" % rule.parent)
    answer = place.draft(*words, place.good)
    if status is not None:
        one_sentence(answer, status, "broken", says)
    else:
        need(answer.status == OK or "nothing-like-it" in answer.err, answer)
    good_one_counts(place)  # with the shipped rules: nothing was taken as read


def a_folder_without_rules():
    place = place_with("")
    empty = place.folder / "empty"
    empty.mkdir()
    one_sentence(place.draft("--set", "logs.rules=%s" % empty, place.good), CONFIG,
                 "rules folder '%s' holds no rule" % empty, "[logs] rules")
    one_sentence(place.draft("--set", "logs.rules=%s/none" % empty, place.good), NOINPUT,
                 "rules folder '%s/none'" % empty, "check [logs] rules")
    one_sentence(place.draft("--rules", "nosuch", place.good), NOINPUT, "rule 'nosuch'")
    good_one_counts(place)


def a_rule_that_works_hard():
    """A regex that backtracks for years is stopped, counted and shown."""
    place = place_with("Nov 20 10:00:00 web1 x[1]: " + "a" * 60 + "!\n")
    rule = place.write("rules/hard.conf",
                       "[Definition]\nfailregex = x.*: (?:a+)+b from <HOST>$\n")
    answer = place.draft("--set", "logs.rules=%s" % rule.parent, place.bad)
    equal(answer.status, OK, "status (%s)" % answer.err)
    need("work too hard" in answer.out or "Read 1 new line" in answer.out, answer.out)


# --- the configuration --------------------------------------------------------------------

# section and key, value, what the sentence says
WRONG = [
    ("judge", "failures", "many", "'failures' is 'many': write a whole number from 1 to"),
    ("judge", "failures", "0", "'failures' is '0': write a whole number from 1 to"),
    ("judge", "failures", "9" * 40, "write a whole number from 1 to 1000000"),
    ("judge", "stale", "5 weeks", "'stale' is '5 weeks': write a time such as"),
    ("judge", "window", "1 s", "'window' is '1 s': write a time such as"),
    ("judge", "documentation", "maybe", "'documentation' is 'maybe': write one of"),
    ("look-up", "registries", "perhaps", "'registries' is 'perhaps': write one of"),
    ("send", "method", "pigeon", "'method' is 'pigeon': write one of sendmail|smtp"),
    ("judge", "fialures", "3", "unknown key 'fialures' in [judge]; did you mean"),
    ("nonsense", "xyzzy", "3", "unknown key 'xyzzy' in [nonsense]; tipoff.conf(5)"),
    ("own", "addresses", "198.51.100.300", "'198.51.100.300' in [own] addresses"),
    ("own", "allow", "10.0.0.0/33", "'10.0.0.0/33' in [own] allow is no address"),
    ("own", "addresses", "example.org", "write 198.51.100.7 or 198.51.100.0/24"),
    ("hosts", "web1", "web1.example", "'web1.example' in [hosts] web1 is no address"),
    ("hosts", "web1", "", "write LOGHOST = PUBLIC-ADDRESS [FULL-NAME]"),
    ("hosts", "web1", "192.0.2.1 a b", "write LOGHOST = PUBLIC-ADDRESS [FULL-NAME]"),
    ("logs", "zone", "Mars/Base", "no time zone 'Mars/Base'"),
    ("look-up", "dns", "nonsense", "dns = 'nonsense' is no resolver; write ADDRESS:PORT"),
    ("look-up", "connect-to", "a:b", "connect-to = 'a:b' is wrong; write HOST:PORT"),
    ("reporter", "mail", "one\n  two", "'mail' has more than one line"),
]


def a_wrong_value(section, key, value, says):
    place = place_with("")
    config = place.write("wrong.conf", "[%s]\n%s = %s\n" % (section, key, value))
    place.config = config
    one_sentence(place.draft(place.good), CONFIG, config, says)
    place.config = place.write("tipoff.conf", CONFIGURATION)
    good_one_counts(place)


BROKEN_FILES = {
    "no section": ("failures = 3\n", "wrong.conf:1: an option stands before the first"),
    "an open bracket": ("[judge\nfailures = 3\n", "wrong.conf:1: unclosed section header"),
    "a NUL byte": ("[judge]\nfailures = 3\0\n", "a NUL byte: this is not a text file"),
}


def a_broken_configuration(content, says):
    place = place_with("")
    place.config = place.write("wrong.conf", content)
    one_sentence(place.draft(place.good), CONFIG, says)


def a_missing_configuration():
    place = place_with("")
    place.config = place.folder / "none.conf"
    one_sentence(place.draft(place.good), NOINPUT,
                 "no configuration '%s': check the name" % place.config, "tipoff init")
    need(not place.store.exists(), "a store was made all the same")


def an_unreadable_configuration():
    place = place_with("")
    place.config.chmod(0)
    one_sentence(place.draft(place.good), NOPERM, place.config)


def a_folder_as_configuration():
    place = place_with("")
    place.config = place.folder
    one_sentence(place.draft(place.good), CONFIG, "'%s' is not a file" % place.folder)


def without_a_home():
    place = place_with("")
    answer = ask([TIPOFF, "--now", NOW, "draft", "--offline", place.good], place.folder,
                 env=environment(place.folder, HOME=None, XDG_STATE_HOME=None,
                                 XDG_CONFIG_HOME=None))
    need(os.geteuid() != 0, "this test needs an unprivileged user")
    one_sentence(answer, CONFIG, "no place for the store: set HOME", "--store")


# --- the net ------------------------------------------------------------------------------

@contextlib.contextmanager
def closed_port():
    """A port of loopback that is ours and refuses."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextlib.contextmanager
def silent_port():
    """A port that takes connections and questions, and never says anything."""
    with socket.socket() as holder, socket.socket(type=socket.SOCK_DGRAM) as questions:
        holder.bind(("127.0.0.1", 0))
        holder.listen(64)
        questions.bind(holder.getsockname())
        yield holder.getsockname()[1]


# Every server that a look-up of these sources may turn to.
SERVERS = ["data.iana.org:443", "rdap.iana.org:443", "whois.iana.org:43"] + [
    host + port for name in ("afrinic", "apnic", "arin", "lacnic", "ripe")
    for host, port in (("whois.%s.net" % name, ":43"), ("rdap.%s.net" % name, ":443"))
] + ["rdap.db.ripe.net:443"]


def no_network(opened, longest):
    """The deadline is 2 s: every memo is drafted with what is known, and it says so."""
    lines = failures(40, sources=1)
    with opened() as port:
        place = Place("net")
        place.config = place.write("net.conf", """[logs]
zone = UTC
[judge]
documentation = public
[look-up]
registries = yes
reverse-names = yes
deadline = 2 s
dns = 127.0.0.1:%d
connect-to = %s
""" % (port, "\n  ".join("%s:127.0.0.1:%d" % (server, port) for server in SERVERS)))
        log = place.write("auth.log", "".join(lines))
        answer = place.run("draft", "--show", log)
        equal(answer.status, OK, "status (%s)" % answer.err)
        equal(answer.err, "", "standard error")
        need(answer.seconds < longest, "it took %.1f s" % answer.seconds)
        need("Source:      203.0.113.1" in answer.out, "no memo:", answer.out)
        need("To: nobody known for this network" in answer.out, answer.out)
        need("Note: " in answer.out, "it does not say why:", answer.out)
        equal(place.counts(log), truth(lines), "counts")


# --- the store ----------------------------------------------------------------------------

def a_full_disk():
    """A file system of 1 MiB of its own: full in the middle of a log, then mended."""
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode:
        print("skip a full disk # no user namespaces here")
        return
    check("a full disk", full_disk_inside)


MOUNT = """
set -e
mount -t tmpfs -o size=1m none "$1"
shift
"$@" draft --offline auth.log >first 2>&1 && echo "not full: $(cat first)"
cat first
cp "$0"/store.db* kept/
"""


def full_disk_inside():
    place = Place("disk")
    lines = [failure(n, source(n % 600), "user%d" % n) for n in range(40000)]
    place.write("auth.log", "".join(lines))
    disk = place.folder / "disk"
    disk.mkdir()
    (place.folder / "kept").mkdir()
    place.store = disk / "store.db"
    answer = ask(["unshare", "-Urm", "sh", "-c", MOUNT, disk, disk, *place.words()],
                 place.folder, seconds=60)
    need("tipoff: store '%s' cannot grow: free some space and run again" % place.store
         in answer.out, answer.out + answer.err)
    equal(len(answer.out.splitlines()), 1, "lines in %r" % answer.out)
    for part in (place.folder / "kept").iterdir():  # as it lay there: more room now
        shutil.copy(part, disk)
    equal(place.counts("auth.log", seconds=60), truth(lines), "with room")


def a_read_only_store():
    place = place_with("")
    equal(place.counts(place.good), GOOD_TRUTH, "first")
    more = failures(3, sources=1, first=900)
    log = place.write("more.log", "".join(more))
    for rest in place.folder.glob("store.db-*"):
        rest.unlink()
    place.store.chmod(0o400)
    one_sentence(place.draft(log), NOPERM, "store '%s' cannot be written" % place.store,
                 "check its owner and mode, or name another with --store")
    place.store.chmod(0o600)
    equal(place.counts(log), truth(GOOD + more), "writable again")


def a_store_in_a_read_only_folder():
    place = place_with("")
    folder = place.folder / "closed"
    folder.mkdir(mode=0o500)
    place.store = folder / "store.db"
    one_sentence(place.draft(place.good), NOPERM,
                 "store '%s' cannot be written" % place.store)


def a_store_that_is_none():
    place = place_with("")
    place.store.write_text("hello, this is no database at all\n" * 100)
    one_sentence(place.draft(place.good), DATAERR,
                 "'%s' is not a tipoff store or is damaged" % place.store,
                 "move it away, or name another with --store")
    equal(place.store.read_text(), "hello, this is no database at all\n" * 100, "it")


def a_store_in_no_folder():
    place = place_with("")
    place.store = place.folder / "none/store.db"
    one_sentence(place.draft(place.good), CONFIG, "store '%s'" % place.store,
                 "its folder is not there", "--store")
    place.store = place.folder
    one_sentence(place.draft(place.good), CONFIG, "store '%s' is a folder" % place.store)


def a_newer_store():
    place = place_with("")
    place.draft(place.good)
    with contextlib.closing(sqlite3.connect(place.store)) as store:
        store.execute("INSERT INTO schema_migration VALUES (999, 'x', x'00', 1)")
        store.commit()
    before = place.store.read_bytes()
    one_sentence(place.draft(place.good), NOPERM,
                 "store '%s' was made by a newer tipoff: upgrade this one" % place.store)
    equal(place.store.read_bytes(), before, "the store")


def somebody_elses_store():
    place = place_with("")
    place.store = pathlib.Path("/etc/passwd")
    one_sentence(place.draft(place.good), NOPERM, "store '/etc/passwd' belongs to user 0",
                 "run tipoff as that user, or name another with --store")


def a_busy_store():
    """Somebody holds the write lock for over 5 s: one sentence, and nothing is lost."""
    place = place_with("")
    equal(place.counts(place.good), GOOD_TRUTH, "first")
    more = failures(3, sources=1, first=900)
    log = place.write("more.log", "".join(more))
    with contextlib.closing(sqlite3.connect(place.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        reading = place.run("cases")
        equal((reading.status, reading.err), (OK, ""), "cases, which only reads")
        need(reading.seconds < 4, "cases waited %.1f s" % reading.seconds)
        one_sentence(place.draft(log), TEMPFAIL, "store '%s' is busy" % place.store,
                     "try again")
        other.execute("ROLLBACK")
    equal(place.counts(log), truth(GOOD + more), "free again")


# --- standard output ----------------------------------------------------------------------

PRINTING = [("draft", "--offline", "good.log"), ("draft", "--json", "good.log"),
            ("detect", "good.log"), ("detect", "--events", "good.log"), ("rules", "list"),
            ("cases",), ("init", "--print"), ("--help",), ("draft", "--help"),
            ("--version",)]


def a_full_output(words):
    place = place_with("")
    place.draft(place.good)
    with open("/dev/full", "w") as full:
        answer = place.run(*words, stdout=full)
    one_sentence(answer, IOERR, "standard output cannot be written")
    good_one_counts(place)


def a_closed_output():
    place = place_with("")
    child = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh",
                            *place.words("draft", "--offline", "good.log")],
                           cwd=place.folder, capture_output=True, text=True, timeout=20,
                           env=environment(place.folder))
    equal(child.returncode, IOERR, "status")
    need("tipoff: standard output cannot be written" in child.stderr, child.stderr)
    good_one_counts(place)


def a_reader_that_left():
    place = place_with("")
    child = place.start("draft", "--offline", "good.log")
    child.stdout.close()
    child.stderr.read()
    child.stderr.close()
    need(child.wait(20) in (-13, IOERR, OK), "status", child.returncode)
    good_one_counts(place)


def called(name, test, *words):
    check(name.replace("_", " "), test, *words)


def main():
    for test in (an_unreadable_file, an_unreadable_folder, an_unreadable_file_in_a_folder,
                 a_missing_file, a_folder_without_logs, a_device):
        called(test.__name__, test)
    for name, content in BINARIES.items():
        called("a binary file: " + name, a_binary_file, content())
    called("a line of 10 MiB", a_line_of_10_mib, False)
    called("a last line of 10 MiB", a_line_of_10_mib, True)
    for name, odd in (("invalid UTF-8", b"\xff\xfe\xc0\x80\xed\xa0\x80"),
                      ("a NUL byte", b"a\0b"), ("a cut character", b"\xe2\x82"),
                      ("text and controls", "gr\u00fc\u00df\x1b[2J\x07".encode()),
                      ("escape sequences", b"\x1b[2J\x1b]0;x\x07\x9b1m\r\x7f")):
        called("a line with " + name, odd_bytes_in_a_line, odd)
    for test in (an_odd_file_name, times_that_cannot_be):
        called(test.__name__, test)
    called("a truncated gzip", a_truncated_packed_log, "cut.gz", gzip.compress)
    called("a gzip damaged in the middle", damaged_in_the_middle)
    for name, row in RULES.items():
        called("a rule with " + name, a_broken_rule, *row)
    for test in (a_folder_without_rules, a_rule_that_works_hard):
        called(test.__name__, test)
    for row in WRONG:
        called("a wrong value: [%s] %s = %s" % (row[0], row[1], row[2][:20].split("\n")[0]),
               a_wrong_value, *row)
    for name, (content, says) in BROKEN_FILES.items():
        called("a configuration with " + name, a_broken_configuration, content, says)
    for test in (a_missing_configuration, an_unreadable_configuration,
                 a_folder_as_configuration, without_a_home):
        called(test.__name__, test)
    called("no network: nobody listens", no_network, closed_port, 10)
    called("no network: nobody answers", no_network, silent_port, 15)
    a_full_disk()
    for test in (a_read_only_store, a_store_in_a_read_only_folder, a_store_that_is_none,
                 a_store_in_no_folder, a_newer_store, somebody_elses_store, a_busy_store):
        called(test.__name__, test)
    for words in PRINTING:
        called("a full output: " + " ".join(words), a_full_output, words)
    for test in (a_closed_output, a_reader_that_left):
        called(test.__name__, test)


main()
