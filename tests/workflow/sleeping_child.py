"""A reading process that says nothing."""

import time

time.sleep(60)
