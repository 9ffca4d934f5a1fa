#!/usr/bin/python3
"""A list of many sources in few networks: one question a network, every budget kept, and
nothing asked twice by who was killed midway. The same at full size is a soak test."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import budget_checks  # noqa: E402

# lacnic arin apnic jpnic ripe afrinic
budget_checks.main(networks=(20, 40, 30, 20, 20, 20), sources=1000, factor=12,
                   killed_after=60)
