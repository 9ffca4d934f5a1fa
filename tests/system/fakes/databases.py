"""Public databases on loopback, which enforce what the real ones document: AbuseIPDB's
report and bulk report (docs.abuseipdb.com, www.abuseipdb.com/bulk-report), blocklist.de's
HTTP reports (www.blocklist.de/en/httpreports.html?help), and a parser of DShield's mails
(isc.sans.edu/specs)."""

import csv
import email
import email.policy
import http.server
import io
import ipaddress
import json
import re
import ssl
import threading
import urllib.parse

from fakes.registries import make_authority

ABUSEIPDB, BLOCKLIST = "api.abuseipdb.com", "www.blocklist.de"
KEY, BLOCKLIST_KEY, SERVER = "abuse-key-80f3", "list-key-77a1", "fail2ban@harbour-books.corp"
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
SERVICES = ("ssh", "ftp", "imap", "pop3", "mail", "sip", "apache")


def row_problem(ip, categories, date, comment):
    """-> what AbuseIPDB has against a report; None: nothing"""
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        return "The ip address must be a valid IPv4 or IPv6 address (e.g. 8.8.8.8)."
    if not re.fullmatch(r"\d+(,\d+)*", categories) or \
            not all(1 <= int(n) <= 23 for n in categories.split(",")):
        return "The categories are invalid."
    if not ISO.fullmatch(date):
        return "The timestamp has no time zone."
    if len(comment.encode()) > 1024:
        return "The comment is longer than 1024 bytes."
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        house = self.server.house
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) != length:
            return  # a body that did not end is none
        house.requests.append((self.headers["Host"], self.path, dict(self.headers), body))
        if house.plan:
            status, headers, text = house.plan.pop(0)
            if status is None:
                self.close_connection = True
                return
        elif self.headers["Host"] == ABUSEIPDB:
            status, headers, text = house.abuseipdb(self.path, self.headers, body)
        else:
            status, headers, text = house.blocklist(self.path, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # clients that are killed


def error(status, detail, **headers):
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, \
        json.dumps({"errors": [{"detail": detail, "status": status}]}).encode()


class Databases:
    """All of them, until close(); `sets` is for the configuration."""

    def __init__(self, folder):
        self.requests, self.plan, self.told, self.kept = [], [], {}, []
        self.now, self.day = 0.0, 0
        ca, certificate, key = make_authority(folder, (ABUSEIPDB, BLOCKLIST))
        self.server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.server.house = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,),
                         daemon=True).start()
        port = self.server.server_address[1]
        self.sets = ["look-up.ca-file=" + ca, "look-up.connect-to=" + " ".join(
            "%s:443:127.0.0.1:%d" % (host, port) for host in (ABUSEIPDB, BLOCKLIST))]

    def forget(self):
        """As if nothing had been told yet, and a long time had passed."""
        self.requests.clear()
        self.kept.clear()
        self.told.clear()
        self.plan.clear()
        self.day = 0

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answers(self, status, body=b"", **headers):
        """What the next request gets, whatever it is; status None: nothing."""
        self.plan.append((status, {k.replace("_", "-"): v for k, v in headers.items()},
                          body))

    # ---- AbuseIPDB ----

    def abuseipdb(self, path, headers, body):
        if headers["Key"] != KEY:
            return error(401, "Authentication failed. Your API key is either missing, "
                         "incorrect, or revoked.")
        if headers["Accept"] != "application/json":
            return error(406, "Accept: application/json")
        if self.day >= 1000:
            return error(429, "Daily rate limit of 1000 requests exceeded for this "
                         "endpoint.", Retry_After="3600")
        self.day += 1
        if path == "/api/v2/report":
            return self.report(headers, body)
        if path == "/api/v2/bulk-report":
            return self.bulk(headers, body)
        return error(404, "no such endpoint")

    def take(self, ip, categories, date, comment):
        """-> a problem, or None and it is kept"""
        problem = row_problem(ip, categories, date, comment)
        if not problem and self.now - self.told.get(ip, -1e9) < 900:
            problem = "You can only report the same IP address (`%s`) once in 15 " \
                "minutes." % ip
        if not problem:
            self.told[ip] = self.now
            self.kept.append((ip, categories, date, comment))
        return problem

    def report(self, headers, body):
        if headers["Content-Type"] != "application/x-www-form-urlencoded":
            return error(422, "no form")
        form = urllib.parse.parse_qs(body.decode("ascii"), strict_parsing=True)
        if not {"ip", "categories"} <= set(form) or any(len(v) > 1 for v in form.values()):
            return error(422, "The ip field is required.")
        got = {name: value[0] for name, value in form.items()}
        problem = self.take(got["ip"], got["categories"], got["timestamp"],
                            got["comment"])
        if problem:
            return error(403 if "15 minutes" in problem else 422, problem)
        return 200, {}, json.dumps({"data": {"ipAddress": got["ip"],
                                             "abuseConfidenceScore": 52}}).encode()

    def bulk(self, headers, body):
        message = email.message_from_bytes(
            b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body,
            policy=email.policy.HTTP)
        parts = list(message.iter_parts())
        if len(parts) != 1 or parts[0].get_param("name", header="content-disposition") != \
                "csv":
            return error(422, "The csv field is required.")
        text = parts[0].get_content()
        text = text if isinstance(text, str) else text.decode()
        if len(text) > 2 * 1000 * 1000 or text.count("\n") > 10000 or \
                not text.startswith("IP,Categories,ReportDate,Comment\n"):
            return error(422, "The csv is none.")
        saved, invalid = 0, []
        rows = csv.reader(io.StringIO(text), escapechar="\\", doublequote=False, strict=True)
        for number, row in enumerate(list(rows)[1:], 2):
            problem = "columns" if len(row) != 4 else self.take(*row)
            saved += not problem
            if problem:
                invalid.append({"error": problem, "input": row[0], "rowNumber": number})
        return 200, {}, json.dumps({"data": {"savedReports": saved,
                                             "invalidReports": invalid}}).encode()

    # ---- blocklist.de ----

    def blocklist(self, path, body):
        form = urllib.parse.parse_qs(body.decode("ascii"), strict_parsing=True)
        got = {name: value[0] for name, value in form.items()}
        problems = [name for name in ("server", "apikey", "service", "ip", "logs")
                    if not got.get(name)]
        if path != "/en/httpreports.html" or got.get("format") != "json":
            return 404, {}, b"not here"
        if got.get("apikey") != BLOCKLIST_KEY or got.get("server") != SERVER:
            problems.append("apikey: Please API key with the server about giving.")
        if got.get("service") not in SERVICES:
            problems.append("service: unknown")
        if problems:
            return 200, {}, json.dumps({"status": "error", "error": problems}).encode()
        self.kept.append((got["ip"], got["service"], "", got["logs"]))
        return 200, {}, json.dumps({"status": "success", "error": 0}).encode()


DSHIELD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\t\d+\t\d+\t[0-9a-f.:]+\t"
                     r"(\d+|\?\?\?)\t[0-9.]+\t(\d+|\?\?\?)\t(tcp|udp|icmp|\d+)\t[A-Z0-9]*")


def dshield_rows(message, account):
    """The rows of a mail of DShield's format; ValueError says what is wrong with it."""
    mail = email.message_from_bytes(message, policy=email.policy.default)
    if not re.fullmatch(r"FORMAT DSHIELD USERID \d+ TZ [+-]\d\d:\d\d \S+ \S+",
                        mail["Subject"]):
        raise ValueError("subject: %s" % mail["Subject"])
    if mail["From"].addresses[0].addr_spec != account:
        raise ValueError("from: %s" % mail["From"])
    if mail.get_content_type() != "text/plain" or \
            mail["Content-Transfer-Encoding"] not in (None, "7bit"):
        raise ValueError("no plain text: %s" % mail["Content-Transfer-Encoding"])
    rows = mail.get_content().rstrip("\n").split("\n")
    for row in rows:
        if not DSHIELD.fullmatch(row.rstrip("\r")):
            raise ValueError("row: %r" % row)
    return [row.rstrip("\r").split("\t") for row in rows]
