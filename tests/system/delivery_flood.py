#!/usr/bin/python3
"""More than a thousand incidents of one network within an hour, by two senders at once and over
restarts: no more mails than the caps say."""

import ipaddress
import os
import subprocess

from delivery_ground import House, NORTHWIND, checks, ok

COUNT = 400
NETWORK = int(ipaddress.ip_address("2001:db8:7::"))
POLICY = "[policy]\ncategories = exploit-attempt\nconfidence = 50\nfollow-ups = yes\n"


def flood(house, begin, hour):
    with open(os.path.join(house.folder, "flood.log"), "a", encoding="ascii") as file:
        for i in range(begin, begin + COUNT):
            second = (i - begin) * 3600 // COUNT
            file.write('%s - - [21/Nov/2026:%02d:%02d:%02d +0000] "GET /view?file='
                       '../../../../etc/passwd HTTP/1.1" 404 153 "-" "curl/8.5.0"\n'
                       % (ipaddress.ip_address(NETWORK + (i << 40) + 7), hour,
                          second // 60, second % 60))


def two_senders(house):
    """Two at once, each of which might be the watch's."""
    argv = house.argv("send", "--unattended", "--set", "judge.documentation=no")
    both = [subprocess.Popen(argv, cwd=house.folder, env=house.env,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL) for _ in range(2)]
    return [process.wait(250) for process in both]


house = House("flood")
policy = os.path.join(house.folder, "policy.conf")
with open(policy, "w", encoding="ascii") as text:
    text.write(POLICY)
os.chmod(policy, 0o600)
house.sets += ["judge.ipv6-prefix=128", "send.policy=" + policy, "send.observation=0"]
codes = []
for step in range(3):
    flood(house, step * COUNT, 2 + step)
    house.now = "2026-11-21T%02d:30:00Z" % (3 + step)
    house.draft("flood.log")
    codes += two_senders(house) + two_senders(house)
mails = [a[-1] for a, _ in house.sink.mails()]
print("# %d incidents, %d mails, exits %s" % (
    house.rows("SELECT COUNT(*) FROM incident")[0][0], len(mails), codes))
ok("a thousand incidents of one network in an hour: one mail to its contact",
   mails == [NORTHWIND], mails)
ok("the rest waits as one case", house.rows(
    "SELECT COUNT(*) FROM kase WHERE contact = ? AND state IN ('open', 'approved')",
    NORTHWIND) == [(1,)])
house.now = "2026-11-22T05:00:00Z"
two_senders(house)
house.draft("flood.log")
two_senders(house)
ok("a day later one more", len(house.sink.mails()) == 2, len(house.sink.mails()))
checks.exit()
