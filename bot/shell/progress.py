"""Progress of long work, on standard error: at once on a terminal, elsewhere only when it takes long."""

import sys
import time
from dataclasses import dataclass, field

PATIENCE, AGAIN = 2.0, 10.0
"""Seconds until work that nobody watches on a terminal says how far it is, and until it says so again."""


@dataclass
class Progress:
    """A tick for long work: `Progress("exporting")(done, total)`."""

    doing: str
    shown: float = field(default_factory=time.monotonic)
    began: bool = False

    def __call__(self, done: int, total: int) -> None:
        terminal = sys.stderr.isatty()
        now = time.monotonic()
        if now - self.shown < (0.1 if terminal else AGAIN if self.began else PATIENCE):
            return
        self.shown = now
        self.began = True
        end = "" if terminal else "\n"
        print(f"\r{self.doing}: {done * 100 // max(total, 1)} %", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the line of a terminal."""
        if self.began and sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
