#!/usr/bin/python3
"""Random schedules of kills around a real exim: SOAK_COUNT of them (1,000), from SOAK_SEED,
which is printed."""

import os
import random

import crash_random
from delivery_ground import checks, flush, ok

COUNT = int(os.environ.get("SOAK_COUNT", "1000"))
SEED = int(os.environ.get("SOAK_SEED", str(random.SystemRandom().randrange(1 << 32))))

print("# SOAK_SEED=%d" % SEED)
flush()
if crash_random.lacking():
    print("skip killed at random around exim # %s is not installed" % crash_random.lacking())
else:
    figures, problems = crash_random.run(COUNT, SEED)
    print("# %s" % figures)
    ok("0 lost, 0 twice, none cut off, in doubt exactly those that died while sending",
       not problems and figures.schedules == COUNT, *problems)
checks.exit()
