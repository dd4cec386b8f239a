"""A reply as one JSON object on one line: `ok`, `title`, `text`, `blocks`, and `form` when one is asked for.

What the bot says by itself has its key as `letter`, so that a program does not take it for the reply to its line.

Every text in it is inert. `text` beside spans is their plain meaning, so that a program need not know each kind of span.
"""

import base64
import json
from typing import Any

from bot.message import (
    Block,
    Bold,
    Bullets,
    Buttons,
    Code,
    Everyone,
    Facts,
    File,
    Form,
    Link,
    Mention,
    Message,
    Moment,
    Picture,
    Question,
    Reply,
    RoomName,
    Span,
    Spans,
    Table,
    Text,
    inert,
    one_line,
    plain_span,
    plain_spans,
)

Json = dict[str, Any]


def encoded(reply: Reply, text: str, letter: str = "") -> str:
    """The line of a reply, or of a letter with this key, whose plain text is `text`."""
    body: Json = {"ok": reply.ok, "title": one_line(reply.title), "text": text} | ({"letter": letter} if letter else {})
    if isinstance(reply, Message):
        body |= {"private": reply.private, "blocks": [_block(block) for block in reply.blocks]}
    else:
        body |= {"blocks": [], "form": _form(reply)}
    return json.dumps(body, ensure_ascii=False)


def _form(form: Form) -> Json:
    return {
        "line": form.line,
        "title": form.title,
        "example": inert(form.example),
        "missing": [question.name for question in form.missing],
        "questions": [_question(question) for question in form.questions],
    }


def _question(question: Question) -> Json:
    return {
        "name": question.name, "label": question.label, "required": question.required, "long": question.long,
        "choices": [inert(choice) for choice in question.choices], "example": question.example,
        "value": inert(question.value), "error": inert(question.error),
    }  # fmt: skip


def _block(block: Block) -> Json:
    match block:
        case Text(spans=spans):
            return {"type": "text", **_spans(spans)}
        case Facts(rows=rows):
            return {"type": "facts", "rows": [{"label": one_line(label), **_spans(spans)} for label, spans in rows]}
        case Bullets(items=items, numbered=numbered):
            return {"type": "bullets", "numbered": numbered, "items": [_spans(item) for item in items]}
        case Table(head=head, rows=rows):
            return {"type": "table", "head": [one_line(label) for label in head], "rows": [[_spans(cell) for cell in row] for row in rows]}
        case Buttons(buttons=buttons):
            return {"type": "buttons", "buttons": [{"label": one_line(button.label), "line": inert(button.line)} for button in buttons]}
        case Picture(name=name, alt=alt, data=data, mime=mime):
            return {"type": "picture", "name": inert(name), "alt": inert(alt), "mime": mime, "data": base64.b64encode(data).decode()}
        case File(name=name, data=data, mime=mime):
            return {"type": "file", "name": inert(name), "mime": mime, "size": len(data), "data": base64.b64encode(data).decode()}


def _spans(spans: Spans) -> Json:
    return {"text": plain_spans(spans), "spans": [_span(span) for span in spans]}


def _span(span: Span) -> Json:
    match span:
        case str() | Bold():
            return {"type": "bold" if isinstance(span, Bold) else "plain", "text": plain_span(span)}
        case Code(line=line):
            return {"type": "code", "line": inert(line)}
        case Link(url=url, label=label):
            return {"type": "link", "url": inert(url), "label": inert(label)}
        case Mention(account=account, name=name):
            return {"type": "mention", "account": inert(str(account)), "name": inert(name)}
        case RoomName(place=place, name=name):
            return {"type": "room", "place": inert(str(place)), "name": inert(name)}
        case Everyone():
            return {"type": "everyone", "text": plain_span(span)}
        case Moment(at=at, zone=zone):
            return {"type": "moment", "at": at.isoformat(), "zone": zone, "text": plain_span(span)}
