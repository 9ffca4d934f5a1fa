#!/usr/bin/python3
"""watch_rotation.py in 100 rounds and until SOAK_SECONDS (600) are over, each with a seed
of its own, printed."""

import collections
import os
import random
import time

from stand import check
from watch_rotation_schedule import figures_print, play

END = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600"))
figures = collections.Counter()
rounds = 0
while rounds < 100 or time.monotonic() < END:
    rounds += 1
    seed = random.SystemRandom().randrange(1 << 32)
    check("rotation/seed-%d" % seed, play, "watch", seed, 2.0, figures)
print("# %d rounds" % rounds)
figures_print(figures)
