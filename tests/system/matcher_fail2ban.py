#!/usr/bin/python3
"""The same failures as fail2ban-regex: source and second of each, for recorded logs."""
import ast
import collections
import datetime
import os
import shutil
import subprocess
import sys
import tempfile

FOLDER = '/etc/fail2ban/filter.d'
TOP = os.environ.get('TOP', os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
TIPOFF = os.environ.get('TIPOFF', TOP + '/build/test/tipoff')
MATCH_LOG = os.path.join(os.path.dirname(TIPOFF), 'tests/unit/match_log')
CORPORA = os.environ.get('CORPORA', '')

# log, filter
ROWS = [
    ('loghub/OpenSSH_2k.log', 'sshd'),
    ('loghub/OpenSSH_2k.log', 'sshd[mode=aggressive]'),
]


def complete(path):
    """The log with its last line ended: fail2ban leaves an open last line unread."""
    copy = tempfile.NamedTemporaryFile(suffix='.log')
    with open(path, 'rb') as log:
        copy.write(log.read().rstrip(b'\n') + b'\n')
    copy.flush()
    return copy


def oracle(path, rule):
    """Counter of (source, second)."""
    run = subprocess.run(['fail2ban-regex', '--usedns=no', '-o', 'row', path, rule],
                         capture_output=True, text=True, check=False,
                         env=dict(os.environ, TZ='UTC'))
    found = collections.Counter()
    for line in run.stdout.splitlines():
        if line.startswith('['):
            row = ast.literal_eval(line.rstrip().rstrip(','))
            found[str(row[0]), int(row[1])] += 1
    return found


def ours(path, rule):
    now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    run = subprocess.run([MATCH_LOG, FOLDER, 'UTC', now, path, rule],
                         capture_output=True, text=True, check=True)
    found = collections.Counter()
    for line in run.stdout.splitlines():
        row = line.split('\t')
        if row[0] != 'counts':
            when = datetime.datetime.strptime(row[1][:19] + '+0000',
                                              '%Y-%m-%dT%H:%M:%S%z')
            found[row[2], int(when.timestamp())] += 1
    return found


def check(log, rule):
    name = 'same_as_fail2ban_%s_%s' % (os.path.basename(log), rule)
    path = os.path.join(CORPORA, log)
    if not os.path.exists(path):
        print('skip %s # no corpora here' % name)
        return 0
    with complete(path) as copy:
        want, got = oracle(copy.name, rule), ours(copy.name, rule)
    for kind, rest in (('missing', want - got), ('too many', got - want)):
        for key in list(rest)[:5]:
            print('# %s: %s' % (kind, key))
    print('# %d failures of %d sources' % (sum(got.values()), len({k[0] for k in got})))
    print('%s %s' % ('ok' if want == got else 'not ok', name))
    return want != got


def injected(lines, folder):
    """{line number: source} of the uncontested events that all rules of a folder find."""
    run = subprocess.run([MATCH_LOG, '--names', folder, 'UTC', '2026-11-22T00:00:00Z', '-'],
                         input=b''.join(line + b'\n' for line in lines),
                         capture_output=True, check=True)
    rows = [row.split('\t') for row in run.stdout.decode().splitlines()]
    return {int(row[0]): row[2] for row in rows if row[0] != 'counts' and row[5] == '-'}


def check_injection(title, folder):
    """No line that tries to accuse an innocent names him."""
    name = 'injection_frames_nobody_' + title
    path = os.path.join(CORPORA, 'inject.tsv')
    if not os.path.exists(path) or not os.path.isdir(folder):
        print('skip %s # no corpora or rules here' % name)
        return 0
    with open(path, 'rb') as lines:
        rows = [row.rstrip(b'\n').split(b'\t', 4) for row in lines
                if not row.startswith(b'#')]
    found = injected([row[4] for row in rows], folder)
    named = sum(found.get(number) == row[1].decode() for number, row in enumerate(rows, 1))
    framed = [row[4] for number, row in enumerate(rows, 1)
              if found.get(number) == row[2].decode()]
    for line in framed:
        print('# framed by: %s' % line.decode('ascii', 'backslashreplace'))
    print('# %d lines, %d name the true source, %d an innocent' %
          (len(rows), named, len(framed)))
    print('%s %s' % ('not ok' if framed or not named else 'ok', name))
    return bool(framed or not named)


def main():
    wrong = check_injection('shipped', os.path.join(TOP, 'rules'))
    wrong += check_injection('fail2ban', FOLDER)
    if not shutil.which('fail2ban-regex') or not os.path.isdir(FOLDER):
        print('skip same_as_fail2ban # fail2ban is not installed')
    else:
        wrong += sum(check(log, rule) for log, rule in ROWS)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
