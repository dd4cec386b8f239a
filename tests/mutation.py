"""What may come in place of what a platform sends: anything at all, or the real thing with something changed in it."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
"""Halves of characters and control characters too."""
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), True])


def scalars(hostile: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any value that holds no others; `hostile` are texts that mean something where they come."""
    return st.none() | st.booleans() | numbers | any_text | hostile


def anything(hostile: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Whatever JSON can say, and a little more."""
    keys = any_text | hostile
    return st.recursive(
        scalars(hostile), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
    )


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in what came, from the outside in."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def mutated(real: Sequence[Any], hostile: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Something `real` in which some fields are missing, unknown or something else."""
    return _mutated(real, scalars(hostile), anything(hostile))


@st.composite
def _mutated(draw: st.DrawFn, real: Sequence[Any], small: st.SearchStrategy[Any], values: st.SearchStrategy[Any]) -> Any:
    body = copy.deepcopy(draw(st.sampled_from(real)))
    for _ in range(draw(st.integers(0, 4))):
        *outer, last = draw(st.sampled_from([*_places(body)] or [("type",)]))
        where = body
        for key in outer:
            where = where[key]
        if draw(st.booleans()):
            where[last] = draw(values)
        elif isinstance(where, dict):
            del where[last]
            where[draw(any_text)] = draw(small)
    return body


def keepable(text: str) -> bool:
    """Whether both databases keep a text."""
    text.encode()
    return "\0" not in text
