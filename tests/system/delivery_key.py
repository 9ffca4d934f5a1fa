"""A signing key of the moment."""

import email
import os
import shutil
import subprocess
import tempfile


class Key:
    """A throw-away key in a home with a short name."""

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="tg", dir="/tmp")
        self.gpg("--passphrase", "", "--quick-gen-key",
                 "Maria Keller <maria@harbour-books.corp>", "ed25519", "sign", "never")
        listing = self.gpg("--with-colons", "--list-secret-keys").stdout.decode()
        self.fingerprint = next(line.split(":")[9] for line in listing.splitlines()
                                if line.startswith("fpr:"))
        return self

    def __exit__(self, *_):
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def gpg(self, *words):
        return subprocess.run(["gpg", "--homedir", self.home, "--batch", "--yes", *words],
                              capture_output=True, timeout=60, check=False)

    def verify(self, raw):
        """gpg's status for a multipart/signed message, split as its boundary says."""
        message = email.message_from_bytes(raw)
        boundary = b"--" + message.get_boundary().encode()
        body = raw.split(b"\r\n" + boundary)
        signed, signature = body[1][2:], message.get_payload(1).get_payload()
        paths = [os.path.join(self.home, name) for name in ("sig", "signed")]
        for path, content in zip(paths, (signature.encode(), signed)):
            with open(path, "wb") as file:
                file.write(content)
        return self.gpg("--status-fd", "1", "--verify", *paths).stdout
