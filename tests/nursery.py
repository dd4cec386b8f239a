"""Processes that are going to be killed.

They are forked from one that has loaded the program already, since starting Python anew each time would only take time.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NURSERY = """
import json, os, sys
from importlib import import_module
from bot import plugins

plugins.router()
for name in sys.argv[1:]:
    import_module(name)
for job in sys.stdin:
    module, function, arguments, source, sink = json.loads(job)
    child = os.fork()
    if child == 0:
        os.dup2(os.open(source, os.O_RDONLY), 0)
        os.dup2(os.open(sink, os.O_WRONLY), 1)
        os._exit(getattr(import_module(module), function)(arguments))
    print(child, flush=True)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    print("ended", flush=True)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Runs functions one after another, each in a forked process: prints its number, that it has ended, and how.

The number stays the process's own until the caller has had its chance to kill it.
"""


class Nursery:
    """Runs one process after another, forked from one that has imported `modules`."""

    def __init__(self, *modules: str) -> None:
        command = [sys.executable, "-c", NURSERY, *modules]
        self._parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.child = 0
        """The number of the process that was started last."""

    def start(self, call: str, arguments: Sequence[str], source: Path, sink: Path) -> None:
        """Call `module:function` with arguments in a process that reads `source` and writes to `sink`; what it returns is its status."""
        module, _, function = call.partition(":")
        self.child = int(self._ask(json.dumps([module, function, list(arguments), str(source), str(sink)])))

    def ended(self, seconds: float) -> bool:
        """Wait so long, or until the process has ended by itself."""
        assert self._parent.stdout
        return bool(select.select([self._parent.stdout.fileno()], [], [], seconds)[0])

    def kill(self) -> None:
        """Kill the process, unless it has ended already."""
        os.kill(self.child, signal.SIGKILL)

    def status(self) -> int:
        """How the process has ended, once it has."""
        self._read()
        return int(self._ask(""))

    def _ask(self, line: str) -> str:
        assert self._parent.stdin
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()
        return self._read()

    def _read(self) -> str:
        assert self._parent.stdout
        return self._parent.stdout.readline()

    def close(self) -> None:
        self._parent.communicate()
