"""State machines: which verbs move a record from which state to which."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import Refused


@dataclass(frozen=True, slots=True)
class Machine:
    """`moves` is verb -> state before -> state after."""

    word: str
    moves: Mapping[str, Mapping[str, str]]

    def after(self, state: str, verb: str, identity: str) -> str:
        """The state after a verb. Raises Refused naming the verbs that are possible."""
        moves = self.moves[verb]
        if state in moves:
            return moves[state]
        possible = self.verbs(state)
        hint = f" Possible now: {', '.join(possible)}." if possible else ""
        raise Refused(
            f"{identity} is {state}, so “{verb}” does not fit.{hint}", lines=[f"{self.word} {verb} {identity}" for verb in possible[:3]]
        )

    def verbs(self, state: str) -> list[str]:
        """The verbs that are possible in a state."""
        return [verb for verb, moves in self.moves.items() if state in moves]
