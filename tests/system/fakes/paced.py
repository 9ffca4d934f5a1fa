"""RDAP servers of many registries that count when each question arrived: one process, one
port, told apart by the Host header. 2001:db8:SNNN::/48 is network NNN of server S (hex).

As a program: paced.py LOG FACTOR ORIGIN LATENCY. It prints its port, and writes a line
"asked TIME HOST ADDRESS" when a question is there and "answered TIME HOST ADDRESS" when its
answer has left, by a clock that runs FACTOR times as fast since ORIGIN. When a question was
there the kernel says (TCP_INFO), so that this process may be late without being wrong.
"""
import asyncio
import ipaddress
import json
import socket
import struct
import sys
import time

LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv in struct tcp_info, milliseconds ago
SERVERS = (  # host, questions, seconds: as data/budgets.txt has them
    ("rdap.lacnic.net", 10, 60),
    ("rdap.arin.net", 1, 1),
    ("rdap.apnic.net", 1, 1),
    ("jpnic.rdap.apnic.net", 1, 2),
    ("rdap.db.ripe.net", 1000, 86400),
    ("rdap.afrinic.net", 5000, 86400),
)


def block(server):
    return "2001:db8:%x000::/36" % server


def network(server, number):
    return ipaddress.ip_network("2001:db8:%x%03x::/48" % (server, number))


def network_of(address):
    return ipaddress.ip_network((int(ipaddress.ip_address(address)) >> 80 << 80, 48))


def mail_of(of):
    return "abuse@n%s.example" % str(of.network_address).strip(":").replace(":", "-")


class Servers:
    def __init__(self, path, factor, origin, latency):
        self.log = open(path, "a", encoding="ascii", buffering=1)
        self.factor, self.origin, self.latency = factor, origin, latency

    def note(self, what, at, host, address):
        self.log.write("%s %.4f %s %s\n" % (
            what, self.origin + (at - self.origin) * self.factor, host, address))

    async def serve(self, reader, writer):
        connection = writer.get_extra_info("socket")
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
                ago = struct.unpack_from("I", connection.getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_INFO, 104), LAST_DATA_RECEIVED)[0]
                arrived = time.time() - ago / 1000
                host = request.split("Host: ")[1].split("\r\n")[0].split(":")[0]
                address = request.split(" ")[1].rsplit("/", 1)[1]
                self.note("asked", arrived, host, address)
                await asyncio.sleep(self.latency)
                writer.write(self.answer(address))
                await writer.drain()
                self.note("answered", time.time(), host, address)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, address):
        of = network_of(address)
        body = json.dumps({
            "objectClassName": "ip network", "rdapConformance": ["rdap_level_0"],
            "handle": str(of), "startAddress": str(of[0]), "endAddress": str(of[-1]),
            "ipVersion": "v6", "name": "NET", "country": "NL", "entities": [{
                "objectClassName": "entity", "handle": "AB-TEST", "roles": ["abuse"],
                "vcardArray": ["vcard", [["version", {}, "text", "4.0"],
                                         ["email", {}, "text", mail_of(of)]]]}]}).encode()
        return (b"HTTP/1.1 200 OK\r\nContent-Type: application/rdap+json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)) + body


async def main(path, factor, origin, latency):
    servers = Servers(path, float(factor), float(origin), float(latency))
    server = await asyncio.start_server(servers.serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
