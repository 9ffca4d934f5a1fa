#!/usr/bin/python3
"""rotation.py for SOAK_SECONDS (600), each schedule with a seed of its own, printed;
SOAK_SEED is that of the first."""

import os
import random
import time

from rotation_schedule import play
from stand import check

END = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600"))
first = os.environ.get("SOAK_SEED")
while time.monotonic() < END:
    seed = int(first) if first else random.SystemRandom().randrange(1 << 32)
    first = None
    check("rotation/seed-%d" % seed, play, "rotation", seed, 100)
