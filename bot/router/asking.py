"""The form of a call: a question for each field, and a whole line as an example."""

from collections.abc import Mapping

from bot import lines
from bot.coalition.store import Records
from bot.fields import Field
from bot.message import Form, Question
from bot.router.route import MARK, Call, Route


def form(call: Call, records: Records, problems: Mapping[str, str], said: Mapping[str, str] | None) -> Form:
    """The form that asks for what is missing, with what is known filled in; its example holds what was `said`, or else all of it."""
    route, values = call.route, call.texts
    questions = tuple(
        Question(
            field.name, field.label, field.required, field.options(records), field.kind.long, field.shown_example,
            _shown(field, values), problems.get(field.name, ""), field.kind.many, field.kind.shape,
        )
        for field in route.fields
        if field.label and field.asked
    )  # fmt: skip
    carried = [field.name for field in route.fields if field.name in values and not (field.label and field.asked)]
    line = lines.compose(route.words, options=[(name.replace("_", "-"), values[name]) for name in carried])
    return Form(line, route.help, questions, _example(route, values if said is None else said, records, problems))


def _example(route: Route, values: Mapping[str, str], records: Records, problems: Mapping[str, str]) -> str:
    """A whole line: what was given, with examples for what is missing or wrong."""
    texts = {}
    for field in route.fields:
        if field is MARK:
            continue
        good = field.name in values and field.name not in problems and (values[field.name] or field.kind.flag)
        if good:
            texts[field.name] = values[field.name]
        elif field.required:
            texts[field.name] = _placeholder(field, records)
    if texts == values:  # Nothing is missing or wrong: whatever may be left out can still be said.
        spare = [field for field in route.fields if field.label and field.asked and field.name not in texts]
        texts |= {field.name: _placeholder(field, records) for field in spare[:1]}
    return Call(route, texts).line()


def _shown(field: Field, values: Mapping[str, str]) -> str:
    """What a form begins with; a flag that was only named is a yes."""
    text = values.get(field.name, "")
    return "yes" if field.kind.flag and field.name in values and not text else text


def _placeholder(field: Field, records: Records) -> str:
    """What stands for a field's value in an example."""
    return field.shown_example or next(iter(field.options(records)), field.label)
