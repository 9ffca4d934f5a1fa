#!/usr/bin/python3
"""One question for a whole range: in a batch, and from the store the next time."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import registries  # noqa: E402
from desk import Desk, chosen, problem, rdap_network  # noqa: E402


def ripe(last):
    return "rdap rdap.db.ripe.net /ip/203.0.113.%d" % last


def two_networks(desk):
    for last in range(64):
        desk.put("rdap.db.ripe.net", "ip/203.0.113.%d" % last, rdap_network(
            "203.0.113.0", "203.0.113.31", "LOW", ["abuse@low.example"]) if last < 32 else
            rdap_network("203.0.113.32", "203.0.113.63", "HIGH", ["abuse@high.example"]), ".json")


def batch(desk):
    two_networks(desk)
    queries = ["203.0.113.%d" % (last * 3) for last in range(20)]
    answers = desk.contact(*queries)
    desk.check("batch/contacts", [chosen(answer) for answer in answers],
               [["abuse@low.example"]] * 11 + [["abuse@high.example"]] * 9)
    desk.check("batch/order", [answer["query"] for answer in answers], queries)
    desk.check("batch/two-queries", desk.asked(), [ripe(0), ripe(33)])
    desk.check("batch/equal-questions", [chosen(answer) for answer in
                                         desk.contact(*["203.0.113.5"] * 5)],
               [["abuse@low.example"]] * 5)
    desk.check("batch/equal-questions-from-the-store", desk.asked(), [])


def from_stdin(desk):
    two_networks(desk)
    answers = desk.contact(stdin="203.0.113.1\n# a comment\n\n203.0.113.2\n")
    desk.check("stdin/answers", [answer["query"] for answer in answers],
               ["203.0.113.1", "203.0.113.2"])
    desk.check("stdin/one-query", desk.asked(), [ripe(1)])


def kept(desk):
    two_networks(desk)
    desk.contact("203.0.113.7")
    desk.check("kept/first-asks", desk.asked(), [ripe(7)])
    [answer] = desk.contact("203.0.113.8", now="2026-11-24T06:00:00Z")
    desk.check("kept/neighbour-asks-nothing", desk.asked(), [])
    desk.check("kept/contact", chosen(answer), ["abuse@low.example"])
    desk.check("kept/age-is-shown", (answer["contacts"][0]["checked_at"],
                                     answer["network"]["looked_up_at"], answer["servers"]),
               ("2026-11-21T06:00:00Z", "2026-11-21T06:00:00Z", ["kept answer"]))
    desk.contact("203.0.113.40", now="2026-11-24T06:00:00Z")
    desk.check("kept/other-range-asks", desk.asked(), [ripe(40)])
    desk.contact("203.0.113.9", now="2026-11-29T06:00:00Z")
    desk.check("kept/a-week-later-asks", desk.asked(), [ripe(9)])
    [answer] = desk.contact("203.0.113.10", registries="no", now="2026-11-29T07:00:00Z")
    desk.check("kept/serves-without-consent", (chosen(answer), desk.asked()),
               (["abuse@low.example"], []))


def stale(desk):
    two_networks(desk)
    desk.contact("203.0.113.7")
    desk.asked()
    for host in ("rdap.db.ripe.net", "whois.ripe.net"):
        desk.fakes.misbehaviour[host] = registries.silent
    [answer] = desk.contact("203.0.113.8", now="2026-12-21T06:00:00Z", deadline="1 s")
    desk.check("stale/contact", chosen(answer), ["abuse@low.example"])
    desk.check("stale/said", problem(answer, "this is its answer of 2026-11-21"), True)
    desk.check("stale/queries", desk.asked(), [ripe(8)])


def budgets_alone(desk):
    """Budgets that others cannot see are said to be so."""
    two_networks(desk)
    desk.contact("203.0.113.7")
    os.unlink(desk.store + "-seats")
    os.mkdir(desk.store + "-seats")
    [answer] = desk.contact("203.0.113.40")
    os.rmdir(desk.store + "-seats")
    desk.check("alone/contact", chosen(answer), ["abuse@high.example"])
    desk.check("alone/said", problem(answer, "is not shared with other tipoffs: "), True)
    [answer] = desk.contact("203.0.113.7")
    desk.check("alone/not-said-otherwise", problem(answer, "is not shared"), False)


def nobody_is_kept_an_hour(desk):
    desk.put("rdap.db.ripe.net", "ip/203.0.113.7",
             rdap_network("203.0.113.0", "203.0.113.31", "LOW", []), ".json")
    whois = "whois whois.ripe.net -r 203.0.113.%d"
    desk.contact("203.0.113.7")
    desk.check("nobody/asks", desk.asked(), [ripe(7), whois % 7])
    desk.contact("203.0.113.8", now="2026-11-21T06:30:00Z")
    desk.check("nobody/half-an-hour-later", desk.asked(), [])
    desk.contact("203.0.113.8", now="2026-11-21T07:30:00Z")
    desk.check("nobody/later", desk.asked(), [ripe(8), whois % 8])


def read_only_store(desk):
    """An answer that cannot be kept is still an answer."""
    two_networks(desk)
    desk.contact("203.0.113.40")
    desk.asked()
    os.chmod(desk.store, 0o444)
    done = desk.run("contact", "203.0.113.7")
    os.chmod(desk.store, 0o600)
    if os.geteuid() == 0:
        desk.check("read-only/as-root-it-is-writable", done.returncode, 0)
    else:
        desk.check("read-only/one-sentence-or-an-answer",
                   done.returncode == 0 or len(done.stderr.splitlines()) == 1, True)
    desk.asked()


def main():
    desk = Desk()
    for test in (batch, from_stdin, kept, stale, budgets_alone, nobody_is_kept_an_hour,
                 read_only_store):
        desk.fresh()
        test(desk)
    desk.close()


main()
