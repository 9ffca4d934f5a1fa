"""What the outcomes come to: which skips are allowed, the details, the count."""

import fnmatch
import os

DETAIL_LINES = 60


class Tally:
    def __init__(self, skips, here):
        self.allowed = list(read_skips(skips))
        self.count_file = os.path.join(here.results, "count")
        self.passed = self.skipped = 0
        self.failed = []

    def add(self, outcomes):
        for outcome in outcomes:
            if outcome.state == "ok":
                self.passed += 1
            elif outcome.state == "skip" and self.may_skip(outcome):
                self.skipped += 1
                print("skip   %s # %s" % (outcome.name, outcome.detail))
            elif outcome.state == "skip":
                outcome.detail = "# skipped, but tests/skips.txt does not list it " \
                    "with this reason: " + outcome.detail
                self.failed.append(outcome)
            else:
                self.failed.append(outcome)

    def may_skip(self, outcome):
        return any(fnmatch.fnmatchcase(outcome.name, name) and reason == outcome.detail
                   for name, reason in self.allowed)

    def end(self):
        for outcome in self.failed:
            print("\nnot ok %s" % outcome.name)
            for line in outcome.detail.splitlines()[-DETAIL_LINES:]:
                print("    " + line)
        if not self.passed and not self.failed:
            print("\nno test ran")
        count = "%d passed, %d failed, %d skipped" % (self.passed, len(self.failed),
                                                      self.skipped)
        with open(self.count_file, "w") as file:
            file.write(count + "\n")
        print("\n" + count, flush=True)
        return 1 if self.failed or not self.passed else 0


def read_skips(path):
    with open(path) as file:
        for line in file:
            name, mark, reason = line.strip().partition(" # ")
            if mark and not name.startswith("#"):
                yield name.strip(), reason.strip()
