"""The ports of what an adapter stands on between two runs: its notes, and whose turn it is among several processes."""

from typing import Protocol


class Notes(Protocol):
    """A few short texts that a platform's adapter keeps, by name."""

    def recall(self, platform: str, name: str) -> str:
        """What was kept; "" for nothing."""

    def keep(self, platform: str, name: str, value: str) -> None:
        """Keep a text in place of the one before."""


class Turn(Protocol):
    """What one process at a time may do. To be used by one thread at a time."""

    def take(self) -> bool:
        """Whether it is this process's turn: it stays so until `release`, the end of the process, or the loss of the database."""

    def held(self) -> bool:
        """Whether it still is this process's turn; never raises."""

    def release(self) -> None:
        """Let another process take its turn; never raises."""
