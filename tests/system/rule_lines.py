#!/usr/bin/python3
"""What a rule's samples cannot hold: a blank at the end of a line, and lines that only
together tell who did what."""

import json

from stand import NOW, TIPOFF, Place, ask, check, equal, need, records

SOURCE = "203.0.113.77"
PAM = "authentication failure; logname= uid=0 euid=0 tty=%s ruser= rhost=" + SOURCE
SMTPD = "Nov 20 10:00:%02d mx1 smtpd[7]: 0a1b2c3d4e5f607%d smtp "
OLD = "Nov 20 10:00:%02d web1 sshd(pam_unix)[%d]: "

# Title, lines, and the number of each line that is an act, with its rule.
CASES = [
    ("PAM ends its line with a blank",
     ["Nov 20 10:00:01 web1 cockpit-session[7]: pam_unix(cockpit:auth): " + PAM % "" + " ",
      "Nov 20 10:00:02 mx1 auth: pam_unix(dovecot:auth): " + PAM % "dovecot" + " "],
     {1: "cockpit", 2: "dovecot-pam"}),
    ("OpenSMTPD names the peer once",
     [SMTPD % (1, 1) + "connected address=%s host=vps77.example" % SOURCE,
      SMTPD % (2, 2) + "connected address=198.51.100.66 host=mail.example",
      SMTPD % (3, 1) + 'failed-command command="AUTH PLAIN (...)" result="535 Authentication '
                       'failed"',
      SMTPD % (4, 1) + 'failed-command command="AUTH LOGIN (password)" result="535 '
                       'Authentication failed"',
      SMTPD % (5, 2) + 'failed-command command="RCPT TO:<a@b.example>" result="550 Invalid '
                       'recipient"',
      SMTPD % (6, 3) + 'failed-command command="AUTH LOGIN" result="535 Authentication '
                       'failed"'],
     {3: "opensmtpd", 4: "opensmtpd"}),
    ("PAM of old says first that it does not know the user",
     [OLD % (1, 11) + "check pass; user unknown",
      OLD % (2, 11) + PAM % "NODEVssh" + " ",
      OLD % (3, 12) + PAM % "NODEVssh" + "  user=maria",
      OLD % (4, 13) + PAM % "NODEVssh" + "  user=root"],
     {2: "sshd-pam", 4: "sshd-pam"}),
    ("a service's own stamp stands behind that of the journal",
     ["Nov 20 10:00:01 sso1 authelia[7]: time=\"2026-11-20T10:00:01+01:00\" level=error msg="
      "\"Unsuccessful 1FA authentication attempt by user 'maria'\" error=\"user not found\" "
      "method=POST path=/api/firstfactor remote_ip=" + SOURCE,
      "Nov 20 10:00:02 sso1 authelia[7]: {\"level\":\"error\",\"method\":\"POST\",\"msg\":"
      "\"Unsuccessful 1FA authentication attempt by user 'maria'\",\"path\":"
      "\"/api/firstfactor\",\"remote_ip\":\"%s\",\"stack\":\"x\",\"time\":"
      "\"2026-11-20T10:00:02+01:00\"}" % SOURCE,
      "Nov 20 10:00:03 nas1 jellyfin[8]: [10:00:03] [ERR] [42] Jellyfin.Server.Implementations."
      "Users.UserManager: Authentication request for \"maria\" has been denied (IP: \"%s\")."
      % SOURCE],
     {1: "authelia", 2: "authelia", 3: "jellyfin"}),
    ("an access log by way of syslog",
     ['Nov 20 10:00:0%d web1 nginx: %s - - [20/Nov/2026:10:00:0%d +0000] "GET %s HTTP/1.1" '
      '404 9 "-" "-"' % (n, SOURCE, n, path)
      for n, path in enumerate(("/", "/.env", "/a", "/.git/config"), 1)],
     {2: "http-exploit", 4: "http-exploit"}),
]


def acts(lines):
    place = Place("rule-lines")
    place.write("log", "".join(line + "\n" for line in lines))
    answer = ask([TIPOFF, "--now", NOW, "--set", "logs.zone=UTC", "detect", "--events",
                  "--json", place.folder / "log"], place.folder)
    need(answer.status == 0, "status %d: %s" % (answer.status, answer.err))
    found = {}
    for event in records(answer, "event"):
        equal(event["source"], SOURCE, json.dumps(event))
        found[event["line"]] = event["rule"]
    return found


def main():
    for title, lines, want in CASES:
        check(title, equal, acts(lines), want, "acts")


main()
