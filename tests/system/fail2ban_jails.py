#!/usr/bin/python3
"""Jails are read as the installed fail2ban reads them.

Installations are made here: fail2ban's own jail.conf and filters, with jail.local and jail.d
files that use what its dialect has. fail2ban's reader and jail_dump must give the same
enabled jails with the same expressions, date patterns, logs, ignored addresses and actions.
"""
import logging
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get('TOP', os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
TIPOFF = os.environ.get('TIPOFF', TOP + '/build/test/tipoff')
DUMP = os.path.join(os.path.dirname(TIPOFF), 'tests/unit/jail_dump')
DEBIAN = '/etc/fail2ban'
REPORTERS = {'complain', 'xarf-login-attack', 'abuseipdb', 'blocklist_de', 'dshield',
             'mynetwatchman', 'ipthreat'}

# name, {file: text}
CASES = [
    ('debian', {}),
    ('all_enabled', {'jail.local': '[DEFAULT]\nenabled = true\n'}),
    ('local', {'jail.local': '''
[DEFAULT]
ignoreip = 127.0.0.1/8 ::1, 192.0.2.0/24
           198.51.100.7
findtime = 1h
[sshd]
enabled  = true
mode     = aggressive
port     = 2222,ssh
maxretry = 3
logpath  = {logs}/auth*.log tail
           {logs}/secure
[recidive]
enabled = yes
logpath = {logs}/fail2ban.log
'''}),
    ('folders', {
        'jail.d/10-a.conf': '[sshd]\nenabled = true\nmode = ddos\nport = 22\n'
                            'logpath = {logs}/auth.log\n',
        'jail.d/20-b.conf': '[sshd]\nmode = extra\n[postfix]\nenabled = 1\n'
                            'logpath = {logs}/mail.log\n',
        'jail.local': '[sshd]\nport = 2200:2299\n[DEFAULT]\nmaxretry = 9\n',
        'jail.d/30-c.local': '[postfix]\nmode = auth\n[dovecot]\nenabled = on\n'
                             'logpath = {logs}/mail.log\n'}),
    ('known', {'jail.local': '''
[sshd]
enabled     = true
logpath     = {logs}/auth.log
failregex   = %(known/failregex)s
              ^my own failure from <HOST>$
ignoreregex = from 192\\.0\\.2\\.1
findtime    = %(known/findtime)s
[nginx-botsearch]
enabled     = true
logpath     = {logs}/nginx.log
ignoreregex = %(known/ignoreregex)s
              /health
maxlines    = 3
datepattern = %%Y-%%m-%%d %%H:%%M:%%S
'''}),
    ('replaced', {'jail.local': '''
[own]
enabled   = true
filter    =  sshd[mode=normal, publickey="any"]
failregex = ^only this from <HOST>$
prefregex = ^<F-CONTENT>.+</F-CONTENT>$
logpath   = {logs}/a.log
journalmatch = _COMM=x + _PID=1
'''}),
    ('actions', {'jail.local': '''
[DEFAULT]
destemail = security@example.org
abuseipdb_apikey = k
[sshd]
enabled = true
logpath = {logs}/auth.log
action  = %(action_xarf)s
[postfix]
enabled = true
logpath = {logs}/mail.log
action  = %(action_mwl)s
          complain
          abuseipdb[abuseipdb_apikey="x", abuseipdb_category="18,22"]
'''}),
    ('backends', {'jail.local': '''
[sshd]
enabled = true
backend = systemd[journalflags=1]
[dovecot]
enabled = true
backend = polling
logpath = {logs}/mail.log
'''}),
    ('includes', {
        'jail.local': '[INCLUDES]\nbefore = more/one.conf\nafter = more/two.conf\n'
                      '[sshd]\nenabled = true\nport = 1\nlogpath = %(own_logs)s/auth.log\n',
        'more/one.conf': '[DEFAULT]\nown_logs = {logs}\n[sshd]\nport = 2\nmaxretry = 2\n',
        'more/two.conf': '[sshd]\nport = 3\n'}),
    ('customized_filter', {
        'jail.local': '[sshd]\nenabled = true\nlogpath = {logs}/auth.log\n'
                      '[mine]\nenabled = true\nlogpath = {logs}/mine.log\n'
                      'filter = mine[word="a b", other=c][last=\'d\']\n',
        'filter.d/sshd.local': '[Definition]\ncmnfailre = %(known/cmnfailre)s\n'
                               '    ^mine from <HOST>$\n',
        'filter.d/mine.conf': '[INCLUDES]\nbefore = common.conf\n[Definition]\n'
                              'failregex = ^<word> <other> <last> <third> from <HOST>$\n'
                              '[Init]\nthird = 3\n[Init?family=inet6]\nthird = 6\n'}),
    ('broken', {'jail.local': '''
[sshd]
enabled = true
logpath = {logs}/auth.log
[gone]
enabled = true
filter = there-is-no-such-filter
logpath = {logs}/x.log
'''}),
    ('missing_include', {
        'jail.local': '[INCLUDES]\nbefore = no-such.conf\n[sshd]\nenabled = true\n'
                      'logpath = {logs}/auth.log\n',
        'jail.d/10-a.conf': '[INCLUDES]\nafter = jail.local\n[sshd]\nmaxretry = 4\n'}),
    ('none', {'jail.d/defaults-debian.conf': '[sshd]\nenabled = false\n'}),
]


def installation(folder, files):
    shutil.copytree(DEBIAN, folder, symlinks=True,
                    ignore=shutil.ignore_patterns('*.dpkg-*'))
    logs = os.path.join(folder, 'logs')
    os.makedirs(logs)
    for name in ('auth.log', 'auth2.log', 'secure', 'mail.log', 'fail2ban.log'):
        open(os.path.join(logs, name), 'w').close()
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace('{logs}', logs))


def patterns(text):
    return [line.rsplit(' ', 1)[0] for line in text.split('\n') if line]


def told(jail):
    """What fail2ban says of one jail, as jail_dump says it."""
    opts = jail.options
    lines = {'failregex': [], 'ignoreregex': []}
    for command in jail.convert(allow_no_files=True):
        option = command[2] if len(command) > 2 else ''
        option = option[3:] if option.startswith('add') else option
        values = command[3] if command[0] == 'multi-set' else command[3:]
        if option == 'journalmatch':
            values = [shlex.join(values)]
        if option in ('failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines',
                      'journalmatch'):
            lines.setdefault(option, []).extend(str(value) for value in values)
        if option == 'ignoreip':
            lines[option] = list(values)
    if lines.get('maxlines') == ['1']:
        del lines['maxlines']
    systemd = opts.get('backend', '').startswith('systemd')
    lines['journal'] = [str(int(systemd))]
    lines['logpath'] = [] if systemd else patterns(opts.get('logpath') or '')
    for option in 'maxretry', 'findtime':
        lines[option] = [str(opts.get(option) or '')]
    from fail2ban.helpers import extractOptions, splitWithOptions
    names = [extractOptions(act.strip())[0] for act in splitWithOptions(opts['action'])]
    lines['reporter'] = [name for name in names if name in REPORTERS]
    return {option: values for option, values in lines.items() if values}


def oracle(folder):
    """-> {jail: what it says}, names of jails that cannot be read"""
    from fail2ban.client.jailsreader import JailsReader
    reader = JailsReader(basedir=folder, share_config={})
    reader.read()
    reader.getOptions(None)
    good, bad = {}, []
    for jail in reader.jails:
        if jail.options.get('config-error'):
            bad.append(jail.getName())
        else:
            good[jail.getName()] = told(jail)
    return good, bad


def ours(folder):
    run = subprocess.run([DUMP, folder], capture_output=True, text=True, check=True)
    good, bad, lines = {}, [], {}
    for line in run.stdout.splitlines():
        option, _, value = line.partition(' ')
        value = value.replace('\\\\', '\0').replace('\\n', '\n').replace('\0', '\\')
        if option == 'jail':
            lines = good.setdefault(value, {})
        elif option == 'problem' and value.startswith('jail '):
            bad.append(value.split("'")[1])
        elif option == 'reporter' and value not in REPORTERS:
            continue
        elif option not in ('note', 'port', 'recipient', 'error', 'problem'):
            lines.setdefault(option, []).append(value)
    for lines in good.values():
        lines['ignoreip'] = lines.get('ignoreip', [])
    return {name: {option: values for option, values in jail.items() if values}
            for name, jail in good.items()}, bad


def same(value):
    """Journal matches as words, however they are quoted; our logs are files."""
    value = dict(value)
    if 'journalmatch' in value:
        value['journalmatch'] = [shlex.split(line) for line in value['journalmatch']]
    if value.get('journal') == ['1']:
        value.pop('prefregex', None)
    return value


def check(name, files):
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, 'fail2ban')
        installation(folder, files)
        want, bad = oracle(folder)
        got, unread = ours(folder)
    wrong = 0
    for jail in sorted(set(want) | set(got)):
        one, other = same(want.get(jail, {})), same(got.get(jail, {}))
        for option in sorted(set(one) | set(other)):
            if one.get(option) != other.get(option):
                wrong += 1
                print('# %s: %s: fail2ban %s' % (jail, option, one.get(option)))
                print('# %s: %s: tipoff   %s' % (jail, option, other.get(option)))
    if bad != unread:
        wrong += 1
        print('# cannot be read: fail2ban %s, tipoff %s' % (bad, unread))
    print('# %d jails' % len(got))
    print('%s jails of %s' % ('not ok' if wrong else 'ok', name))
    return wrong


def main():
    if not os.path.isdir(DEBIAN) or not shutil.which('fail2ban-regex'):
        print('skip jails of fail2ban # fail2ban is not installed')
        return 0
    sys.path.append('/usr/lib/python3/dist-packages')
    logging.disable(logging.CRITICAL)
    chosen = [case for case in CASES if len(sys.argv) < 2 or case[0] in sys.argv[1:]]
    return 1 if sum(check(*case) for case in chosen) else 0


if __name__ == '__main__':
    sys.exit(main())
