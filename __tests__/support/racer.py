"""Changes a state dir under a run, again and again, until its standard input ends; then puts it back.

Arguments: how, and the path that is attacked; what it is swapped for stands beside it as <path>.other.
"""
import os
import random
import select
import sys
import time

how, path = sys.argv[1:3]
aside, other = path + ".aside", path + ".other"
rng = random.Random(4711)


def exists(name):
    return os.path.lexists(name)


def away():
    if exists(path):
        os.rename(path, aside)
        if how == "swap":
            os.symlink(other, path)


def back():
    if exists(aside):
        if how == "swap" and os.path.islink(path):
            os.unlink(path)
        if exists(path):
            # Somebody has made it anew meanwhile: that is kept, for the test to look at.
            os.rename(path, "%s.made-%d" % (path, time.time_ns()))
        os.rename(aside, path)


def replace():
    """Puts another file in its place, in one step, whenever there is one."""
    if exists(path):
        with open(other, "rb") as source, open(aside, "wb") as target:
            target.write(source.read())
        os.chmod(aside, 0o600)
        os.rename(aside, path)


changes = 0
while True:
    ready, _, _ = select.select([sys.stdin], [], [], rng.uniform(0.005, 0.05))
    try:
        if how == "replace":
            replace()
        else:
            away()
            time.sleep(rng.uniform(0, 0.01))
            back()
        changes += 1
    except OSError:
        pass
    if ready:
        break
print(changes)
