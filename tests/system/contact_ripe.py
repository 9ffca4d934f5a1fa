#!/usr/bin/python3
"""RIPE's rule of the abuse contact (contacts of inetnum, aut-num), asked online: by the
comment that its WHOIS computes, by RDAP, and by the objects where no comment came."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from desk import Desk, chosen, rdap_network  # noqa: E402

ADDRESS, KEY = "203.0.113.7", "203.0.113.0 - 203.0.113.63"
PARENT = "203.0.113.0 - 203.0.113.127"
SEEN = ["rdap rdap.db.ripe.net /ip/" + ADDRESS, "whois whois.ripe.net -r " + ADDRESS]


def comment(key, mail):
    return "%% Information related to '%s'\n\n%% Abuse contact for '%s' is '%s'\n\n" % (key, key,
                                                                                       mail)


def inetnum(key, *lines):
    return "inetnum:        %s\nnetname:        N\n%ssource:         RIPE\n\n" % (
        key, "".join(line + "\n" for line in lines))


def role(handle, mail):
    return "role:           R\nnic-hdl:        %s\nabuse-mailbox:  %s\nsource:         RIPE\n\n" % (
        handle, mail)


ORGANISATION = "organisation:   ORG-N1-RIPE\norg-name:       North\nabuse-c:        OA1-RIPE\n" \
               "source:         RIPE\n\n" + role("OA1-RIPE", "abuse@org.example")
TECHNICAL = role("TC1-RIPE", "abuse@tech.example")
IRT = "irt:            IRT-N\nabuse-mailbox:  abuse@irt.example\nsource:         RIPE\n\n" \
      "mntner:         N-MNT\nabuse-mailbox:  abuse@mntner.example\nsource:         RIPE\n\n"


def entity(mail, handle="ORG-S1-RIPE"):
    return json.dumps({"objectClassName": "entity", "handle": handle,
                       "rdapConformance": ["rdap_level_0"], "entities": [
                           {"objectClassName": "entity", "handle": "SA1-RIPE", "roles": ["abuse"],
                            "vcardArray": ["vcard", [["email", {"type": "abuse"}, "text", mail]]]}]})


def rows(desk, cases):
    """(name, text of WHOIS, address chosen, its scope)"""
    for name, text, want, scope in cases:
        desk.fresh()
        desk.put("whois.ripe.net", "-r " + ADDRESS, text)
        [answer] = desk.contact(ADDRESS)
        desk.check("ripe/" + name, [(c["address"], c["scope"]) for c in answer["contacts"]
                                    if c["chosen"]], [(want, scope)] if want else [])
        desk.check("ripe/%s/queries" % name, desk.asked(), SEEN)


def by_comment(desk):
    rows(desk, (
        ("own-abuse-c", comment(KEY, "abuse@own.example") + inetnum(KEY), "abuse@own.example",
         "network"),
        ("parent's", comment(PARENT, "abuse@parent.example") + inetnum(KEY),
         "abuse@parent.example", "parent"),
        ("none-registered", "%% No abuse contact registered for %s\n\n" % KEY + inetnum(KEY),
         None, None),
        ("irt-and-mntner-never", "%% No abuse contact registered for %s\n\n" % KEY +
         inetnum(KEY, "mnt-irt:        IRT-N", "mnt-by:         N-MNT") + IRT, None, None),
        ("comment-before-remarks", comment(KEY, "abuse@own.example") + inetnum(
            KEY, "remarks:        abuse to abuse@remark.example"), "abuse@own.example", "network")))


def by_objects(desk):
    """As a mirror prints them: the rule is ours to follow."""
    org, tech = "org:            ORG-N1-RIPE", "tech-c:         TC1-RIPE"
    own = "abuse-c:        AC1-RIPE"
    rows(desk, (
        ("objects-own-before-organisation",
         inetnum(KEY, org, own, tech) + ORGANISATION + TECHNICAL + role("AC1-RIPE", "a@own.example"),
         "a@own.example", "network"),
        ("objects-organisation's", inetnum(KEY, org, tech) + ORGANISATION + TECHNICAL,
         "abuse@org.example", "organisation"),
        ("objects-parent's", inetnum(PARENT, own) + inetnum(KEY) + role("AC1-RIPE", "a@up.example"),
         "a@up.example", "parent"),
        ("objects-identical-parent", inetnum(KEY, own) + inetnum(KEY) +
         role("AC1-RIPE", "a@same.example"), "a@same.example", "network"),
        ("stop-at-end-mnt", inetnum(PARENT, own) + inetnum(KEY, "mnt-by:         RIPE-NCC-END-MNT") +
         role("AC1-RIPE", "a@up.example"), None, None),
        ("stop-at-mnt-lower", inetnum(PARENT, own) +
         inetnum(KEY, "mnt-lower:      RIPE-NCC-HM-MNT") + role("AC1-RIPE", "a@up.example"),
         None, None),
        ("stop-at-legacy", inetnum(PARENT, own) +
         inetnum(KEY, "mnt-by:         RIPE-NCC-LEGACY-MNT") + role("AC1-RIPE", "a@up.example"),
         None, None)))


def failed_validation(desk):
    failed = "% Abuse-mailbox validation failed. Please refer to ORG-S1-RIPE for further " \
             "information.\n\n"
    for name, sponsor, want in (("sponsor's", "abuse@sponsor.example", "abuse@sponsor.example"),
                                ("sponsor-unknown", None, "abuse@own.example")):
        desk.fresh()
        desk.put("whois.ripe.net", "-r " + ADDRESS,
                 comment(KEY, "abuse@own.example").rstrip("\n") + "\n" + failed + inetnum(KEY))
        if sponsor:
            desk.put("rdap.db.ripe.net", "entity/ORG-S1-RIPE", entity(sponsor), ".json")
        [answer] = desk.contact(ADDRESS)
        desk.check("ripe/validation-%s" % name, chosen(answer), [want])
        desk.check("ripe/validation-%s-marked" % name,
                   [(c["suspect"], c["confidence"] < 0.6) for c in answer["contacts"]
                    if c["address"] == "abuse@own.example"], [(True, True)])
        desk.check("ripe/validation-%s/queries" % name, desk.asked(),
                   SEEN + ["rdap rdap.db.ripe.net /entity/ORG-S1-RIPE"])


def by_rdap(desk):
    card = ["vcard", [["version", {}, "text", "4.0"],
                      ["email", {}, "text", "office@own.example"],
                      ["email", {"type": "abuse"}, "text", "abuse@own.example"]]]
    network = json.loads(rdap_network("203.0.113.0", "203.0.113.63", "N", []))
    network["entities"] = [{"objectClassName": "entity", "handle": "AC1-RIPE", "roles": ["abuse"],
                            "vcardArray": card}]
    desk.put("rdap.db.ripe.net", "ip/" + ADDRESS, json.dumps(network), ".json")
    [answer] = desk.contact(ADDRESS)
    desk.check("ripe/rdap-type-abuse", chosen(answer), ["abuse@own.example"])
    desk.asked()


def numbers(desk):
    desk.put("whois.ripe.net", "-r AS64500",
             "aut-num:        AS64500\nas-name:        N\norg:            ORG-N1-RIPE\n"
             "tech-c:         TC1-RIPE\nsource:         RIPE\n\n" + ORGANISATION + TECHNICAL)
    [answer] = desk.contact("AS64500")
    desk.check("ripe/number-organisation's", chosen(answer), ["abuse@org.example"])
    desk.check("ripe/number/queries", desk.asked(),
               ["rdap rdap.db.ripe.net /autnum/64500", "whois whois.ripe.net -r AS64500"])


def main():
    desk = Desk()
    for test in (by_comment, by_objects, failed_validation, by_rdap, numbers):
        desk.fresh()
        test(desk)
    desk.close()


main()
