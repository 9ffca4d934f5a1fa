#!/usr/bin/python3
"""A line counts once, however often and under whatever name its log is read again."""

import bz2
import gzip
import lzma
import os
import shutil
import subprocess

from stand import Place, check, counts, equal, failures, need, records, truth

LINES = failures(300)
PACKERS = {
    "gzip": (".gz", gzip.compress),
    "bzip2": (".bz2", bz2.compress),
    "xz": (".xz", lzma.compress),
    "zstd": (".zst", lambda data: subprocess.run(
        ["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout),
}


def text(lines):
    return "".join(lines).encode()


def everything(place):
    """All that a run may change: cases with their revisions, incidents, the screens."""
    drafted = place.draft("--json", place.folder / "logs")
    shown = [place.run("show", case["id"]).out for case in records(drafted, "case")]
    return drafted.out, place.run("cases").out, shown


def running_twice_adds_nothing():
    place = Place("twice")
    place.write("logs/auth.log", text(LINES))
    first = place.draft("--json", place.folder / "logs")
    equal(counts(first), truth(LINES), "first run")
    need(records(first, "case"), "no case was made")
    before = everything(place)
    need(any("203.0.113.1" in memo for memo in before[2]), "no memo names the source")
    equal(everything(place), before, "third run")
    revisions = [report["revision"] for case in records(first, "case")
                 for report in case["reports"]]
    equal(set(revisions), {1}, "revisions")
    again = place.draft(place.folder / "logs").out
    need(again.startswith("Read 0 new lines"), again)


def growth_adds_the_new_lines_only():
    place = Place("growth")
    log = place.write("auth.log", b"")
    for end in (1, 2, 40, 41, 299, 300):
        log.write_bytes(text(LINES[:end]))
        equal(place.counts(log), truth(LINES[:end]), "after %d lines" % end)


def half_a_line_waits_for_its_end():
    place = Place("half")
    whole = text(LINES[:20])
    half = text(LINES[20:21])
    with open(place.folder / "auth.log", "ab", buffering=0) as log:
        log.write(whole + half[:-5])
        equal(place.counts(log.name), truth(LINES[:20]), "with half a line")
        log.write(half[-5:])
        equal(place.counts(log.name), truth(LINES[:21]), "with its end")


def rotated(place, rotate):
    """300 lines read, rotated, 60 more in the new file, all names read together."""
    more = failures(60, first=300)
    log = place.write("logs/auth.log", text(LINES))
    equal(place.counts(place.folder / "logs"), truth(LINES), "before")
    rotate(log)
    equal(place.counts(place.folder / "logs"), truth(LINES), "rotated")
    with open(log, "ab") as file:
        file.write(text(more))
    equal(place.counts(place.folder / "logs"), truth(LINES + more), "grown again")
    equal(place.counts(log), truth(LINES + more), "the live one alone")


def by_rename(log):
    log.rename(log.with_name("auth.log.1"))
    log.write_bytes(b"")


def by_copytruncate(log):
    shutil.copyfile(log, log.with_name("auth.log.1"))
    os.truncate(log, 0)


def by_rename_and_pack(log):
    by_rename(log)
    old = log.with_name("auth.log.1")
    log.with_name("auth.log.2.gz").write_bytes(gzip.compress(old.read_bytes()))
    old.unlink()


def rotated_before_the_rest_was_read(rotate):
    """Lines written after the last run and rotated away before the next are found."""
    place = Place("late")
    log = place.write("logs/auth.log", text(LINES[:200]))
    equal(place.counts(log), truth(LINES[:200]), "before")
    log.write_bytes(text(LINES))
    rotate(log)
    with open(log, "ab") as file:
        file.write(text(failures(5, first=300)))
    equal(place.counts(place.folder / "logs"), truth(failures(305)), "after")


def a_packed_copy_adds_nothing(ending, pack):
    place = Place("packed")
    log = place.write("auth.log", text(LINES))
    equal(place.counts(log), truth(LINES), "plain")
    copy = place.write("auth.log.1" + ending, pack(text(LINES)))
    equal(place.counts(copy), truth(LINES), "packed")
    grown = place.write("auth.log.2" + ending, pack(text(failures(310))))
    equal(place.counts(grown), truth(failures(310)), "packed, grown by 10")
    equal(place.counts(log), truth(failures(310)), "the older, shorter plain one")


def packed_first_and_plain_later(ending, pack):
    place = Place("unpacked")
    packed = place.write("auth.log.2" + ending, pack(text(LINES)))
    equal(place.counts(packed), truth(LINES), "packed")
    log = place.write("auth.log", text(LINES))
    equal(place.counts(log), truth(LINES), "plain")


def another_name_adds_nothing():
    place = Place("name")
    log = place.write("auth.log", text(LINES))
    equal(place.counts(log), truth(LINES), "first")
    for name in ("copy", "deep/er/secure", "-odd name", "auth.log~"):
        copy = place.write("copies/" + name, text(LINES))
        equal(place.counts(copy), truth(LINES), name)
    link = place.folder / "link"
    link.symlink_to(log)
    equal(place.counts(log, link, log), truth(LINES), "named three times")


def standard_input_adds_nothing_again():
    place = Place("stdin")
    log = place.write("auth.log", text(LINES))
    equal(place.counts("-", input=text(LINES).decode()), truth(LINES), "piped")
    equal(place.counts("-", input=text(LINES).decode()), truth(LINES), "piped again")
    equal(place.counts(log), truth(LINES), "as a file")
    more = failures(310)
    equal(place.counts("-", input=text(more).decode()), truth(more), "piped, longer")
    equal(place.counts(log), truth(more), "as a file again")


def another_log_with_the_same_head_is_new():
    """The same first 200 lines, which is over 4 KiB, then more other ones than before."""
    place = Place("head")
    other = LINES[:200] + failures(150, sources=7, first=4000)
    log = place.write("auth.log", text(LINES))
    place.counts(log)
    place.write("other.log", text(other))
    equal(place.counts(place.folder / "other.log"), truth(LINES + other), "the other")
    equal(place.counts(log, place.folder / "other.log"), truth(LINES + other), "both")


def a_log_written_anew_is_new():
    """Truncated and filled past the old position with other lines."""
    place = Place("anew")
    log = place.write("auth.log", text(LINES))
    place.counts(log)
    other = failures(400, first=5000)
    log.write_bytes(text(other))
    equal(place.counts(log), truth(LINES + other), "anew")


def folders_and_files_mixed():
    place = Place("mixed")
    place.write("logs/auth.log", text(LINES[200:]))
    place.write("logs/auth.log.1", text(LINES[100:200]))
    place.write("logs/auth.log.2.gz", gzip.compress(text(LINES[:100])))
    place.write("logs/deep/secure", text(failures(30, first=7000)))
    whole = truth(LINES + failures(30, first=7000))
    logs = place.folder / "logs"
    equal(place.counts(logs / "auth.log.1", logs, logs / "deep", logs), whole, "mixed")
    equal(place.counts(logs / "deep/secure", logs / "auth.log"), whole, "again")


def without_its_last_newline():
    """A log that ends without one, old enough to be finished, then copied with one."""
    place = Place("newline")
    log = place.write("auth.log", text(LINES).rstrip(b"\n"))
    os.utime(log, (1763000000, 1763000000))
    equal(place.counts("--quiet", log), truth(LINES), "without")
    copy = place.write("copy.log", text(LINES))
    equal(place.counts(copy), truth(LINES), "with")


def main():
    check("running twice adds nothing", running_twice_adds_nothing)
    check("growth adds the new lines only", growth_adds_the_new_lines_only)
    check("half a line waits for its end", half_a_line_waits_for_its_end)
    for rotate in (by_rename, by_copytruncate, by_rename_and_pack):
        how = rotate.__name__.replace("_", " ")
        check("rotated " + how, lambda: rotated(Place("rotated"), rotate))
        check("rotated %s before the rest was read" % how,
              rotated_before_the_rest_was_read, rotate)
    for name, (ending, pack) in PACKERS.items():
        if name == "zstd" and not shutil.which("zstd"):
            print("skip a copy packed by zstd # zstd is not installed")
            continue
        check("a copy packed by %s adds nothing" % name,
              a_packed_copy_adds_nothing, ending, pack)
        check("packed by %s first and plain later" % name,
              packed_first_and_plain_later, ending, pack)
    for test in (another_name_adds_nothing, standard_input_adds_nothing_again,
                 another_log_with_the_same_head_is_new, a_log_written_anew_is_new,
                 folders_and_files_mixed, without_its_last_newline):
        check(test.__name__.replace("_", " "), test)


main()
