#!/usr/bin/python3
"""Logs written at a rate and rotated under a watch that is killed at random: a few seeded
rounds; watch_rotation_soak.py plays a hundred and more."""

import collections

from stand import check
from watch_rotation_schedule import figures_print, play

figures = collections.Counter()
for seed in range(4):
    check("rotation/seed-%d" % seed, play, "watch", seed, 1.5, figures)
figures_print(figures)
