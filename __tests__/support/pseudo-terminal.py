"""Runs a command in a pseudo-terminal of its own and writes what the terminal was sent to stdout.

Usage: pseudo-terminal.py COLUMNS WHEN SEND COMMAND...
Once WHEN has been shown, SEND is typed (`^C` for Ctrl-C), or the terminal is closed (`close`).
Exits as the command did; 128+n after signal n.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

columns, when, send, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
shown = b""
waiting = send != ""
while True:
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    if waiting and when.encode() in shown:
        waiting = False
        if send == "close":
            os.close(terminal)
            break
        time.sleep(0.3)
        os.write(terminal, b"\x03" if send == "^C" else send.encode())
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(status if status >= 0 else 128 - status)
