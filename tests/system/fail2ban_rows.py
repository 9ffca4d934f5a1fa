#!/usr/bin/python3
"""Row for row what fail2ban-regex --usedns=no -o row finds, on generated logs.

Compared are the host, the time, and every named group of the merged session; sets as sets.
Left out of both are rows whose host is no address (999.1.2.3): fail2ban bans such a text,
here it names nobody. FAIL2BAN_ROWS=200000 makes the logs that long, as `make soak` does.
"""
import ast
import collections
import ipaddress
import os
import shutil
import subprocess
import sys
import tempfile

import generated_logs

FOLDER = '/etc/fail2ban/filter.d'
TOP = os.environ.get('TOP', os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
TIPOFF = os.environ.get('TIPOFF', TOP + '/build/test/tipoff')
SEED = int(os.environ.get('FAIL2BAN_SEED', '1'))
FILTERS = ('sshd', 'sshd[mode=aggressive]', 'postfix', 'postfix[mode=aggressive]', 'dovecot',
           'dovecot[mode=aggressive]', 'nginx-botsearch', 'apache-auth', 'recidive')


def run(*words):
    done = subprocess.run(words, capture_output=True, check=False,
                          env=dict(os.environ, TZ='UTC', LC_ALL='C.UTF-8'))
    return done.stdout.decode('utf-8', 'surrogateescape')


def is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def canonical(value):
    return sorted(value) if isinstance(value, set) else value


def rows(text):
    """-> the rows in order, and how many named no address."""
    found, refused = [], 0
    for line in text.split('\n'):
        if not line.startswith('['):
            continue
        host, second, groups = ast.literal_eval(line.rstrip().rstrip(','))
        if not is_address(str(host)):
            refused += 1
            continue
        found.append((str(host), None if second is None else int(second),
                      sorted((name, repr(canonical(value))) for name, value in groups.items())))
    return found, refused


def differences(want, got):
    """The first rows that only one of the two has."""
    def key(row):
        return repr(row)
    wanted = collections.Counter(map(key, want))
    gotten = collections.Counter(map(key, got))
    for title, rest in (('only fail2ban', wanted - gotten), ('only tipoff', gotten - wanted)):
        for row in list(rest)[:3]:
            print('# %s: %s' % (title, row.encode('ascii', 'backslashreplace').decode()))
        if rest:
            print('# %s: %d rows' % (title, sum(rest.values())))


def check(rule, lines, scratch):
    service = rule.partition('[')[0]
    log = os.path.join(scratch, service + '.log')
    if not os.path.exists(log):
        generated_logs.write(log, service, lines, SEED)
    want, refused = rows(run('fail2ban-regex', '--usedns=no', '-o', 'row', log, rule))
    got, odd = rows(run(TIPOFF, '--set', 'logs.zone=UTC', 'rules', 'test', log,
                        os.path.join(FOLDER, service + '.conf') + rule[len(service):],
                        '--output', 'row'))
    same = want == got and len(want) > lines // 40 and odd == 0
    if not same:
        differences(want, got)
    print('# %s: %d rows of %d lines, %d of no address' % (rule, len(got), lines, refused))
    print('%s same rows as fail2ban-regex: %s' % ('ok' if same else 'not ok', rule))
    return not same


def main():
    lines = int(os.environ.get('FAIL2BAN_ROWS', '3000'))
    if not shutil.which('fail2ban-regex') or not os.path.isdir(FOLDER):
        print('skip rows of fail2ban-regex # fail2ban is not installed')
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        wrong = sum(check(rule, lines, scratch) for rule in sys.argv[1:] or FILTERS)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
