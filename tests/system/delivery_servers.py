"""Real mail servers on loopback, without privileges: exim takes mail by sendmail and by
SMTP and hands it to dovecot, which keeps it for IMAP. Each is stopped by its own id."""

import getpass
import glob
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time

from delivery_ground import stop

EXIM = """
primary_hostname = mx.harbour-books.corp
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
exim_user = {user}
exim_group = {group}
trusted_users = {user}
daemon_smtp_ports = {smtp}
local_interfaces = 127.0.0.1
keep_environment =
deliver_drop_privilege = true
smtp_enforce_sync = false
smtp_accept_max = 10
queue_only = false
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.key
auth_advertise_hosts = *
acl_smtp_rcpt = rcpt

begin acl
rcpt:
  defer   local_parts = later
          message = come back later
  deny    local_parts = never
          message = no such mailbox
  accept

begin routers
store:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = lmtp

begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  allow_localhost

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_advertise_condition = ${{if def:tls_in_cipher}}
  server_condition = ${{if and{{{{eq{{$auth2}}{{maria}}}}{{eq{{$auth3}}{{open sesame}}}}}}}}
  server_set_id = $auth2
"""

DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""

NEEDED = {"exim4": "/usr/sbin/exim4", "dovecot": "/usr/sbin/dovecot"}


def lacking():
    """-> the first program that is not there, or None"""
    return next((n for n, path in NEEDED.items() if not os.path.exists(path)), None)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Servers:
    """Used with `with`; its folder has a short name, because sockets need one."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="td", dir="/tmp")
        self.smtp, self.lmtp, self.imap = free_ports(3)
        self.running = []

    def __enter__(self):
        try:
            self.certify()
            self.write("exim.conf", EXIM)
            self.write("dovecot.conf", DOVECOT)
            self.sendmail = self.write("sendmail", "#!/bin/sh\nexec /usr/sbin/exim4 -C "
                                       "{folder}/exim.conf \"$@\"\n")
            os.chmod(self.sendmail, 0o755)
            os.mkdir(os.path.join(self.folder, "mail"))
            self.start("/usr/sbin/dovecot", "-F", "-c", "dovecot.conf", port=self.imap)
            self.start("/usr/sbin/exim4", "-C", self.folder + "/exim.conf", "-bdf",
                       "-oX", str(self.smtp), port=self.smtp)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.format(
                folder=self.folder, user=getpass.getuser(), uid=os.getuid(),
                gid=os.getgid(), group=self.group(), smtp=self.smtp, lmtp=self.lmtp,
                imap=self.imap))
        return path

    @staticmethod
    def group():
        import grp
        return grp.getgrgid(os.getgid()).gr_name

    def certify(self):
        """A certificate authority of the moment, and the server's certificate."""
        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=self.folder, check=True,
                           capture_output=True)
        self.authority = os.path.join(self.folder, "ca.pem")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA",
                "-days", "2")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=mail")
        with open(os.path.join(self.folder, "ext"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:mail.harbour-books.corp\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "ext")

    def start(self, *argv, port):
        process = subprocess.Popen(argv, cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.running.append(process)
        self.until(lambda: self.listens(port), argv[0] + " listens")

    @staticmethod
    def listens(port):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def until(self, holds, what, seconds=30):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise RuntimeError("never: " + what + "\n" + self.logs())
            time.sleep(0.02)

    def logs(self):
        text = ""
        for path in glob.glob(self.folder + "/*log"):
            with open(path, encoding="utf-8", errors="replace") as file:
                text += file.read()
        return text

    def queue_is_empty(self):
        return not glob.glob(self.folder + "/spool/input/*-H")

    def mailbox(self, user, count):
        """-> raw messages, once there are `count` and exim's queue is empty"""
        self.until(lambda: len(self.fetch(user)) >= count and self.queue_is_empty(),
                   "%d mails for %s" % (count, user))
        return self.fetch(user)

    def fetch(self, user):
        with imaplib.IMAP4("127.0.0.1", self.imap) as imap:
            imap.login(user, "any")
            imap.select("INBOX", readonly=True)
            numbers = imap.search(None, "ALL")[1][0].split()
            return [imap.fetch(n, "(BODY.PEEK[])")[1][0][1] for n in numbers]
