#!/usr/bin/python3
"""Logs that grow and rotate between drafts, some of them killed: no line is lost and none
counts twice. A few seeded schedules; rotation_soak.py plays many."""

from rotation_schedule import play
from stand import check

for seed in range(4):
    check("rotation/seed-%d" % seed, play, "rotation", seed, 25)
