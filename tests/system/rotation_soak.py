#!/usr/bin/python3
"""rotation.py for SOAK_SECONDS (600), each schedule with a seed of its own, printed."""

import os
import random
import time

from rotation_schedule import play
from stand import check

END = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600"))
while time.monotonic() < END:
    seed = random.SystemRandom().randrange(1 << 32)
    check("rotation/seed-%d" % seed, play, "rotation", seed, 100)
