#!/usr/bin/python3
"""Fifty random schedules of kills around a real exim, from a fixed seed."""

import crash_random
from delivery_ground import checks, ok

COUNT, SEED = 50, 20261129

if crash_random.lacking():
    print("skip killed at random around exim # %s is not installed" % crash_random.lacking())
else:
    figures, problems = crash_random.run(COUNT, SEED)
    print("# %s" % figures)
    ok("0 lost, 0 twice, none cut off, in doubt exactly those that died while sending",
       not problems and figures.kills >= COUNT // 2 and figures.doubtful, *problems)
checks.exit()
