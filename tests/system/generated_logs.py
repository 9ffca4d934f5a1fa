"""Logs that six services could have written, from a seed: hits, misses and near misses.

Addresses are documentation's, names are nobody's. Lines are written after the formats of
the services; dates come in the several forms that the services and syslog daemons use,
one form for a stretch of lines, as a log that was moved from one daemon to another.
"""
import datetime
import random

USERS = ('root', 'admin', 'test', 'oracle', 'git', 'ubuntu', 'deploy', 'j.doe', 'a-b_c',
         'user name', ' lead', "o'neil", 'say "hi"', 'back\\slash', 'tab\there', '',
         'x' * 120, 'root from 198.51.100.66 port 22 ssh2', 'j\u00f6rg', '\u0438\u0432\u0430\u043d',
         '\u674e', 'fs\x1cgs\x1d', 'bell\x07', '%s%n', '<script>', 'a\u00a0b', 'a,b', '[x]',
         '192.0.2.66', 'user=<x>, rip=198.51.100.9', "`quoted'", 'nel\u0085x', 'ls\u2028x')
HOSTS = ('web1', 'mx', 'host.example', 'a-b')
WORDS = ('connection', 'from', 'failed', 'closed', 'user', 'unknown', 'root', 'error:',
         'session', 'timeout', 'NOTICE', '192.0.2.1', '[client', 'rip=', 'Ban', '404')
LATIN = b'na\xefve'  # no UTF-8


class Source:
    """Random choices of one log."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice
        self.pid = 1000

    def number(self, low, high):
        return self.random.randint(low, high)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def user(self):
        return self.pick(USERS[:8]) if self.chance(60) else self.pick(USERS)

    def word(self):
        user = self.user()
        return ''.join(user.split()) or 'x'

    def address(self):
        """Mostly sound ones; now and then what only looks like an address."""
        kind = self.number(1, 100)
        if kind <= 70:
            return '%s.%d' % (self.pick(('192.0.2', '198.51.100', '203.0.113')),
                              self.number(0, 255))
        if kind <= 88:
            return self.pick(('2001:db8::%x', '2001:DB8:0:1::%X', '2001:db8:0:0:0:0:0:%x',
                              '2001:db8:1:2:3:4:5:%x')) % self.number(1, 65535)
        if kind <= 93:
            return self.pick(('::ffff:192.0.2.%d', '::FFFF:198.51.100.%d')) % self.number(1, 254)
        return self.pick(('999.1.2.3', '192.0.2.300', '192.030.0.6', '192.0.2', '2001:db8::g',
                          'gate.example', '1:2:3', '::', '192.0.2.7.8', '10.0.0.1'))

    def chatter(self):
        return ' '.join(self.pick(WORDS) for _ in range(self.number(1, 9)))


def syslog(source, when, program, text):
    form = source.form % 6
    host = source.pick(HOSTS[:2]) if source.chance(90) else source.pick(HOSTS)
    if form == 4:
        return '<%d>1 %s %s %s %d - - %s' % (source.number(0, 191), when.strftime(
            '%Y-%m-%dT%H:%M:%S.%fZ'), host, program, source.pid, text)
    stamp = (when.strftime('%b ') + '%2d' % when.day + when.strftime(' %H:%M:%S'),
             when.strftime('%Y-%m-%dT%H:%M:%S.%f+00:00'),
             when.strftime('%b %d %H:%M:%S %Y') if source.form % 2 else
             when.strftime('%b %d %Y %H:%M:%S'),
             when.strftime('%Y-%m-%d %H:%M:%S'), '',
             when.strftime('%a %b %d %H:%M:%S.%f %Y')[:27] + when.strftime(' %Y'))[form]
    return '%s %s %s[%d]: %s' % (stamp, host, program, source.pid, text)


def sshd(source, when):
    """One connection: several lines of one pid, perhaps cut short."""
    # As a kernel gives them: fail2ban knows a session for five minutes of its own clock.
    source.pid = source.pid % 60000 + source.number(1, 3)
    address, user, port = source.address(), source.user(), source.number(1, 65535)
    invalid = source.pick(('invalid user ', 'illegal user ', '', ''))
    said = {
        'invalid': 'Invalid user %s from %s port %d' % (user, address, port),
        'failed': 'Failed %s for %s%s from %s port %d ssh2' % (
            source.pick(('password', 'none', 'publickey', 'keyboard-interactive/pam')),
            invalid, user, address, port),
        'pam': 'error: PAM: Authentication failure for %s from %s' % (user, address),
        'unix': 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 '
                'tty=ssh ruser= rhost=%s  user=%s' % (address, user),
        'accepted': 'Accepted %s for %s from %s port %d ssh2' % (
            source.pick(('password', 'publickey')), user, address, port),
        'disconnect': 'Received disconnect from %s port %d:11: Bye Bye%s' % (
            address, port, source.pick((' [preauth]', ''))),
        'disconnecting': 'Disconnecting: Too many authentication failures for %s [preauth]'
                         % user,
        'closed': 'Connection closed by %s%s port %d%s' % (
            source.pick(('', 'authenticating user %s ' % user, 'invalid user %s ' % user)),
            address, port, source.pick((' [preauth]', ''))),
        'maximum': 'error: maximum authentication attempts exceeded for %s%s from %s port %d '
                   'ssh2 [preauth]' % (invalid, user, address, port),
        'denied': 'User %s from %s not allowed because %s' % (user, address, source.pick((
            'not listed in AllowUsers', 'listed in DenyUsers', 'not in any group',
            'account is locked'))),
        'refused': 'refused connect from %s (%s)' % (source.pick(HOSTS), address),
        'ident': 'Did not receive identification string from %s port %d' % (address, port),
        'banner': "Bad protocol version identification '%s' from %s port %d" % (
            source.user(), address, port),
        'negotiate': 'Unable to negotiate with %s port %d: no matching key exchange method '
                     'found. Their offer: x [preauth]' % (address, port),
        'connection': 'Connection from %s port %d on 192.0.2.200 port 22' % (address, port),
        'chatter': source.chatter(),
        'cut': ('Failed password for root from %s port' % address)[:source.number(5, 60)],
    }
    plans = (('invalid', 'failed', 'closed'), ('failed', 'failed', 'disconnect'),
             ('unix', 'failed', 'accepted'), ('failed', 'accepted'), ('connection', 'failed',
             'disconnecting', 'closed'), ('pam', 'maximum', 'disconnecting'), ('accepted',
             'disconnect'), ('chatter',), ('cut', 'closed'), ('denied', 'failed'),
             ('refused',), ('ident',), ('banner',), ('negotiate', 'closed'))
    plan = source.pick(plans) if source.chance(75) else [
        source.pick(tuple(said)) for _ in range(source.number(1, 4))]
    for step in plan:
        when += datetime.timedelta(seconds=source.number(0, 20))
        yield when, syslog(source, when, 'sshd', said[step])


def postfix(source, when):
    source.pid = source.number(2, 60000)
    address, name = source.address(), source.pick(('unknown', 'host.example', 'a[b'))
    port = source.pick(('', '', ':%d' % source.number(1, 65535)))
    peer = 'from %s[%s]%s' % (name, address, port)
    tail = ': <%s@mail.example>: %s; from=<%s@x.example> to=<y@mail.example> proto=%s helo=<%s>'
    said = (
        'NOQUEUE: reject: %s %s: %s %s' % (
            source.pick(('RCPT', 'VRFY', 'MAIL', 'EHLO', 'DATA', 'rcpt')), peer,
            source.pick(('554 5.7.1', '450 4.7.1', '550 5.1.1', '504 5.5.2', '421 4.7.0')),
            (tail % (source.word(), source.pick((
                'Relay access denied', 'Recipient address rejected: User unknown in table',
                'Sender address rejected: Domain not found', 'Helo command rejected: need '
                'fully-qualified hostname', 'Service unavailable; Client host [%s] blocked '
                'using bl.example' % address, 'Greylisted')), source.word(),
                source.pick(('SMTP', 'ESMTP')), source.word()))[2:]),
        'warning: %s[%s]%s: SASL %s authentication failed: %s' % (
            name, address, port, source.pick(('LOGIN', 'PLAIN', 'login', 'CRAM-MD5', 'X')),
            source.pick(('UGFzc3dvcmQ6', 'Connection lost to authentication server',
                         'authentication failure', 'Invalid authentication mechanism'))),
        'improper command pipelining after %s %s: %s' % (
            source.pick(('EHLO', 'DATA', '')), peer, source.word()),
        'too many errors after %s %s' % (source.pick(('AUTH', 'RCPT', 'DATA (0 bytes)')), peer),
        'lost connection after %s %s' % (source.pick(('AUTH', 'DATA', 'CONNECT')), peer),
        'disconnect %s ehlo=1 auth=0/%d quit=1 commands=2/3' % (peer, source.number(0, 9)),
        'connect %s' % peer, 'milter-reject: END-OF-MESSAGE %s: 5.7.1 no' % peer,
        'PREGREET 11 after 0.1 %s: EHLO x' % peer, source.chatter(),
    )
    program = source.pick(('postfix/smtpd', 'postfix/smtps/smtpd', 'postfix/postscreen',
                           'postfix-in/smtpd', 'postfix/cleanup', 'exim'))
    yield when, syslog(source, when, program, source.pick(said))


def dovecot(source, when):
    source.pid = source.number(2, 60000)
    address, user = source.address(), source.user()
    session = source.pick(('', ', session=<xyz/%d>' % source.number(1, 99)))
    way = source.pick((', TLS', '', ', TLS handshaking', ', TLS: Disconnected'))
    reason = source.pick(('', ': Inactivity', ': Connection closed', ': a(b) c'))
    what = source.pick(('Aborted login', 'Disconnected', 'Remote closed connection', 'Login'))
    why = source.pick(('auth failed, %d attempts' % source.number(1, 9),
                       'auth failed, 2 attempts in 9 secs', 'no auth attempts in 3 secs',
                       'tried to use disallowed plaintext auth', 'disconnected before auth was '
                       'ready, waited 0 secs', "client didn't finish SASL auth, waited 1 secs"))
    said = (
        '%s-login: %s%s (%s): user=<%s>, method=%s, rip=%s, lip=192.0.2.200%s%s' % (
            source.pick(('imap', 'pop3', 'managesieve', 'smtp')), what, reason, why, user,
            source.pick(('PLAIN', 'CRAM-MD5')), address, way, session),
        '%s: pam(%s,%s%s): pam_authenticate() failed: %s' % (
            source.pick(('auth', 'auth-worker(17)', 'auth-worker')), source.word(), address,
            session and ',<xyz>', source.pick(('Authentication failure (password mismatch?)',
            'User not known to the underlying authentication module: 2 Time(s)', 'Other'))),
        'auth: %s(%s,%s): %s' % (source.pick(('passwd-file', 'ldap', 'sql', 'X')),
                                 source.word(), address,
                                 source.pick(('unknown user', 'Password mismatch', 'ok'))),
        'pam_unix(dovecot:auth): authentication failure; logname=%s uid=0 euid=0 tty=dovecot '
        'ruser=%s rhost=%s%s' % (source.pick(('', source.word())), source.pick((
            '', source.word())), address, source.pick(('', '  user=%s' % source.word()))),
        source.chatter(),
    )
    text = source.pick(said)
    if source.form % 7 == 6:
        seconds = int(when.timestamp()) + (1 << 62)
        yield when, '@%016x%08x %s' % (seconds, source.number(0, 999999999), text)
    else:
        yield when, syslog(source, when, source.pick(('dovecot', 'auth', 'dovecot-auth',
                                                      'other')), text)


def nginx_botsearch(source, when):
    path = source.pick(('phpMyAdmin/', 'pma', 'admin/pma/x', 'roundcube/?a=b', 'wp-login.php',
                        'wp-admin.php', 'cgi-bin/x', '/mysqladmin', 'webmail', 'index.html',
                        'typo3/phpmyadmin/', 'extmail', 'favicon.ico', 'pma,x', 'h\u00f6rde'))
    method, status = source.pick(('GET', 'POST', 'HEAD', 'PUT')), source.pick((404, 404, 200, 403))
    proto = source.pick(('HTTP/1.1', 'HTTP/1.0', ''))
    if source.form % 3:
        stamp = when.strftime(('%d/%b/%Y:%H:%M:%S +0000', '%Y-%m-%dT%H:%M:%S+00:00')[
            source.form % 3 - 1])
        yield when, '%s - %s [%s] "%s /%s %s" %d 162 "%s" "%s"' % (
            source.address(), source.pick(('-', source.word())), stamp, method, path, proto,
            status, source.pick(('-', 'https://x.example/[23/Jan/2020:00:00:00 +0000]')),
            source.pick(('Mozilla/5.0', source.user())))
        return
    yield when, '%s [error] %d#%d: *%d %s"/usr/share/%s" %s, client: %s, server: %s, ' \
        'request: "%s /%s %s", host: "%s"' % (
            when.strftime('%Y/%m/%d %H:%M:%S'), source.number(1, 9999), 0, source.number(1, 99),
            source.pick(('open() ', '', 'x ')), path, source.pick((
                'failed (2: No such file or directory)', 'is not found (2: No such file or '
                'directory)', 'is forbidden')), source.address(),
            source.pick(('localhost', '', 'x.example')), method, path, proto,
            source.pick(HOSTS))


def apache_auth(source, when):
    address, user, old = source.address(), source.user(), source.form % 2
    stamp = when.strftime('%a %b %d %H:%M:%S %Y' if old else '%a %b %d %H:%M:%S.%f %Y')
    level = 'error' if old else source.pick((
        'auth_basic:error', 'auth_digest:error', 'authz_core:error', 'evasive20:error',
        ':error', 'core:info'))
    process = '' if old else source.pick((' [pid %d]', ' [pid %d:tid 14012310430694]')) % \
        source.number(1, 9999)
    port = '' if old else ':%d' % source.number(1, 65535)
    if ':' in address and source.chance(80):
        address = '[%s]' % address
    said = ('client denied by server configuration: /srv/%s' % source.word(),
            'client used wrong authentication scheme: /x', 'user %s not found: /x' % user,
            'user %s: authentication failure for "/x": Password Mismatch' % user,
            'user %s: password mismatch: /x' % user,
            'Digest: user %s: password mismatch: /x' % user,
            "user `%s' in realm `a b' not found: /x" % user,
            'Authorization of user %s to access /x failed, reason: y' % user,
            'invalid nonce %s received - length is not 52' % source.word(),
            "realm mismatch - got `%s' but expected `y'" % user,
            "unknown algorithm `%s' received: /x" % user, "invalid qop `%s' received: /x" % user,
            'invalid nonce %s received - user attempted time travel' % user,
            'Hostname %s provided via SNI and hostname x provided via HTTP' % source.word(),
            'No hostname was provided via SNI for a name based virtual host',
            'File does not exist: /srv/[client 198.51.100.66] user root not found',
            source.chatter())
    code = source.pick(('', 'AH%05d: ' % source.number(0, 99999)))
    yield when, '[%s] [%s]%s [client %s%s] %s%s%s' % (
        stamp, level, process, address, port, code, source.pick(said),
        source.pick(('', ', referer: https://x.example/')))


def recidive(source, when):
    jail = source.pick(('sshd', 'postfix', 'recidive', 'my-jail', 'a] b', source.word()))
    act = source.pick(('Ban', 'Unban', 'Restore Ban', 'Found', 'Ban', 'Ban'))
    address = source.address() + source.pick(('', '', ' ', ' x'))
    if source.form % 3 == 2:
        source.pid = source.number(1, 9999)
        yield when, syslog(source, when, source.pick(('fail2ban.actions', 'fail2ban-server',
                                                      'other')),
                           '%s [%s] %s %s' % (source.pick(('NOTICE', 'INFO')), jail, act, address))
        return
    yield when, '%s,%03d fail2ban.%s%s: %s  [%s] %s %s' % (
        when.strftime('%Y-%m-%d %H:%M:%S'), source.number(0, 999),
        source.pick(('actions', 'actions        ', 'filter')),
        source.pick(('', '[%d]' % source.number(1, 9999), ' [77]')),
        source.pick(('NOTICE', 'NOTICE', 'INFO', 'WARNING')), jail, act, address)


SERVICES = {'sshd': sshd, 'postfix': postfix, 'dovecot': dovecot,
            'nginx-botsearch': nginx_botsearch, 'apache-auth': apache_auth,
            'recidive': recidive}


def spoiled(source, text, service):
    """A few lines are cut, hold a second date, no date, or foreign bytes. No line of sshd
    loses its day: fail2ban forgets sessions by its own clock, not by that of the lines."""
    data = text.replace('\n', ' ').replace('\r', ' ').encode()
    kind = source.number(1, 400)
    if kind == 1:
        data = data[:source.number(1, len(data))]
    elif kind == 2 and service != 'sshd':
        data = data[source.number(1, 12):]
    elif kind <= 5:
        data = data.replace(b'root', LATIN)
    elif kind == 6:
        data += b' at 2020-01-02 03:04:05'
    elif kind == 7:
        data += b' '
    return data if data.strip() and not data.startswith(b'#') else b'x ' + data


def write(path, service, lines, seed):
    """A log of that many lines, the last of them an hour ago or earlier: a time without a
    day must not lie between now and the moment that another program calls now."""
    source = Source('%s %d' % (service, seed))
    end = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    end -= datetime.timedelta(hours=1)
    when = end - datetime.timedelta(seconds=3 * lines)
    written, source.form = 0, 0
    with open(path, 'wb') as log:
        while written < lines:
            if source.chance(0.5):
                source.form = source.number(0, 83)
            moment = when
            for moment, text in SERVICES[service](source, when):
                log.write(spoiled(source, text, service) + b'\n')
                written += 1
            when = min(moment, end - datetime.timedelta(minutes=5)) + datetime.timedelta(seconds=source.number(0, 4))
