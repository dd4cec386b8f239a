"""What was seen lately: the newest of something by its key, and at most so many."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps `most` values, and drops the one that was kept longest ago for a new one. To be used by any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value of a key; None when there is none, or not any more."""
        with self._lock:
            return self._known.get(key)

    def keep(self, key: K, value: V) -> None:
        """Keep a value, in place of the one that its key had."""
        with self._lock:
            self._known[key] = value
            self._known.move_to_end(key)
            if len(self._known) > self._most:
                self._known.popitem(last=False)

    def drop(self, key: K) -> None:
        """Keep nothing for a key."""
        with self._lock:
            self._known.pop(key, None)
