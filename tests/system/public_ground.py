"""A house that may tell public databases, which stand on loopback."""

import os

from delivery_ground import House, folder_new
from fakes.databases import BLOCKLIST_KEY, KEY, SERVER, Databases

ALL = "abuseipdb blocklist.de dshield"


class PublicHouse(House):
    """As House, with the databases named; only `asks` lets it ask them."""

    def __init__(self, name, databases, names=ALL):
        super().__init__(name)
        self.databases, self.asks = databases, True
        self.keys = {}
        for kind, key in (("abuseipdb", KEY), ("blocklist-de", BLOCKLIST_KEY)):
            self.keys[kind] = os.path.join(self.folder, kind + ".key")
            self.write_key(kind, key)
        self.sets += databases.sets + [
            "databases.report-to=" + names,
            "databases.abuseipdb-key-file=" + self.keys["abuseipdb"],
            "databases.blocklist-de-key-file=" + self.keys["blocklist-de"],
            "databases.blocklist-de-server=" + SERVER, "databases.dshield-user=12345"]

    def write_key(self, kind, key, mode=0o600):
        with open(self.keys[kind], "w", encoding="ascii") as file:
            file.write(key + "\n")
        os.chmod(self.keys[kind], mode)

    def argv(self, *words):
        argv = super().argv(*words)
        return [word for word in argv if word != "--offline"] if self.asks and \
            words[0] in ("send", "queue") else argv

    def without(self, name):
        self.sets = [s for s in self.sets if not s.startswith(name + "=")]

    def public(self):
        """-> [(part, state, answer)] of what is for public databases, oldest first"""
        return self.rows("SELECT r.part, o.state, o.answer FROM outbox o JOIN report r ON "
                         "r.id = o.report WHERE r.kind = 'database' ORDER BY o.id")


def ground(name="databases"):
    return Databases(folder_new(name))


__all__ = ["ALL", "KEY", "BLOCKLIST_KEY", "PublicHouse", "ground"]
