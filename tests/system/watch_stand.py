"""tipoff watch in a test: started, killed, and asked through the service manager's socket
how far it is, so that nobody sleeps to wait for it."""

import itertools
import os
import re
import select
import signal
import socket
import subprocess
import time

from stand import TMPDIR, Wrong, environment, need

# Who runs the tests in the background ignores it, and would have watch ignore it, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

SECONDS = 60
NUMBERS = itertools.count()


class Watch:
    """One process. `words` are behind the command; the place is stand.Place."""

    def __init__(self, place, *words, command="watch", **options):
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.path = os.path.join(TMPDIR, "notify-%d-%d" % (os.getpid(), next(NUMBERS)))
        self.manager.bind(self.path)
        if os.getuid() == 0:
            os.chmod(self.path, 0o777)
        env = environment(place.folder, NOTIFY_SOCKET=self.path)
        self.process = subprocess.Popen(
            place.words(command, "--offline", *words), cwd=place.folder, env=env, text=True,
            errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=options.pop("stdin", subprocess.DEVNULL), **options)
        self.told, self.printed = [], b""

    def until(self, pattern, seconds=SECONDS):
        """Waits for a word to the manager; what it matched."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.manager], [], [], max(0.0, min(left, 0.2)))
            if ready:
                word = self.manager.recv(4096).decode()
                self.told.append(word)
                match = re.search(pattern, word)
                if match:
                    return match
            elif self.process.poll() is not None:
                raise Wrong("watch ended with %s: %s" % (self.process.returncode,
                                                         self.process.stderr.read()))
            elif left <= 0:
                raise Wrong("watch did not say %r in %d s, but: %s" % (
                    pattern, seconds, self.told[-5:]))

    def ready(self):
        self.until("READY=1")

    def rested(self, lines=None):
        """Everything is read; with `lines`, that many by this process."""
        while True:
            match = self.until(r"Everything is read: (\d+) lines")
            if lines is None or int(match.group(1)) >= lines:
                return int(match.group(1))

    def line(self, seconds=SECONDS):
        """The next line of standard output."""
        end = time.monotonic() + seconds
        while b"\n" not in self.printed:
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0.0, end - time.monotonic()))
            need(ready, "nothing printed in", seconds, "s")
            more = os.read(self.process.stdout.fileno(), 65536)
            need(more, "it ended instead of printing a line")
            self.printed += more
        line, _, self.printed = self.printed.partition(b"\n")
        return line.decode()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.end(-signal.SIGKILL)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.end(0)

    def end(self, wanted):
        out, err = self.process.communicate(timeout=SECONDS)
        out = self.printed.decode() + out
        self.manager.close()
        os.unlink(self.path)
        need(self.process.returncode == wanted, "watch ended with",
             self.process.returncode, err)
        return out, err
