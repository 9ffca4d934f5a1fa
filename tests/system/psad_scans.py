#!/usr/bin/python3
"""Recorded firewall logs of port scans and of what is none: each is what its name says.

Their sources are private, so `detect` makes no incident of them. Two things are read:
- the events of each log as it is: how many, by source (the verdict plays no part);
- the incidents of a copy in which the private and made-up networks are replaced by
  documentation ones: the category that `detect` gives each source, with its count,
  distinct ports and hosts. Nothing is added up by this script.
Sources that are no addresses of a peer (localhost, 0.0.0.0) give no incident at all.
"""

import collections
import os
import pathlib

from stand import TIPOFF, Place, ask, check, equal, need, records

CORPORA = pathlib.Path(os.environ.get("CORPORA", "/nonexistent"))
SCANS = CORPORA / "psad-scans"
NOW = "2016-01-01T00:00:00Z"
PUBLIC = (("192.168.10.", "203.0.113."), ("10.0.0.", "198.51.100."),
          ("2001:0db8:0000:f101:", "2001:0db8:0007:0001:"),
          ("2012:1234:1234:0000:", "2001:0db8:0007:0002:"))
PEER, SIX, OTHER_SIX = "203.0.113.55", "2001:db8:7:1::/64", "2001:db8:7:2::/64"

Said = collections.namedtuple("Said", "events incidents why")
NOTHING = {}


def scan(count, peer=PEER):
    return {peer: ("scan", count)}


def probe(count, peer=PEER):
    return {peer: ("probe", count)}


# name: events of the log as it is; category and count by source; what it is
EXPECTED = {
    "ack_scan_1000_1150": Said(300, scan(300), (
        "lone ACKs to 151 ports; the two packets to a port that people keep connections "
        "to (1080) are left out, as innocent clients send such")),
    "fin_scan_1000_1150": Said(302, scan(302), "FIN without ACK, which no connection has"),
    "fwknop_spa_pkt": Said(0, NOTHING, (
        "one packet of port knocking, on the loopback interface: from this machine itself")),
    "invalid_icmp_type_code": Said(5, scan(5), (
        "echo requests with code 2, which only scanners send")),
    "ipv4_igmp": Said(0, NOTHING, "multicast upkeep of the local network"),
    "ipv4_valid_ping": Said(5, probe(5), "five pings: a knock, to be ignored"),
    "ipv6_invalid_icmp6_type_code": Said(0, NOTHING, (
        "neighbour discovery to a multicast address: it comes from the same wire only")),
    "ipv6_ms_sql_server_sig_match": Said(1, probe(1, SIX), (
        "one packet to the port of MSSQL, with grep's file name in front")),
    "ipv6_ping_scan": Said(0, NOTHING, (
        "neighbour discovery, not pings, whatever the name says: from the same wire only")),
    "ipv6_tcp_connect_nmap_default_scan": Said(1005, {
        SIX: ("scan", 1002)}, (
        "1000 ports; three resets of connections that had ended are answers to nothing")),
    "mirai_default_credentials_scan": Said(11, scan(11), (
        "Telnet at 23 and 2323 of one host, as its bots look for default passwords")),
    "ms_sql_server_sig_match": Said(2, probe(2), "two packets to the port of MSSQL"),
    "null_scan_1000_1150": Said(302, scan(302), "TCP without any flag; one line is ICMP"),
    "proto_scan": Said(470, {PEER: ("scan", 468)}, (
        "empty packets of 234 protocols that nobody speaks; those of protocols that are "
        "spoken (ESP, SCTP, GRE, OSPF and such) tell nothing by themselves")),
    "reputation_scan": Said(7, {
        PEER: ("scan", 2), "100.16.243.115": ("scan", 2),
        "104.131.109.234": ("scan", 1), "107.170.219.23": ("scan", 1),
        "92.53.90.100": ("scan", 1)}, "a few Xmas packets each, of five sources"),
    "syn_scan_1000_1500": Said(1002, scan(1002), "501 ports of one host"),
    "syn_scan_1000_1500_localhost": Said(1002, NOTHING, "localhost is nobody outside"),
    "syn_scan_1000_1500_multi_dst": Said(4008, {PEER: ("sweep", 4008)}, (
        "501 ports of each of four hosts")),
    "syn_scan_1000_1500_zeroip": Said(1002, NOTHING, "0.0.0.0 is nobody"),
    "syn_sweep": Said(12, {PEER: ("sweep", 12)}, "one port of eleven hosts"),
    "syslog_time_fmt1.log": Said(2, {
        "4.4.4.4": ("probe", 1), "5.5.5.5": ("probe", 1)}, (
        "two sources at the FTP port; the other lines are multicast")),
    "topera_ipv6_syn_scan_no_ip_opts": Said(1024, scan(1024, OTHER_SIX), "1024 ports"),
    "topera_ipv6_syn_scan_with_ip_opts": Said(1025, scan(1025, OTHER_SIX), (
        "1025 ports, with extension headers that some filters trip over")),
    "udp_scan_1000_1150": Said(302, scan(302), "151 UDP ports"),
    "xmas_scan_1000_1150": Said(302, scan(302), "FIN, PSH and URG without ACK"),
}


def detect(place, path, *options):
    answer = ask([TIPOFF, "--now", NOW, "--set", "logs.zone=UTC", "--set",
                  "judge.documentation=public", "detect", "--json", *options, path],
                 place.folder)
    need(answer.status in (0, 10), "status %d: %s" % (answer.status, answer.err))
    return answer


def as_said(place, name, said):
    text = (SCANS / name).read_text("utf-8")
    events = records(detect(place, place.write("as-is.log", text), "--events"), "event")
    equal(len(events), said.events, "events")
    need(not any(event["contested"] for event in events), "some are contested")
    for old, new in PUBLIC:
        text = text.replace(old, new)
    incidents = records(detect(place, place.write("public.log", text)), "incident")
    found = collections.defaultdict(list)
    for incident in incidents:
        found[incident["source"]].append((incident["category"], incident["count"]))
    for source, (category, count) in said.incidents.items():
        need((category, count) in found[source], "%s: %s, wanted %s of %d (%s)" % (
            source, found[source], category, count, said.why))
    equal(set(found), set(said.incidents), "sources of incidents")
    print("# %s: %s" % (name, said.why))


def main():
    if not SCANS.is_dir():
        print("skip recorded scans # no recorded logs: set CORPORA")
        return
    place = Place("scans")
    check("every recorded scan has an expectation", equal,
          sorted(path.name for path in SCANS.iterdir()), sorted(EXPECTED), "logs")
    for name, said in EXPECTED.items():
        check(name, as_said, place, name, said)


main()
