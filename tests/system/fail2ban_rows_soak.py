#!/usr/bin/python3
"""fail2ban_rows.py over logs of 200,000 lines each (FAIL2BAN_ROWS)."""
import os
import sys

os.environ.setdefault('FAIL2BAN_ROWS', '200000')

import fail2ban_rows  # noqa: E402, it reads the variable

sys.exit(fail2ban_rows.main())
