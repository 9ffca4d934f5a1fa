#!/usr/bin/python3
"""S31 and S32: an index that is damaged is refused in one sentence, and the registries are
asked instead; a dump that is damaged costs its own objects and nothing else."""
import gzip
import hashlib
import os
import shutil
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fakes"))
from cases import Cases, of_ripe, ripe  # noqa: E402

NETS = """role:           Desk
abuse-mailbox:  offline@river.example
nic-hdl:        AR1-RIPE
source:         RIPE

inetnum:        203.0.113.0 - 203.0.113.63
netname:        RIVER-NET
abuse-c:        AR1-RIPE
source:         RIPE

inetnum:        203.0.113.16 - 203.0.113.31
netname:        CUSTOMER
source:         RIPE

inet6num:       2001:db8::/33
netname:        RIVER-SIX
source:         RIPE
"""
STATISTICS = ("2|ripencc|20261120|1|19830705|20261119|+0100\nripencc|*|ipv4|*|%d|summary\n"
              "ripencc|NL|ipv4|203.0.113.0|64|20110811|assigned|id1\n")
ONLINE = "abuse@northwind.example"
ADDRESS = "203.0.113.7"
NOW = "2026-11-21T06:00:00Z"
# As src/registry/index_format.h has it.
HEADER_HEAD, SECTION, DIGEST = 32, 48, 32
PARTS = ("blocks", "bounds", "segments", "table")
LAYERS = (False, True, False, True, False, True, False)  # which are wide
ROWS = [32, 1, 1] + [bytes_ for wide in LAYERS
                     for bytes_ in (24, 32 if wide else 8, 24 if wide else 8, 4)]
STRINGS, OBJECTS4 = 1, 3


class File:
    """The bytes of an index."""

    def __init__(self, data):
        self.data = bytearray(data)

    def section(self, number):
        return struct.unpack_from("<QQ", self.data, HEADER_HEAD + number * SECTION)

    def put(self, at, code, *values):
        struct.pack_into("<" + code, self.data, at, *values)
        return self

    def put_section(self, number, offset, count):
        return self.put(HEADER_HEAD + number * SECTION, "QQ", offset, count)

    def row(self, number, index=0):
        return self.section(number)[0] + index * ROWS[number]

    def seal(self):
        """Right checksums, so that only what stands below them is wrong."""
        for number, size in enumerate(ROWS):
            offset, count = self.section(number)
            if offset + count * size <= len(self.data):
                digest = hashlib.sha256(self.data[offset:offset + count * size]).digest()
                at = HEADER_HEAD + number * SECTION + 16
                self.data[at:at + DIGEST] = digest
        end = HEADER_HEAD + len(ROWS) * SECTION
        self.data[end:end + DIGEST] = hashlib.sha256(self.data[:end]).digest()
        return bytes(self.data)

    def flip(self, at):
        self.data[at] ^= 0x10
        return bytes(self.data)


def damages(whole):
    """(name, bytes, what is said of them)"""
    end = HEADER_HEAD + len(ROWS) * SECTION + DIGEST
    yield "empty", b"", "not a registry index"
    for length in (1, 9, end - 1):
        yield ("cut-at-%d" % length, whole[:length],
               "cut off" if length > 8 else "not a registry index")
    yield "cut-by-one", whole[:-1], "cut off"
    yield "longer", whole + b"\0", "longer than it was made"
    yield "magic", File(whole).flip(0), "not a registry index"
    yield "version", File(whole).put(8, "I", 99).seal(), "another version of tipoff"
    yield "byte-order", File(whole).put(12, "I", 0x04030201).seal(), "another byte order"
    yield "header-sum", File(whole).flip(17), "damaged (header)"
    for number in range(len(ROWS)):
        if File(whole).section(number)[1]:
            yield ("flipped-in-section-%d" % number, File(whole).flip(File(whole).row(number)),
                   "wrong checksum")
    for number in range(0, len(ROWS), 3):
        yield ("offset-of-section-%d" % number,
               File(whole).put_section(number, 2**64 - 8, 1).seal(), "outside the file")
        yield ("length-of-section-%d" % number, File(whole).put_section(
            number, File(whole).section(number)[0], 2**62).seal(), "outside the file")
    file = File(whole)
    yield ("unsorted", file.put(file.row(OBJECTS4 + 2, 1), "I", 2**32 - 1).seal(),
           "segments of IPv4 objects: not in order")
    file = File(whole)
    yield ("table-leads-outside", file.put(file.row(OBJECTS4 + 3, 2), "I", 4000000).seal(),
           "table of IPv4 objects: not in order")
    file = File(whole)
    yield "block-above-itself", file.put(file.row(OBJECTS4), "I", 1).seal(), "parents that are none"
    file = File(whole)
    yield ("giant-text", file.put(file.row(STRINGS) + 2, "H", 0xffff).seal(),
           "texts: longer than there is room")


def built(desk, name, dumps):
    """An index of dumps, {name: bytes, or who writes them}."""
    folder = os.path.join(desk.folder, "dumps-" + name)
    os.makedirs(folder)
    for file, data in dumps.items():
        path = os.path.join(folder, file)
        if callable(data):
            data(path)
        else:
            with open(path, "wb") as dump:
                dump.write(data)
        os.utime(path, (1795000000, 1795000000))
    index = os.path.join(desk.folder, name + ".index")
    before = time.monotonic()
    done = desk.run("registry", "build", "--folder", folder, "--index", index)
    return index, done, time.monotonic() - before


def refused(desk, name, index, words):
    desk.store = os.path.join(desk.folder, "s31-%s.db" % name)
    answer = desk.case("S31/" + name, ADDRESS, [ONLINE], of_ripe(ADDRESS), index=index)
    desk.check("S31/%s/not-the-index" % name, "index" in answer["servers"], False)
    done = desk.run("contact", ADDRESS, index=index)
    said = done.stderr.splitlines()
    desk.check("S31/%s/one-sentence" % name, (done.returncode, len(said), [
        part for part in (words, "registry index '%s'" % index, "; going on without it")
        if part not in done.stderr]), (0, 1, []))
    if len(said) != 1 or words not in done.stderr:
        print("# " + done.stderr)
    desk.check("S31/%s/kept-answer" % name, desk.asked(), [])


def s31_index(desk):
    index, done, _ = built(desk, "whole", {"ripe.db": NETS.encode()})
    desk.check("S31/built", done.returncode, 0)
    desk.put("whois.ripe.net", "-r " + ADDRESS, ripe())
    answer = desk.case("S31/whole", ADDRESS, ["offline@river.example"], [], index=index)
    desk.check("S31/whole/by-the-index", answer["servers"], ["index"])
    with open(index, "rb") as file:
        whole = file.read()
    for name, data, words in damages(whole):
        path = os.path.join(desk.folder, name + ".index")
        with open(path, "wb") as file:
            file.write(data)
        refused(desk, name, path, words)


def s31_no_file(desk):
    """What is no file at all in its place."""
    desk.put("whois.ripe.net", "-r " + ADDRESS, ripe())
    path = os.path.join(desk.folder, "folder.index")
    os.mkdir(path)
    refused(desk, "folder", path, "")
    path = os.path.join(desk.folder, "pipe.index")
    os.mkfifo(path)
    refused(desk, "pipe", path, "not a registry index")


def s31_replaced(desk):
    """Another file under the name of one that was looked through is looked through."""
    desk.put("whois.ripe.net", "-r " + ADDRESS, ripe())
    index, _, _ = built(desk, "replaced", {"ripe.db": NETS.encode()})
    desk.case("S31/before", ADDRESS, ["offline@river.example"], [], index=index)
    with open(index, "rb") as file:
        data = File(file.read())
    with open(index + ".new", "wb") as file:
        file.write(data.flip(data.row(STRINGS) + 5))
    shutil.copystat(index, index + ".new")
    os.rename(index + ".new", index)
    refused(desk, "replaced", index, "texts: wrong checksum")


def write_bomb(path):
    with gzip.open(path, "wb", 9) as file:
        for _ in range(400):
            file.write(b"remarks: x\n" * (1 << 17))


def write_huge_object(path):
    with open(path, "wb") as file:
        file.write(b"inetnum: 198.51.100.0 - 198.51.100.63\n")
        for _ in range(100):
            file.write((b"remarks:        " + b"x" * 4000 + b"\n") * 261)


def s32_dumps(desk):
    """Each beside a whole one; the objects that make sense still answer. The large ones are
    written piece by piece: what a fork has of ours would count as the program's."""
    good = NETS.encode()
    packed = gzip.compress(good)
    rows = (
        ("bomb", "apnic.db.inetnum.gz", write_bomb, "unpacks"),
        ("cut", "apnic.db.inetnum.gz", packed[:len(packed) // 2], "cut off"),
        ("flipped", "apnic.db.inetnum.gz", packed[:60] + b"\xff\xff" + packed[62:], "damaged"),
        ("page", "apnic.db.inetnum.gz", b"<html>busy</html>", "there is no object in it"),
        ("binary", "apnic.db.inetnum.gz", bytes(range(256)) * 40, "it holds no text"),
        ("huge-object", "apnic.db.inetnum", write_huge_object, None),
        ("no-source", "apnic.db.inetnum", good.replace(b"source:         RIPE\n", b""), None),
        ("summary", "delegated-ripencc-extended-latest", (STATISTICS % 7).encode(), "summary"),
        ("backwards", "apnic.db.inetnum",
         b"inetnum: 203.0.113.63 - 203.0.113.0\nnetname: BACK\nabuse-mailbox: b@b.example\n", None),
        ("odd", "apnic.db.inetnum", b"inetnum: 203.0.113.a\n\ninetnum: \n\ninetnum\n\n:\n\n\0\n", None),
    )
    desk.put("whois.ripe.net", "-r 203.0.113.100",
             ripe(key="203.0.113.64 - 203.0.113.127"))
    for name, file, data, words in rows:
        index, done, took = built(desk, "s32-" + name, {"ripe.db": good, file: data})
        desk.check("S32/%s/built" % name, (done.returncode, took < 60), (0, True))
        print("# " + done.stderr.strip().replace("\n", "\n# "))
        desk.check("S32/%s/said" % name, words is None or (
            words in done.stderr and file in done.stderr), True)
        desk.store = os.path.join(desk.folder, "s32-%s.db" % name)
        desk.case("S32/" + name, ADDRESS, ["offline@river.example"], [], index=index)
        desk.case("S32/%s/the-rest-online" % name, "203.0.113.100", [ONLINE],
                  of_ripe("203.0.113.100"), index=index)


def s32_nothing(desk):
    """Of nothing but broken dumps no index is made: the one that stands stays."""
    index, _, _ = built(desk, "something", {"ripe.db": NETS.encode()})
    with open(index, "rb") as file:
        whole = file.read()
    folder = os.path.join(desk.folder, "dumps-nothing")
    os.makedirs(folder)
    for name, data in (("ripe.db.inetnum", b"garbage\n"), ("apnic.db.role.gz", b"\0\1\2" * 99)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    done = desk.run("registry", "build", "--folder", folder, "--index", index)
    desk.check("S32/nothing/refused", (done.returncode, len(done.stderr.splitlines()), [
        words for words in ("'apnic.db.role.gz': left out: it holds no text", ", and more")
        if words not in done.stderr]), (66, 1, []))
    with open(index, "rb") as file:
        desk.check("S32/nothing/the-old-one-stays", file.read() == whole, True)
    # what builds by itself says what it left out, and goes on
    with open(os.path.join(folder, "ripe.db"), "wb") as file:
        file.write(NETS.encode())
    desk.put("whois.ripe.net", "-r " + ADDRESS, ripe())
    done = desk.run("contact", ADDRESS, index=index, registry_folder=folder)
    desk.check("S32/nothing/said-by-who-builds", ("offline@river.example" in done.stdout, [
        words for words in ("registry index: 'ripe.db.inetnum': there is no object in it",
                            "registry index: 'apnic.db.role.gz': left out")
        if words not in done.stderr]), (True, []))


def s32_not_cidr(desk):
    """A range of registries' own shape answers for all of it and for nothing beside."""
    text = NETS.replace("203.0.113.0 - 203.0.113.63", "203.0.113.5 - 203.0.113.77").replace(
        "203.0.113.16 - 203.0.113.31", "203.0.113.70 - 203.0.113.71")
    index, _, _ = built(desk, "cidr", {"ripe.db": text.encode()})
    for last in (4, 78):
        desk.case("S32/not-cidr-%d" % last, "203.0.113.%d" % last, [],
                  of_ripe("203.0.113.%d" % last), index=index)
    for last in (5, 69, 72, 77):
        desk.case("S32/not-cidr-%d" % last, "203.0.113.%d" % last, ["offline@river.example"], [],
                  index=index)


def main():
    desk = Cases()
    for test in (s31_index, s31_no_file, s31_replaced, s32_dumps, s32_nothing, s32_not_cidr):
        desk.fresh()
        test(desk)
    desk.close()


main()
