#!/usr/bin/python3
"""Every assertion of fail2ban's annotated sample logs holds.

The sample logs of the installed package say before a line (failJSON) whether it is a
failure, whose, and when; filterOptions name the sets of options it is read with. They are
read here as fail2ban's own test reads them, at its clock and in its zone. What is asserted
beside match, host, time and user (how many lines fail2ban keeps of a session) is counted
as not ours. One process reads all logs.
"""
import collections
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get('TOP', os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
TIPOFF = os.environ.get('TIPOFF', TOP + '/build/test/tipoff')
WITNESS_LOG = os.path.join(os.path.dirname(TIPOFF), 'tests/unit/witness_log')
CONFIG = '/etc/fail2ban'
PACKAGE = '/usr/lib/python3/dist-packages/fail2ban/tests'
ZONE = 'CET-01CEST-02,M3.5.0,M10.5.0'
NOW = '2005-08-14T10:00:00Z'
MARK = re.compile('^#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)$')
NO_ASSERTION = ('desc', 'constraint')

Reading = collections.namedtuple('Reading', 'log number options line wanted')


class Log:
    """One filter's samples: a list of Reading, by the sets of options in them."""

    def __init__(self, name):
        self.name = name
        self.readings = []
        self.files = [name]
        self.options = None
        self.skipped = 0
        for path in self.files:  # grows by addFILE
            self.read(path)

    def condition(self, text, opts):
        """The conditions in the samples compare the filter's name and its options."""
        return eval(text, {'__builtins__': {}}, {'name': self.name, 'opts': opts})

    def choose(self, common, given):
        self.options, skip = [], False
        for one in given if isinstance(given, list) else [given]:
            opts = dict(common, **one)
            if 'test.condition' in opts:
                skip = not self.condition(opts['test.condition'], opts)
            if not skip:
                self.options.append(opts)
        return skip

    def read(self, path):
        common, skip = {}, False
        with open(os.path.join(PACKAGE, 'files/logs', path), encoding='utf-8',
                  errors='replace', newline='\n') as log:
            lines = iter(list(enumerate(log.read().split('\n'), 1)))
        for number, line in lines:
            mark, wanted = MARK.match(line), {}
            if mark:
                wanted = json.loads(mark.group(2))
                if mark.group(1) == 'fileOptions':
                    common = wanted
                elif mark.group(1) == 'filterOptions':
                    skip = self.choose(common, wanted)
                elif mark.group(1) == 'addFILE':
                    self.files.append(wanted)
                if mark.group(1) != 'failJSON':
                    continue
                number, line = next(lines)
            elif skip or line.startswith('#') or not line.strip():
                continue
            if not skip:
                self.add(path, number, line.rstrip('\r'), wanted)

    def add(self, path, number, line, wanted):
        if self.options is None:
            self.options = [{}]
        for opts in self.options:
            if 'constraint' in wanted and not self.condition(wanted['constraint'], opts):
                continue
            self.readings.append(Reading(path, number, opts,
                                         opts.get('test.prefix-line', '') + line, wanted))


def key(opts):
    named = {k: v for k, v in opts.items() if not k.startswith('test.')}
    return opts.get('test.filter-name') or json.dumps(named, sort_keys=True), named


def rule_of(name, named):
    """The name with its parameters; lines of a journal bring their time with them."""
    if named.get('logtype') == 'journal':
        named = dict(named, datepattern='{NONE}')
    inside = ', '.join('%s="%s"' % row for row in named.items())
    return '%s[%s]' % (name, inside) if inside else name


def utc_second(text):
    """The samples tell local time; this process runs in their zone. No fraction counts."""
    return int(time.mktime(time.strptime(text[:19], '%Y-%m-%dT%H:%M:%S')))


def jobs(logs):
    """[(folder, rule, [reading])] in the order of the samples."""
    made = []
    for folder, log in logs:
        by_set = {}
        for reading in log.readings:
            name, named = key(reading.options)
            by_set.setdefault(name, (rule_of(log.name, named), []))[1].append(reading)
        made += [(folder, rule, readings) for rule, readings in by_set.values()]
    return made


def ask(all_jobs):
    text = []
    for folder, rule, readings in all_jobs:
        text.append('rule %s\t%s' % (folder, rule))
        text += [' ' + reading.line for reading in readings]
    run = subprocess.run([WITNESS_LOG, ZONE, NOW], capture_output=True, check=True,
                         input=('\n'.join(text) + '\n').encode('utf-8', 'replace'))
    return iter(run.stdout.decode().split('\n'))


def normal(host):
    """An address as it is written; what is no address stays as it is."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def got_of(answer):
    """What came, in the words of the assertions."""
    verdict, _, second, host, user, *groups = answer.split('\t')
    groups = dict(group.partition('=')[::2] for group in groups)
    # An octet with a leading zero is no address: the line matches and names nobody.
    refused = verdict == 'no-source'
    return {'match': verdict == 'matched' or refused,
            'host': groups.get('ip4') if refused else host,
            'user': user, 'time': int(float(second)),
            'ip4': groups.get('ip4'), 'ip6': groups.get('ip6'), 'dns': groups.get('dns'),
            'refused': refused}


def wanted_of(reading):
    """What has to come; the time of a journal's line is none of the line's."""
    wanted = {what: value for what, value in reading.wanted.items()
              if what not in NO_ASSERTION}
    wanted['match'] = bool(wanted.get('match'))
    if not wanted['match'] or reading.options.get('logtype') == 'journal':
        wanted.pop('time', None)
    if wanted.get('time') is None:  # "time": null asserts nothing
        wanted.pop('time', None)
    else:
        wanted['time'] = utc_second(wanted['time'])
    if 'host' in wanted:
        wanted['host'] = normal(wanted['host'])
    return wanted if wanted['match'] else {'match': False}


def faults(reading, answer, counts):
    """What does not hold, in words."""
    got, wanted = got_of(answer), wanted_of(reading)
    if wanted['match'] != got['match']:
        counts['match'] += 1
        yield 'is %s' % answer.split('\t')[0]
        return
    counts['refused'] += got['refused']
    for what, value in wanted.items():
        counts[what if what in got else 'not ours: ' + what] += 1
        if what in got and got[what] != value and not (value is None and not got[what]):
            yield '%s is %r, not %r' % (what, got[what], value)


def check(all_jobs, answers):
    counts = collections.Counter()
    wrong = unread = 0
    for _, rule, readings in all_jobs:
        head = next(answers)
        if head != 'rule':
            print('# %s: %s' % (rule, head))
            unread += 1
            continue
        for reading in readings:
            for fault in faults(reading, next(answers), counts):
                wrong += 1
                print('# %s:%d, %s: %s' % (reading.log, reading.number, rule, fault))
                print('#   %s' % reading.line.encode('ascii', 'backslashreplace').decode())
    refused = counts.pop('refused')
    ours = sum(count for what, count in counts.items() if ' ' not in what)
    print('# %d assertions (%s), %d do not hold; %d filters with options' %
          (ours, ', '.join('%d %s' % (count, what) for what, count in counts.items()),
           wrong, len(all_jobs)))
    print('# %d lines match and name nobody: 192.030.0.6 is no address' % refused)
    print('%s every filter of the samples is read' % ('not ok' if unread else 'ok'))
    print('%s every assertion of the samples holds' % ('not ok' if wrong or not ours else 'ok'))
    return bool(wrong or unread)


def names(folder, keep):
    found = sorted(name[:-5] for name in os.listdir(folder) if name.endswith('.conf'))
    return [name for name in found if keep(name)]


def theirs(scratch):
    """The test filters include common.conf from where it lies in fail2ban's sources."""
    folder = os.path.join(scratch, 'a/b/c/d/e/f/filter.d')
    os.makedirs(folder)
    os.symlink(CONFIG, os.path.join(scratch, 'config'))
    os.symlink(CONFIG, os.path.join(scratch, 'a/config'))
    for name in names(os.path.join(PACKAGE, 'config/filter.d'),
                      lambda name: name.startswith('zzz-')):
        shutil.copy(os.path.join(PACKAGE, 'config/filter.d', name + '.conf'), folder)
    return folder


def logs_of_package(scratch):
    own = os.path.join(CONFIG, 'filter.d')
    for folder in own, theirs(scratch):
        for name in names(folder, lambda name: not name.endswith('common')):
            if os.path.exists(os.path.join(PACKAGE, 'files/logs', name)):
                yield folder, Log(name)
            else:
                print('# no sample log of %s' % name)


def main():
    if not os.path.isdir(PACKAGE + '/files/logs') or not os.path.isdir(CONFIG):
        print('skip samples of fail2ban # fail2ban is not installed')
        return 0
    os.environ['TZ'] = ZONE
    time.tzset()
    with tempfile.TemporaryDirectory() as scratch:
        all_jobs = jobs(list(logs_of_package(scratch)))
        return check(all_jobs, ask(all_jobs))


if __name__ == '__main__':
    sys.exit(main())
