"""Forms that begin with what is known: what a platform says of who joins, or what a record holds that is to be changed.

A form that changes a record carries a mark: the last thing that was done when it was begun. When it comes back, what nobody touched
is left out, so that it overwrites nothing that others changed meanwhile; what was emptied is emptied.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.coalition import members
from bot.coalition.record import Record, personal
from bot.coalition.texts import clean
from bot.errors import Conflict, Refused, WrongValue
from bot.fields import Field, Reading
from bot.message import Form
from bot.router import MARK, Call, Context
from bot.router.asking import form
from bot.views import interviews, replies


def asking(call: Call, context: Context) -> Form:
    """The form of a line, filled in as it begins, with what is wrong written at each field."""
    record = _edited(call, context)
    if record is None:
        known = call.route.begin(context, call) if call.route.begin else {}
        return replace(checked(_filled(call, known), context.reading, said=call.texts), alone=call.route.alone)
    mark = {MARK.name: str(context.records.trail.latest())}
    form = checked(_filled(call, {**_texts(call, record, context), **mark}), context.reading, said=call.texts)
    private = any(_is_personal(field, call, record) for field in call.route.fields)
    return replace(form, begun=True, private=private, alone=call.route.alone)


def checked(call: Call, reading: Reading, *, said: Mapping[str, str] | None = None) -> Form:
    """The form of a line with what is wrong written at each field; its example holds what was `said`."""
    problems = {name: replies.problem(found) for name, found in call.problems(replace(reading, looks=True)).items()}
    return replace(form(call, reading.records, problems, said), begun=bool(call.texts.get(MARK.name)))


def touched(call: Call, context: Context) -> Call:
    """The call without what a form brings back as it was shown, and with what was emptied in it.

    Raises Conflict where somebody else changed the same field meanwhile, and Refused where nothing was touched.
    """
    record = _edited(call, context) if call.texts.get(MARK.name) else None
    if record is None:
        return call
    newest = int(MARK.read(call.texts[MARK.name], context.reading))
    now, then = _texts(call, record, context), _texts(call, _before(call, record, context, newest), context, newest)
    fields = [field for field in call.route.fields if field.name in _attributes(call) or field.name in then]
    sent = {field.name: call.texts.get(field.name, "") for field in fields}
    changed = [field for field in fields if not _same(sent[field.name], then.get(field.name, ""))]
    if not changed:
        name, line = _placed(call, record, context)
        raise Refused(f"Nothing in the form was changed, so {name} stays as it is.", lines=[line])
    others = {name: text for name, text in call.texts.items() if name not in sent and name != MARK.name}
    wanted = replace(call, texts={**others, **{field.name: sent[field.name] or _emptied(field) for field in changed}})
    if lost := [field for field in _differing(changed, sent, now) if not _same(now.get(field.name, ""), then.get(field.name, ""))]:
        raise _conflict(wanted, record, context, {field: now.get(field.name, "") for field in lost}, newest)
    return wanted


def overtaken(call: Call, context: Context) -> Conflict | None:
    """What to say where somebody else changed the same fields in the very moment in which a call wrote them; None where they agree."""
    record = _edited(call, context)
    if record is None:
        return None
    now = _texts(call, record, context)
    given = [field for field in call.route.fields if field.name in call.texts and (field.name in _attributes(call) or field.name in now)]
    lost = _differing(given, call.texts, now)
    return _conflict(call, record, context, {field: now.get(field.name, "") for field in lost}, 0) if lost else None


def _before(call: Call, record: Record, context: Context, newest: int) -> Record:
    """The record as it was when a transaction was the newest. Raises Refused where it was not there yet."""
    earlier = dict(context.records.trail.before(record.id, newest))
    if earlier.get("id", record.id) is None:
        if not (call.route.edits and call.route.edits.grows):
            raise Refused(f"{record.id} was not there yet when this form was begun. Open it again.", lines=[record.id])
        earlier = {name: earlier.get(name) for name in _attributes(call).values()}
    return replace(record, **earlier)


def _differing(fields: Sequence[Field], sent: Mapping[str, str], now: Mapping[str, str]) -> list[Field]:
    return [field for field in fields if not _same(now.get(field.name, ""), sent[field.name])]


def _conflict(wanted: Call, record: Record, context: Context, held: Mapping[Field, str], newest: int) -> Conflict:
    """What stands in fields that a call would write over, whose it is, and what the call has for them."""
    name, line = _placed(wanted, record, context)
    by = _author(wanted, record, context, held, newest)
    names = " and ".join(f"“{_called(field)}”" for field in held)
    open_ = [field for field in held if not _is_personal(field, wanted, record)]
    return Conflict(
        f"{names} of {name} {'was' if len(held) == 1 else 'were'} changed by {by} meanwhile.",
        held={_called(field): held[field] for field in open_}, wrote={_called(field): wanted.texts[field.name] for field in open_},
        insist=wanted.line(), keep=line,
    )  # fmt: skip


def _author(call: Call, record: Record, context: Context, fields: Iterable[Field], newest: int) -> str:
    """Who wrote these fields last since a transaction, as the asker may see them."""
    attributes = _attributes(call)
    names = {attributes.get(field.name, field.name) for field in fields} | {"text"}  # The text of a child stands for a field, too.
    return members.writer(context.records, record.id, names, context.author, newest)


def called(call: Call, name: str) -> str:
    """What a form calls one of its fields; the name where it has no such field."""
    field = call.route.field(name)
    return interviews.short(field.label) if field and field.label else name


def _called(field: Field) -> str:
    """The label of a field without what it asks for."""
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]$", "", field.label)


def _placed(call: Call, record: Record, context: Context) -> tuple[str, str]:
    return call.route.edits.placed(context, record) if call.route.edits else (record.id, record.id)


def _is_personal(field: Field, call: Call, record: Record) -> bool:
    return field.personal or _attributes(call).get(field.name) in personal(type(record))


def _emptied(field: Field) -> str:
    """What is written to empty a field. Raises WrongValue for one that is never empty."""
    if field.kind.empty is None:
        raise WrongValue(field.name, "cannot be empty", field.shown_example)
    return field.kind.empty


def _edited(call: Call, context: Context) -> Record | None:
    return call.route.edits.record(context, call) if call.route.edits else None


def _filled(call: Call, known: Mapping[str, str]) -> Call:
    return replace(call, texts={**{name: text for name, text in known.items() if text}, **call.texts})


def _attributes(call: Call) -> dict[str, str]:
    """The fields of a route that are fields of the record that it changes, with the record's names for them: its options, and what
    `names` has beside these."""
    edits = call.route.edits
    if edits is None:
        return {}
    options = [field.name for field in call.route.fields if field.option and field.label and field.asked and not field.kind.flag]
    return {**edits.names, **{name: edits.names.get(name, name) for name in options}}


def _texts(call: Call, record: Record, context: Context, newest: int | None = None) -> dict[str, str]:
    """What a record holds, as texts of the route's fields that are read as the same values; a value without such a text is left out.

    `newest` is the transaction of whose time the record is; None for now.
    """
    attributes = _attributes(call)
    held = {field: getattr(record, attributes[field.name], None) for field in call.route.fields if field.name in attributes}
    found = {field.name: _written(field, value, context.reading) for field, value in held.items()}
    others = call.route.edits.others(context, record, newest) if call.route.edits else {}
    return {name: text for name, text in {**found, **others}.items() if text}


def _written(field: Field, value: Any, reading: Reading) -> str:
    text = "" if value in (None, "", ()) else field.kind.write(value)
    try:
        return text if text and field.read(text, reading) == value else ""
    except WrongValue:
        return ""


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but blanks at the ends of lines, which some platforms drop."""
    return [line.rstrip() for line in clean(one).splitlines()] == [line.rstrip() for line in clean(other).splitlines()]
