#!/usr/bin/python3
"""fail2ban's own annotated sample logs, where Debian's package is installed.

Each line of its logs says by a '# failJSON:' comment whether the filter must match, with
which host and time. Each combination of filter and options reads its lines in order, as
fail2ban's own test does. What cannot hold is listed in KNOWN with its reason.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

FOLDER = '/etc/fail2ban/filter.d'
LOGS = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs'
TOP = os.environ.get('TOP', os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
TIPOFF = os.environ.get('TIPOFF', TOP + '/build/test/tipoff')
MATCH_LOG = os.path.join(os.path.dirname(TIPOFF), 'tests/unit/match_log')
# The moment and the place of fail2ban's tests.
ZONE, NOW = 'Europe/Zurich', '2005-08-14T10:00:00Z'

# What differs on purpose: (log, reason begins with).
KNOWN = [
    ('dovecot', 'time 2010-09-16T05:50:50'),  # TAI64N began 10 s ahead of UTC
    ('monit', 'time 2005-04-1'),  # PDT is no zone that can be relied on
    ('sshd', 'not matched: Jun 21 16:47:48'),  # 192.030.0.6 is no address
]


def annotated(name, seen):
    """(kind, value, line) of a log and of the logs it includes."""
    fail = None
    with open(os.path.join(LOGS, name), encoding='utf-8', errors='surrogateescape',
              newline='\n') as log:
        lines = log.read().split('\n')
    included = []
    for line in lines:
        mark = re.match(r'^#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)$', line)
        if mark:
            value = json.loads(mark.group(2))
            if mark.group(1) == 'addFILE':
                included.append(value)
            elif mark.group(1) == 'failJSON':
                fail = value
            else:
                yield mark.group(1), value, None
        elif fail is not None:
            yield 'line', fail, line.rstrip('\r')
            fail = None
        elif line.strip() and not line.startswith('#'):
            yield 'line', {}, line.rstrip('\r')
    for other in included:
        if other not in seen:
            yield from annotated(other, seen + [other])


def holds(condition, name, options):
    """The few forms of condition that fail2ban's samples use."""
    simple = re.match(r"^name ?== ?'([\w-]+)'$", condition)
    if simple:
        return name == simple.group(1)
    option = re.match(r"^opts.get\('(\w+)'\) (==|!=) '(\w+)'$", condition)
    if not option:
        raise ValueError('condition not known: ' + condition)
    return (options.get(option.group(1)) == option.group(3)) == (option.group(2) == '==')


def rule_name(name, options):
    given = ['%s="%s"' % (k, v) for k, v in options.items() if not k.startswith('test.')]
    return name + ('[%s]' % ', '.join(given) if given else '')


def combinations(name):
    """{rule: [(expectation, line)]} of one sample log."""
    always = "name == '%s'" % name
    result, file_options, current = {}, {}, [{}]
    for kind, value, line in annotated(name, [name]):
        if kind == 'fileOptions':
            file_options, current = value, [dict(value)]
        elif kind == 'filterOptions':
            sets = value if isinstance(value, list) else [value]
            current = [dict(file_options, **s) for s in sets]
        else:
            for options in current:
                if options.get('logtype') == 'journal':
                    continue  # its lines have no date
                if not (holds(options.get('test.condition', always), name, options) and
                        holds(value.get('constraint', always), name, options)):
                    continue
                result.setdefault(rule_name(name, options), []).append((value, line))
    return result


def events(rule, lines):
    with tempfile.NamedTemporaryFile('w', errors='surrogateescape',
                                     encoding='utf-8') as log:
        log.write(''.join(line + '\n' for _, line in lines))
        log.flush()
        run = subprocess.run([MATCH_LOG, '--names', FOLDER, ZONE, NOW, log.name, rule],
                             capture_output=True, text=True, check=False)
    if run.returncode != 0:
        return None, run.stderr.strip()
    rows = [row.split('\t') for row in run.stdout.splitlines()]
    return {int(row[0]): row for row in rows if row[0] != 'counts'}, ''


def local_time(text):
    """The instant of fail2ban's expectation, which is in local time."""
    import datetime
    import zoneinfo
    when = datetime.datetime.strptime(text.partition('.')[0], '%Y-%m-%dT%H:%M:%S')
    when = when.replace(tzinfo=zoneinfo.ZoneInfo(ZONE), microsecond=0)
    return when.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S')


def failed(expect, row):
    """Why an expectation does not hold; None if it does."""
    if not expect.get('match', False):
        return 'matched with %s' % row[2] if row else None
    if row is None:
        return 'not matched'
    host = expect.get('host', expect.get('fid', expect.get('dns')))
    if isinstance(host, str) and row[2] != host.lower():
        return 'source %s, want %s' % (row[2], host)
    if expect.get('time') and row[1][:19] != local_time(expect['time']):
        return 'time %s, want %s' % (row[1], local_time(expect['time']))
    if isinstance(expect.get('user'), str) and row[3] != expect['user']:
        return 'user %s, want %s' % (row[3], expect['user'])
    return None


def check(name):
    held, broken = 0, []
    for rule, lines in combinations(name).items():
        found, error = events(rule, lines)
        if found is None:
            broken.append('%s: %s' % (rule, error))
            continue
        for number, (expect, line) in enumerate(lines, 1):
            why = failed(expect, found.get(number))
            text = '%s: %s' % (why, line[:160])
            if why and any(k[0] == name and text.startswith(k[1]) for k in KNOWN):
                continue
            if why:
                broken.append('%s: %s' % (rule, text))
            else:
                held += 1
    return held, broken


def main():
    if not os.path.isdir(LOGS):
        print('skip matcher_samples # fail2ban and its sample logs are not installed')
        return 0
    total, wrong = 0, 0
    for name in sys.argv[1:] or sorted(os.listdir(LOGS)):
        if not os.path.exists(os.path.join(FOLDER, name + '.conf')):
            continue
        held, broken = check(name)
        total, wrong = total + held, wrong + len(broken)
        for text in broken[:10]:
            print('# ' + text.encode('ascii', 'backslashreplace').decode())
        print('%s samples_%s' % ('not ok' if broken else 'ok', name))
    print('# %d assertions hold, %d do not' % (total, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
