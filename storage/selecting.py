"""Queries for records, each made once for its shape: making a query takes longer than running it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from bot.coalition.store import After, Ranked
from storage.kept import Kept

Shape = tuple[tuple[str, str], ...]
"""What is asked of which field: to equal a value (`is`), to be one of several (`in`), to be empty (`none`), to be later (`after`)."""

ONE: Shape = (("id", "is"),)
SEVERAL: Shape = (("id", "in"),)

ALL = 2**31 - 1
"""A limit that no store reaches."""


def shape(equal: Mapping[str, Any]) -> Shape:
    return tuple((name, _how(value)) for name, value in equal.items())


def _how(value: Any) -> str:
    if isinstance(value, After):
        return "after"
    return "none" if value is None else "in" if isinstance(value, tuple) else "is"


def values(equal: Mapping[str, Any]) -> dict[str, Any]:
    """What the query of this shape is given when it runs."""
    return {name: value.than if isinstance(value, After) else value for name, value in equal.items()}


@cache
def records(kept: Kept[Any], equal: Shape, order: tuple[str | Ranked, ...] = (), *, page: bool = False) -> Select[Any]:
    """Records by the values of fields, given when it runs, with `coalition`; a `page` of them also with `limit` and `offset`."""
    query = select(*kept.columns).where(*_conditions(kept, equal))
    newest = bool(order) and str(order[-1]).startswith("-")
    query = query.order_by(*(_ordered(kept, name) for name in order), kept.table.c.seq.desc() if newest else kept.table.c.seq)
    return query.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer)) if page else query


@cache
def behind(via: Kept[Any], field: str, kept: Kept[Any]) -> Select[Any]:
    """The record that `field` of another one points at, whose id is given when it runs, with `coalition`."""
    pointing = and_(via.table.c.coalition == kept.table.c.coalition, via.table.c[field] == kept.table.c.id)
    query = select(*kept.columns).select_from(via.table.join(kept.table, pointing))
    return query.where(via.table.c.coalition == bindparam("coalition"), via.table.c.id == bindparam("id"))


@cache
def number(kept: Kept[Any], equal: Shape) -> Select[Any]:
    """How many records there are with these values."""
    return select(func.count()).select_from(kept.table).where(*_conditions(kept, equal))


def _conditions(kept: Kept[Any], equal: Shape) -> list[ColumnElement[bool]]:
    return [kept.table.c.coalition == bindparam("coalition"), *(_condition(kept, name, how) for name, how in equal)]


def _condition(kept: Kept[Any], name: str, how: str) -> ColumnElement[bool]:
    column = kept.table.c[name]
    if how == "none":
        return column.is_(None)
    value = bindparam(name, type_=column.type, expanding=how == "in")
    if how == "after":
        return column > value
    return column.in_(value) if how == "in" else column == value


def _ordered(kept: Kept[Any], name: str | Ranked) -> ColumnElement[Any]:
    if isinstance(name, Ranked):
        places = {value: place for place, group in enumerate(name.groups) for value in group}
        return case(places, value=kept.table.c[name.field], else_=len(name.groups))
    column = kept.table.c[name.removeprefix("-")]
    return column.desc().nulls_last() if name.startswith("-") else column.asc().nulls_last()
