"""What must hold of a list looked up within budgets, at any size."""
import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
import paced  # noqa: E402
from budget_run import Run  # noqa: E402

IN_FLIGHT_MOST = 12  # what data/budgets.txt lets be under way to all of them
failed = []


def check(name, holds, *figures):
    print("# %s: %s" % (name, ", ".join(str(figure) for figure in figures)))
    print(("ok " if holds else "not ok ") + name)
    if not holds:
        failed.append(name)


def check_answers(name, run, status, answers):
    check(name + "/status", status == 0, status)
    check(name + "/order", [answer["query"] for answer in answers] == run.sources,
          "%d answers" % len(answers))
    wrong = [answer["query"] for answer in answers
             if [contact["address"] for contact in answer["contacts"] if contact["chosen"]] !=
             [paced.mail_of(paced.network_of(answer["query"]))]]
    check(name + "/contacts", not wrong, "%d wrong" % len(wrong), wrong[:3])


def check_budgets(name, run):
    """One more than allowed is a question that the one before it was slower than."""
    for host, (most, allowed, seconds) in run.worst().items():
        check("%s/%s" % (name, host), most <= allowed + (seconds < 60),
              "at most %d in %d s, allowed %d" % (most, seconds, allowed))


def asked(run):
    return collections.Counter(paced.network_of(address)
                               for _, _, address in run.rows("asked"))


def whole(networks, sources, factor, time_counts):
    run = Run(networks, sources, factor)
    status, answers, took = run.whole()
    check_answers("whole", run, status, answers)
    counts = asked(run)
    check("whole/one-question-a-network", len(counts) == sum(networks) ==
          sum(counts.values()), "%d sources, %d networks, %d questions" % (
              sources, sum(networks), sum(counts.values())))
    check_budgets("whole", run)
    if time_counts:
        allowed = run.allowed_seconds()
        check("whole/time", took <= 1.2 * allowed, "%.0f s, the budgets alone want %d s: %.2f "
              "of it" % (took, allowed, took / allowed), "%.1f s real" % (took / factor))
    status, answers, _ = run.whole()
    check("again/asks-nothing", sum(asked(run).values()) == sum(networks))
    check_answers("again", run, status, answers)
    run.close()


def killed(networks, sources, factor, after):
    run = Run(networks, sources, factor, seed=2)
    kept, at = run.killed(after)
    before = asked(run)
    sure = {paced.network_of(address) for answered, _, address in run.rows("answered")
            if answered < at - factor}
    check("killed/midway", 0 < sum(before.values()) < sum(networks), "after %d questions" %
          sum(before.values()))
    lost = [of for of in sure if of.network_address.packed not in kept]
    check("killed/what-was-learnt-is-kept", not lost, "%d kept" % len(kept), lost[:3])
    status, answers, _ = run.whole()
    check_answers("restarted", run, status, answers)
    counts = asked(run)
    twice = [of for of, count in counts.items() if count > 1]
    check("restarted/asks-nothing-twice", len(twice) <= IN_FLIGHT_MOST and
          not any(of.network_address.packed in kept for of in twice),
          "%d were under way when it was killed" % len(twice))
    check("restarted/all-are-asked", len(counts) == sum(networks), len(counts))
    check_budgets("restarted", run)
    run.close()


def main(networks, sources, factor, killed_after, time_counts=False):
    whole(networks, sources, factor, time_counts)
    killed(networks, sources, factor, killed_after)
    sys.exit(1 if failed else 0)
