#!/usr/bin/python3
"""'registry update' against a server of dumps that breaks off, lies, and points elsewhere."""
import email.utils
import fcntl
import gzip
import hashlib
import http.server
import json
import os
import pathlib
import socket
import socketserver
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand import TIPOFF, Place, ask, check, environment, equal, need  # noqa: E402

ROLE, STATISTICS = "ripe.db.role.gz", "delegated-ripencc-extended-latest"
ROLE_PATH = "/ripe/dbase/split/ripe.db.role.gz"
STATISTICS_PATH = "/pub/stats/ripencc/" + STATISTICS
MONDAY, TUESDAY = "Mon, 16 Nov 2026 03:00:00 GMT", "Tue, 17 Nov 2026 03:00:00 GMT"


def roles(count, first=0):
    """RPSL that compresses badly, so that a transfer has a middle."""
    text = "".join("role:           Desk %d\nabuse-mailbox:  %s@desk.example\nnic-hdl:        D%d-RIPE\n"
                   "source:         RIPE\n\n" % (n, hashlib.sha256(b"%d" % n).hexdigest(), n)
                   for n in range(first, first + count))
    return gzip.compress(text.encode(), mtime=0)


def statistics(rows, promised=None):
    lines = ["2.3|ripencc|1795132800|%d||20261119|+0100" % rows,
             "ripencc|*|ipv4|*|%d|summary" % (rows if promised is None else promised)]
    lines += ["ripencc|NL|ipv4|203.0.113.%d|1|20110811|assigned|id%d" % (n, n) for n in range(rows)]
    return ("\n".join(lines) + "\n").encode()


class File:
    def __init__(self, body, etag='"one"', modified=MONDAY, **more):
        self.body, self.etag, self.modified = body, etag, modified
        self.cut = more.get("cut")  # the connection ends after so many bytes of a body
        self.hold = more.get("hold")  # an event: waits for it there instead
        self.location = more.get("location")
        self.kind = more.get("kind", "application/octet-stream")
        self.fresh = more.get("fresh", {})  # headers on how long it stays as it is


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def head(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def do_GET(self):
        file = self.server.files.get(self.path)
        asked = {name: self.headers[name] for name in
                 ("Range", "If-Range", "If-None-Match", "If-Modified-Since") if name in self.headers}
        self.server.asked.append((self.path, asked))
        if file is None:
            self.head(404, 9)
            self.wfile.write(b"not here\n")
        elif file.location:
            self.head(302, 0, Location=file.location)
        elif asked.get("If-None-Match") == file.etag:
            self.head(304, 0, ETag=file.etag, **file.fresh)
        else:
            self.body(file, asked)

    def body(self, file, asked):
        marks = {"ETag": file.etag, "Last_Modified": file.modified, "Content_Type": file.kind,
                 **file.fresh}
        begin = 0
        if "Range" in asked and asked.get("If-Range") in (file.etag, file.modified):
            begin = int(asked["Range"].split("=")[1].rstrip("-"))
            self.head(206, len(file.body) - begin, **marks, Content_Range="bytes %d-%d/%d" % (
                begin, len(file.body) - 1, len(file.body)))
        else:
            self.head(200, len(file.body), **marks)
        part = file.body[begin:]
        if file.cut is None:
            self.server.sent += len(part)
            self.wfile.write(part)
            return
        self.server.sent += len(part[:file.cut])
        self.wfile.write(part[:file.cut])
        self.wfile.flush()
        if file.hold:
            file.hold.wait(20)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, request, client_address):
        pass  # clients that are killed are part of the tests


class Mirror(Place):
    def __init__(self, name):
        super().__init__(name)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.files, self.server.asked, self.server.sent = {}, [], 0
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.dumps = self.folder / "dumps"
        self.port = self.server.server_address[1]
        self.configure("dumps.example:80:127.0.0.1:%d" % self.port)

    def configure(self, *routes):
        self.write("hosts", "10.0.0.5 inside.example\n")
        self.write("tipoff.conf", "[look-up]\nregistry-mirrors =\n"
                   + "".join("    https://%s/ http://dumps.example/\n" % host for host in
                             ("ftp.ripe.net", "ftp.arin.net", "data.iana.org"))
                   + "connect-to = %s\nhosts = %s\nregistry-folder = %s\n" % (
                       " ".join(routes), self.folder / "hosts", self.dumps))

    def put(self, path, body, **more):
        self.server.files[path] = File(body, **more)

    def update(self, *only, **options):
        words = [word for name in only for word in ("--only", name)]
        return self.run("registry", "update", "--json", *words, **options)

    def asked(self):
        rows, self.server.asked = self.server.asked, []
        return rows

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def outcome(answer, name=None):
    rows = [json.loads(line) for line in answer.out.splitlines()]
    [row] = [row for row in rows if name in (None, row["name"])]
    return row


def refused(mirror, only, words, old=None):
    """Not taken, the older file stays, and one sentence says why."""
    answer = mirror.update(only)
    equal(outcome(answer)["outcome"], "failed", answer.err)
    equal(answer.status, 75, "status")
    need(words in answer.err, "'%s' is not said: %s" % (words, answer.err))
    path = mirror.dumps / only
    if old is None:
        need(not path.exists(), "it was taken")
    else:
        equal(path.read_bytes(), old, "the older file")
        need("the older file stays" in answer.err, answer.err)
    left = [each.name for each in mirror.dumps.iterdir() if each.name.startswith(".new")]
    equal(left, [], "left behind")
    return answer


def fetched(mirror):
    """Files and their checks; the second time nothing is sent again."""
    mirror.put(ROLE_PATH, roles(200))
    mirror.put(STATISTICS_PATH, statistics(3))
    mirror.put(STATISTICS_PATH + ".md5", b"MD5 (x) = %s\n" % hashlib.md5(
        statistics(3)).hexdigest().encode())
    mirror.put("/rdap/ipv4.json", b'{"services":[[["203.0.113.0/24"],["https://rdap.example/"]]]}')
    names = (ROLE, STATISTICS, "rdap/ipv4.json")
    answer = mirror.update(*names)
    equal((answer.status, answer.err), (0, ""), "first run")
    for name in names:
        equal(outcome(answer, name)["outcome"], "new", name)
    equal((mirror.dumps / ROLE).read_bytes(), roles(200), "bytes")
    equal(int((mirror.dumps / ROLE).stat().st_mtime), 1794798000, "the server's date")
    mirror.asked()
    mirror.server.sent = 0
    answer = mirror.update(*names)
    equal({outcome(answer, name)["outcome"] for name in names}, {"unchanged"}, answer.err)
    equal(mirror.server.sent, 0, "bytes sent the second time")
    equal([asked.get("If-None-Match") for _, asked in mirror.asked()], ['"one"'] * 3, "asked")
    plain = mirror.run("registry", "update", "--only", ROLE)
    equal(plain.out, "ripe.db.role.gz: unchanged\n0 new, 1 unchanged, 0 not updated.\n", "words")


LISTS = tuple("/rdap/%s.json" % name for name in ("ipv4", "ipv6", "asn", "dns", "object-tags"))


class LookingUp:
    """Look-ups of one address by a mirror's lists, on the days after the first."""

    def __init__(self, mirror):
        self.mirror = mirror
        mirror.configure("dumps.example:80:127.0.0.1:%d" % mirror.port,
                         "rdap.example:80:127.0.0.1:%d" % mirror.port)
        with open(mirror.config, "a", encoding="ascii") as file:
            file.write("registries = yes\n\n[judge]\ndocumentation = public\n")
        mirror.dumps.mkdir()

    def on_day(self, day, *words):
        """What was asked for, and what was said on standard error."""
        command = self.mirror.words("contact", *words, "203.0.113.7")
        command[command.index("--now") + 1] = "2026-11-%02dT06:00:00Z" % (1 + day)
        answer = ask(command, self.mirror.folder)
        return self.mirror.asked(), answer.err


# No fake answers for the address itself.
SILENT = "tipoff: for 1 of 1 not every server gave an answer; try again\n"


def refreshed(mirror):
    """IANA's lists of RDAP servers come by themselves, and again when they are no longer fresh."""
    looking = LookingUp(mirror)
    for path in LISTS:
        mirror.put(path, b'{"services":[[["203.0.113.0/24"],["http://rdap.example/"]]]}',
                   fresh={"Cache_Control": "public, max-age=259200"})
    ask_ip = [("/ip/203.0.113.7", {})]
    equal(looking.on_day(0, "--offline"), ([], ""), "offline")
    asked, said = looking.on_day(0)
    equal(asked, [(path, {}) for path in LISTS] + ask_ip, said)
    for day in (0, 2):
        equal(looking.on_day(day), (ask_ip, SILENT), "day %d" % day)
    asked, said = looking.on_day(4)
    equal([(path, row.get("If-None-Match")) for path, row in asked],
          [(path, '"one"') for path in LISTS] + [("/ip/203.0.113.7", None)], said)
    mirror.server.files.clear()
    asked, said = looking.on_day(8)
    equal([path for path, _ in asked], [LISTS[0], "/ip/203.0.113.7"], "after a failure")
    equal(said, "tipoff: IANA's lists of RDAP servers were not refreshed: the server answered "
          "HTTP 404 (http://dumps.example/rdap/ipv4.json); going on with those from before\n" + SILENT,
          "what is said")
    equal(looking.on_day(8), (ask_ip, SILENT), "a failure is not repeated on that day")


def refreshed_by_date(mirror):
    """Expires counts from the server's Date; without a word it is a week."""
    looking = LookingUp(mirror)
    for path in LISTS:
        mirror.put(path, b'{"services":[[["203.0.113.0/24"],["http://rdap.example/"]]]}')
    for path in LISTS[:2]:
        mirror.server.files[path].fresh = {"Expires": email.utils.formatdate(
            time.time() + 3 * 86400, usegmt=True)}
    looking.on_day(0)
    equal([path for path, _ in looking.on_day(2)[0]], ["/ip/203.0.113.7"], "two days later")
    equal([path for path, _ in looking.on_day(4)[0]], [*LISTS[:2], "/ip/203.0.113.7"],
          "four days later")
    equal([path for path, _ in looking.on_day(8)[0]], [*LISTS, "/ip/203.0.113.7"],
          "a week later")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def said_until(process, words):
    """Its lines of standard error, up to the one with these words."""
    guard = threading.Timer(60, process.kill)
    guard.start()
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            break
    guard.cancel()
    need(lines and words in lines[-1], "'%s' is not said: %s" % (words, "".join(lines)))


FACTOR = 50000  # a day in under two seconds


def refreshed_by_whoisd(mirror):
    """A proxy that runs on fetches them once they are due, and takes them into use."""
    LookingUp(mirror)
    for path in LISTS:
        mirror.put(path, b'{"services":[[["203.0.113.0/24"],["http://rdap.example/"]]]}')
    command = [TIPOFF, "whoisd", "--config", str(mirror.config), "--store", str(mirror.store),
               "--listen", "127.0.0.1:%d" % free_port()]
    process = subprocess.Popen(command, cwd=mirror.folder, text=True, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               env=environment(mirror.folder, TIPOFF_CLOCK="%d@%d" % (
                                   FACTOR, time.time())))
    said_until(process, "answering WHOIS questions")
    equal([path for path, _ in mirror.asked()], [*LISTS], "at its start")
    for path in LISTS:
        mirror.put(path, b'{"services":[[["203.0.113.0/24"],["http://other.example/"]]]}', etag='"two"')
    again = set()
    while len(again) < len(LISTS):  # at this pace they are not due in the same minute
        said_until(process, "new lists of RDAP servers are in use")
        again |= {path for path, row in mirror.asked() if row.get("If-None-Match") == '"one"'}
    process.terminate()
    process.stderr.read()
    equal(process.wait(60), 0, "status")


def due(mirror):
    """'registry update --due' is that for whoever wants it: no dump, and nothing too early."""
    for path in LISTS:
        mirror.put(path, b'{"services":[[["203.0.113.0/24"],["http://rdap.example/"]]]}')
    answer = mirror.run("registry", "update", "--due")
    equal((answer.status, answer.out, answer.err), (0, "", ""), "first")
    equal([path for path, _ in mirror.asked()], [*LISTS], "what is fetched")
    mirror.run("registry", "update", "--due")
    equal(mirror.asked(), [], "while they are fresh")
    for path in LISTS:
        (mirror.dumps / path[1:]).unlink()
    (mirror.dumps / ".ledger").unlink()
    mirror.server.files.clear()
    answer = mirror.run("registry", "update", "--due")
    equal((answer.status, answer.err), (75, (
        "tipoff: IANA's lists of RDAP servers were not refreshed, those from before stay: the "
        "server answered HTTP 404 (http://dumps.example/rdap/ipv4.json)\n")), "where it fails")
    equal(mirror.run("registry", "update", "--due", "--only", "ripe").status, 78, "with --only")
    equal(mirror.run("registry", "update", "--due", "--offline").status, 78, "offline")


def changed(mirror):
    mirror.put(ROLE_PATH, roles(200))
    mirror.update(ROLE)
    mirror.put(ROLE_PATH, roles(210), etag='"two"', modified=TUESDAY)
    equal(outcome(mirror.update(ROLE))["outcome"], "new", "changed")
    equal((mirror.dumps / ROLE).read_bytes(), roles(210), "bytes")


def resumed(mirror):
    """A connection that breaks is taken up where it broke, in the same run."""
    body = roles(3000)
    mirror.put(ROLE_PATH, body, cut=len(body) // 2)
    answer = mirror.update(ROLE)
    equal(outcome(answer)["outcome"], "new", answer.err)
    equal((mirror.dumps / ROLE).read_bytes(), body, "bytes")
    ranges = [asked.get("Range") for _, asked in mirror.asked()]
    equal(ranges[:2], [None, "bytes=%d-" % (len(body) // 2)], "ranges")
    equal(mirror.server.sent, len(body), "bytes sent in all")


def killed(mirror):
    """Killed in the middle: the next run asks for the rest alone."""
    body, hold = roles(3000), threading.Event()
    mirror.put(ROLE_PATH, body, cut=len(body) // 3, hold=hold)
    running = mirror.start("registry", "update", "--only", ROLE)
    part = mirror.dumps / (".%s.part" % ROLE)
    for _ in range(400):
        if part.exists() and part.stat().st_size == len(body) // 3:
            break
        time.sleep(0.05)
    running.kill()
    running.communicate()
    hold.set()
    need(not (mirror.dumps / ROLE).exists(), "half a file was taken")
    mirror.put(ROLE_PATH, body)
    mirror.server.sent = 0
    mirror.asked()
    answer = mirror.update(ROLE)
    equal(outcome(answer)["outcome"], "new", answer.err)
    equal((mirror.dumps / ROLE).read_bytes(), body, "bytes")
    equal(mirror.asked(), [(ROLE_PATH, {"Range": "bytes=%d-" % (len(body) // 3),
                                        "If-Range": '"one"'})], "asked")
    equal(mirror.server.sent, len(body) - len(body) // 3, "bytes sent")
    equal(sorted(each.name for each in mirror.dumps.iterdir() if each.is_file()),
          [".ledger", ".lock", ROLE], "what is left")


def changed_between(mirror):
    """The rest of another file is no rest: it begins anew."""
    body, hold = roles(3000), threading.Event()
    hold.set()
    mirror.put(ROLE_PATH, body[:-1], cut=len(body) // 3)
    mirror.dumps.mkdir()
    (mirror.dumps / (".%s.part" % ROLE)).write_bytes(body[:1000])
    (mirror.dumps / (".%s.mark" % ROLE)).write_text("http://dumps.example%s\n\"zero\"\n" % ROLE_PATH)
    mirror.put(ROLE_PATH, roles(2500, 7), etag='"two"')
    answer = mirror.update(ROLE)
    equal(outcome(answer)["outcome"], "new", answer.err)
    equal((mirror.dumps / ROLE).read_bytes(), roles(2500, 7), "bytes")
    equal(mirror.asked()[0][1].get("If-Range"), '"zero"', "asked")


def bad_sum(mirror):
    old = statistics(3)
    mirror.put(STATISTICS_PATH, old)
    mirror.update(STATISTICS)
    mirror.put(STATISTICS_PATH, statistics(4), etag='"two"')
    mirror.put(STATISTICS_PATH + ".md5", b"0123456789abcdef0123456789abcdef\n")
    refused(mirror, STATISTICS, "its MD5 sum is not the published one", old)


def truncated(mirror):
    old = roles(200)
    mirror.put(ROLE_PATH, old)
    mirror.update(ROLE)
    mirror.put(ROLE_PATH, roles(220)[:-40], etag='"two"')
    refused(mirror, ROLE, "the gzip data are cut off", old)
    damaged = bytearray(roles(220))
    damaged[len(damaged) // 2] ^= 0x55
    mirror.put(ROLE_PATH, bytes(damaged), etag='"three"')
    refused(mirror, ROLE, "the gzip data are damaged", old)


def page(mirror):
    old = statistics(3)
    mirror.put(STATISTICS_PATH, old)
    mirror.update(STATISTICS)
    mirror.put(STATISTICS_PATH, b"\n <!DOCTYPE html>\n<html>Sorry\n", etag='"two"', kind="text/html")
    refused(mirror, STATISTICS, "a page for browsers came instead of the data", old)
    mirror.put(ROLE_PATH, b"no gzip at all")
    refused(mirror, ROLE, "it is no gzip file")
    mirror.put(ROLE_PATH, gzip.compress(b"hello\n"))
    refused(mirror, ROLE, "there is no object in it")
    mirror.put(ROLE_PATH, b"")
    refused(mirror, ROLE, "it is empty")


def smaller(mirror):
    old = roles(400)
    mirror.put(ROLE_PATH, old)
    mirror.update(ROLE)
    mirror.put(ROLE_PATH, roles(100), etag='"two"')
    refused(mirror, ROLE, "it is far smaller than the one before", old)


def summary(mirror):
    mirror.put(STATISTICS_PATH, statistics(3, promised=4))
    refused(mirror, STATISTICS, "its summary says 4 rows and there are 3")


def bomb(mirror):
    """300 MiB of zeros where 256 are allowed, and a header that promises too much."""
    mirror.put("/ripe/dbase/split/ripe.db.irt.gz", gzip.compress(bytes(300 << 20), 1))
    refused(mirror, "ripe.db.irt.gz", "it unpacks to more than the 256 MiB allowed for it")
    mirror.put("/rdap/ipv4.json", b" " * (2 << 20))
    refused(mirror, "rdap/ipv4.json", "it is larger than the 1 MiB allowed for it")


def elsewhere(mirror):
    """Redirects to what is not public are not followed, others are."""
    for target in ("http://inside.example/x", "http://127.0.0.1/x", "file:///etc/passwd",
                   "http://10.0.0.5/x"):
        mirror.put(ROLE_PATH, b"", location=target)
        answer = refused(mirror, ROLE, "")
        need("private or special" in answer.err or "redirect is not followed" in answer.err,
             "%s: %s" % (target, answer.err))
        equal(len(mirror.asked()), 1, "asked of the mirror")
    mirror.put(ROLE_PATH, b"", location="/moved")
    mirror.put("/moved", roles(50))
    equal(outcome(mirror.update(ROLE))["outcome"], "new", "a redirect within the server")
    mirror.put(ROLE_PATH, b"", location=ROLE_PATH, etag='"two"')
    refused(mirror, ROLE, "it redirects more than five times", roles(50))


def down(mirror):
    mirror.put(ROLE_PATH, roles(50))
    mirror.update(ROLE)
    mirror.put(ROLE_PATH, roles(50), etag='"two"')
    del mirror.server.files[ROLE_PATH]
    refused(mirror, ROLE, "the server answered HTTP 404", roles(50))
    mirror.close()
    refused(mirror, ROLE, "Failed to connect to", roles(50))


def one_at_a_time(mirror):
    mirror.dumps.mkdir()
    with open(mirror.dumps / ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = mirror.update(ROLE)
    equal(answer.status, 75, "status")
    need("another 'tipoff registry update' is fetching" in answer.err, answer.err)
    equal(mirror.asked(), [], "asked")


def words(mirror):
    answer = mirror.update("nothing-such")
    equal(answer.status, 78, "status")
    need("--only 'nothing-such': no such dump" in answer.err, answer.err)
    answer = mirror.run("registry", "update", "--offline")
    need("--offline forbids" in answer.err, answer.err)
    answer = mirror.run("registry", "update", "--sources", "--only", "arin")
    need("http://dumps.example/pub/stats/arin/delegated-arin-extended-latest" in answer.out, answer.out)
    equal(mirror.asked(), [], "asked")
    mirror.write("tipoff.conf", "[look-up]\nregistry-mirrors = https://ftp.ripe.net/\n")
    answer = mirror.update(ROLE)
    need("BEGINNING REPLACEMENT is wanted" in answer.err, answer.err)


def to_the_end(mirror):
    """Fetched, built, shown: status says whence and on which terms."""
    mirror.put(ROLE_PATH, roles(20))
    mirror.put(STATISTICS_PATH, statistics(3))
    equal(mirror.update(ROLE, STATISTICS).status, 0, "update")
    equal(mirror.run("registry", "build").status, 0, "build")
    answer = mirror.run("registry", "status", "--json")
    rows = {json.loads(line)["name"]: json.loads(line) for line in answer.out.splitlines()}
    equal(sorted(rows), [STATISTICS, ROLE], "dumps")
    equal(rows[ROLE]["url"], "http://dumps.example" + ROLE_PATH, "url")
    equal(rows[ROLE]["dated_at"], "2026-11-16T03:00:00Z", "date")
    need("no marketing" in rows[ROLE]["terms"], rows[ROLE]["terms"])


def main():
    for test in (fetched, refreshed, refreshed_by_date, refreshed_by_whoisd, due, changed, resumed, killed, changed_between, bad_sum, truncated, page,
                 smaller, summary, bomb, elsewhere, down, one_at_a_time, words, to_the_end):
        mirror = Mirror("update-" + test.__name__)
        check("update/" + test.__name__.replace("_", "-"), test, mirror)
        mirror.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
