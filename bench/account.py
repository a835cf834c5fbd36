"""Runs a command and prints, as JSON, what it and its children used: seconds, and peak memory in bytes."""

import json
import os
import resource
import sys
import time

report, *command = sys.argv[1:]
started = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status = os.waitpid(pid, 0)
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(report, "w", encoding="utf-8") as file:
    json.dump(
        {
            "code": os.waitstatus_to_exitcode(status),
            "wall": wall,
            "user": used.ru_utime,
            "system": used.ru_stime,
            "peak": used.ru_maxrss * 1024,
        },
        file,
    )
