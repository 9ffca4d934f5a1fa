"""Fake registries and a fake DNS on loopback.

Each serves answers from a folder, by host and query:

    FOLDER/whois.ripe.net/-r%20203.0.113.7.txt          WHOIS and RWhois, CR LF added
    FOLDER/whois.ripe.net/-r%20203.0.113.7.raw          the same, bytes as they are
    FOLDER/rdap.db.ripe.net/ip%2F203.0.113.7.json       RDAP, status 200
    FOLDER/rdap.db.ripe.net/ip%2F203.0.113.8.404.json   RDAP, another status
    FOLDER/rdap.db.ripe.net/ip%2F203.0.113.9.302.txt    RDAP, a redirect to the URL inside
    FOLDER/dns.txt                                      "NAME TYPE VALUE..." rows, the
                                                        values of TXT quoted as in URLs

(names and queries quoted as in URLs). Anything else gets that server's own "not found".
Every query is one line of the log: "whois whois.ripe.net -r 203.0.113.7".
"""
import http.server
import os
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
import urllib.parse

LOOPBACK = "127.0.0.1"

RPSL_NOT_FOUND = ("%% This is the %s Whois query service.\n\n%%ERROR:101: no entries found\n"
                  "%%\n%% No entries found in source %s.\n\n")
NOT_FOUND = {
    "whois.ripe.net": RPSL_NOT_FOUND % ("RIPE Database", "RIPE"),
    "whois.apnic.net": RPSL_NOT_FOUND % ("APNIC", "APNIC"),
    "whois.afrinic.net": RPSL_NOT_FOUND % ("AfriNIC", "AFRINIC"),
    "whois.arin.net": "\n#\n# ARIN WHOIS data and services are subject to the Terms of Use\n"
                      "#\n\nNo match found for {query}.\n",
    "whois.lacnic.net": "% LACNIC resource: whois.lacnic.net\n\n% No match for \"{query}\"\n",
    "whois.iana.org": "% IANA WHOIS server\n% This query returned 0 objects.\n",
    "whois.nic.ad.jp": "[ JPNIC database provides information regarding IP address and ASN. ]\n"
                       "No match!!\n",
    "whois.verisign-grs.com": "No match for domain \"{query}\".\n",
}
OTHER_NOT_FOUND = "No match for \"{query}\".\n"
RDAP_NOT_FOUND = ('{"errorCode":404,"title":"Not Found","description":'
                  '["The server has not found anything matching the request"],'
                  '"rdapConformance":["rdap_level_0"]}')


class Log:
    """What was asked, one line each, in the order of arrival."""

    def __init__(self, path):
        self.path, self.lock = path, threading.Lock()
        open(path, "w", encoding="utf-8").close()

    def add(self, line):
        with self.lock, open(self.path, "a", encoding="utf-8") as log:
            log.write(line.replace("\n", "\\n") + "\n")

    def take(self, kind=""):
        """The lines since the last call, those of one kind ("whois") alone if asked."""
        with self.lock:
            with open(self.path, encoding="utf-8") as log:
                lines = log.read().splitlines()
            open(self.path, "w", encoding="utf-8").close()
        return [line for line in lines if line.startswith(kind)]


def quoted(text):
    return urllib.parse.quote(text, safe="")


def put(folder, host, query, text, suffix=".txt"):
    """One answer into the folder."""
    os.makedirs(os.path.join(folder, host), exist_ok=True)
    path = os.path.join(folder, host, quoted(query) + suffix)
    with open(path, "wb") as answer:
        answer.write(text if isinstance(text, bytes) else text.encode("utf-8"))


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


class Threaded(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # clients that hang up early are part of the tests


class Line(socketserver.StreamRequestHandler):
    """WHOIS (RFC 3912) and RWhois (RFC 2167): one line in, text out."""

    def handle(self):
        server = self.server
        if server.kind == "rwhois":
            self.wfile.write(b"%rwhois V-1.5:003fff:00 rwhois (fake)\r\n")
        query = self.rfile.readline(4096).decode("utf-8", "replace").rstrip("\r\n")
        server.log.add("%s %s %s" % (server.kind, server.host, query))
        misbehave = server.misbehaviour.get(server.host)
        if misbehave:
            misbehave(self.wfile)
        else:
            self.wfile.write(self.answer(query))

    def answer(self, query):
        server = self.server
        path = os.path.join(server.folder, server.host, quoted(query) + ".txt")
        if os.path.exists(path[:-4] + ".raw"):
            with open(path[:-4] + ".raw", "rb") as raw:
                return raw.read()
        if os.path.exists(path):
            with open(path, encoding="utf-8") as text:
                body = text.read()
        elif server.kind == "rwhois":
            body = "%error 230 No objects found\n"
        else:
            body = NOT_FOUND.get(server.host, OTHER_NOT_FOUND).replace("{query}", query)
        if server.kind == "rwhois" and not body.startswith("%error"):
            body += "%ok\n"
        return body.replace("\n", "\r\n").encode("utf-8")


class Rdap(http.server.BaseHTTPRequestHandler):
    """RDAP (RFC 7480) for every host, told by the Host header."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.headers.get("Host", "").split(":")[0]
        self.server.log.add("%s %s %s" % (self.server.kind, host, self.path))
        misbehave = self.server.misbehaviour.get(host)
        if misbehave:
            misbehave(self.wfile)
            self.close_connection = True
            return
        query = urllib.parse.unquote(self.path).lstrip("/")
        stem = os.path.join(self.server.folder, host, quoted(query))
        for status in ("", ".301", ".302", ".303", ".307", ".308", ".403", ".404", ".429",
                       ".500", ".501", ".503"):
            for suffix in (".json", ".html", ".txt"):
                if os.path.exists(stem + status + suffix):
                    self.reply(int(status[1:] or 200), stem + status + suffix)
                    return
        self.send(404, RDAP_NOT_FOUND.encode(), "application/rdap+json")

    def reply(self, status, path):
        with open(path, "rb") as file:
            body = file.read()
        if 301 <= status <= 308:
            self.send(status, b"", "text/plain", body.decode().strip())
        elif path.endswith(".html"):
            self.send(status, body, "text/html")
        else:
            self.send(status, body, "application/rdap+json")

    def send(self, status, body, kind, location=None):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


TYPES = {1: "A", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA"}


class Dns:
    """A, AAAA, PTR, MX and TXT records over UDP; anything unknown does not exist."""

    def __init__(self, folder, log):
        self.folder, self.log, self.silent = folder, log, False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def records(self, name, kind):
        path = os.path.join(self.folder, "dns.txt")
        rows = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                rows = [line.split() for line in file if line.strip()]
        return ([value for row in rows if row[0].lower() == name and row[1] == kind
                 for value in row[2:]], any(row[0].lower() == name for row in rows))

    def run(self):
        while True:
            try:
                query, client = self.socket.recvfrom(4096)
                answer = self.answer(query)
            except OSError:
                return
            if answer:
                self.socket.sendto(answer, client)

    def answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace"))
            at += 1 + query[at]
        kind = TYPES.get(struct.unpack("!H", query[at + 1:at + 3])[0], "?")
        name = ".".join(labels).lower()
        self.log.add("dns %s %s" % (kind, name))
        if self.silent:
            return None
        values, exists = self.records(name, kind)
        flags = 0x8180 if exists else 0x8183
        packet = query[:2] + struct.pack("!HHHHH", flags, 1, len(values), 0, 0)
        packet += query[12:at + 5]
        for value in values:
            packet += struct.pack("!HHHIH", 0xC00C, {v: k for k, v in TYPES.items()}[kind],
                                  1, 300, len(encoded(value, kind))) + encoded(value, kind)
        return packet


def encoded(value, kind):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == "TXT":
        text = urllib.parse.unquote(value).encode()
        return b"".join(bytes([len(text[at:at + 255])]) + text[at:at + 255]
                        for at in range(0, len(text), 255))
    if kind == "MX":
        return b"\0\x0a" + (encoded(value, "PTR") if value != "." else b"\0")
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in value.rstrip(".").split(".")) + b"\0"


def make_authority(folder, hosts):
    """A CA and one certificate for all hosts; the paths of CA, certificate and key."""
    ca, ca_key, cert, key, request = (os.path.join(folder, name) for name in (
        "ca.pem", "ca.key", "cert.pem", "cert.key", "cert.csr"))
    extensions = os.path.join(folder, "cert.ext")
    with open(extensions, "w", encoding="ascii") as file:
        file.write("subjectAltName=" + ",".join("DNS:" + host for host in hosts) + "\n")
    run = lambda *args: subprocess.run(("openssl",) + args, check=True, capture_output=True)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    run("req", "-x509", *new, "-days", "2", "-subj", "/CN=test authority",
        "-keyout", ca_key, "-out", ca)
    run("req", *new, "-subj", "/CN=fake registries", "-keyout", key, "-out", request)
    run("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial",
        "-days", "2", "-extfile", extensions, "-out", cert)
    return ca, cert, key


# --- misbehaviours: each gets the stream to the client ---------------------------------
def silent(stream):
    time.sleep(30)


def endless(stream):
    line = b"remarks: " + b"x" * 70 + b"\r\n"
    while True:
        stream.write(line * 500)


def drip(stream):
    for byte in b"% a very slow server\r\n" * 50:
        stream.write(bytes([byte]))
        stream.flush()
        time.sleep(0.2)


class Registries:
    """All of them, until close(); `connect_to` and `dns` are for the configuration."""

    def __init__(self, folder, log_path, certificates=None):
        self.folder, self.log = folder, Log(log_path)
        self.misbehaviour, self.connect_to, self.servers = {}, [], []
        self.dns = Dns(folder, self.log)
        self.tls = self.http("rdap", certificates) if certificates else None
        self.plain = self.http("http", None)

    def http(self, kind, certificates, at=(LOOPBACK, 0)):
        server = self.start(Rdap, kind, "", at)
        if certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificates)
            # the handshake in the handler's thread, not in the one that accepts
            server.socket = context.wrap_socket(server.socket, server_side=True,
                                                do_handshake_on_connect=False)
        return server

    def start(self, handler, kind, host, at=(LOOPBACK, 0)):
        server = Threaded(at, handler)
        server.kind, server.host, server.folder = kind, host, self.folder
        server.log, server.misbehaviour = self.log, self.misbehaviour
        self.servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    def route(self, host, port, to):
        self.connect_to.append("%s:%d:%s:%d" % (host, port, LOOPBACK, to))

    def whois(self, *hosts):
        for host in hosts:
            self.route(host, 43, self.start(Line, "whois", host).server_address[1])

    def rwhois(self, host):
        self.route(host, 4321, self.start(Line, "rwhois", host).server_address[1])

    def rdap(self, *hosts):
        for host in hosts:
            self.route(host, 443, self.tls.server_address[1])

    def rdap_plain(self, host):
        self.route(host, 80, self.plain.server_address[1])

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
        self.dns.socket.close()
