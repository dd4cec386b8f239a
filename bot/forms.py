"""Forms that begin with what is known: what a platform says of who joins, or what a record holds that is to be changed.

A form that changes a record carries a mark: the last thing that was done when it was begun. When it comes back, what nobody touched
is left out, so that it overwrites nothing that others changed meanwhile; what was emptied is emptied.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.coalition.record import Record, personal
from bot.coalition.texts import clean
from bot.errors import Conflict, Refused, WrongValue
from bot.fields import Field, Reading
from bot.message import Form
from bot.router import MARK, Call, Context
from bot.router.asking import form
from bot.views import replies


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
    return form(call, reading.records, problems, said)


def touched(call: Call, context: Context) -> Call:
    """The call without what a form brings back as it was shown, and with what was emptied in it.

    Raises Conflict where somebody else changed the same field meanwhile, and Refused where nothing was touched.
    """
    record = _edited(call, context) if call.texts.get(MARK.name) else None
    if record is None:
        return call
    newest = int(MARK.read(call.texts[MARK.name], context.reading))
    earlier = context.records.trail.before(record.id, newest)
    if earlier.get("id", record.id) is None:
        raise Refused(f"{record.id} was not there yet when this form was begun. Open it again.", lines=[record.id])
    before = replace(record, **earlier)
    now, then = _texts(call, record, context), _texts(call, before, context, newest)
    fields = [field for field in call.route.fields if field.name in _attributes(call) or field.name in then]
    sent = {field.name: call.texts.get(field.name, "") for field in fields}
    changed = [field for field in fields if not _same(sent[field.name], then.get(field.name, ""))]
    if not changed:
        raise Refused(f"Nothing in the form was changed, so {record.id} stays as it is.", lines=[record.id])
    others = {name: text for name, text in call.texts.items() if name not in sent and name != MARK.name}
    wanted = replace(call, texts={**others, **{field.name: sent[field.name] or _emptied(field) for field in changed}})
    held = {field: now.get(field.name, "") for field in changed}
    lost = {field: text for field, text in held.items() if not (_same(text, then.get(field.name, "")) or _same(text, sent[field.name]))}
    if lost:
        names = " and ".join(field.label for field in lost)
        raise Conflict(
            f"{names} of {record.id} {'was' if len(lost) == 1 else 'were'} changed by somebody else meanwhile.",
            lines=[record.id, f"history {record.id}"], insist=wanted.line(),
            held={field.label: text for field, text in lost.items() if not _is_personal(field, call, record)},
        )  # fmt: skip
    return wanted


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
