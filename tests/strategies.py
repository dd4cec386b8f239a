"""Random messages and forms, as large and as hostile as the house can make them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.message import (
    Block,
    Bold,
    Bullets,
    Button,
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
    RoomName,
    Shape,
    Spans,
    Table,
    Text,
)
from bot.request import Account, Place
from bot.testing import HOSTILE

SIZES = (1, 20, 75, 76, 150, 151, 2_000, 2_001, 3_000, 3_001, 12_000)
"""At and just beyond what one thing or another takes."""

_ALPHABET = st.characters(exclude_categories=["Cs"])
_long = st.builds(
    lambda word, size: (f"{word} " * (size // (len(word) + 1) + 1))[:size],
    st.text(_ALPHABET, min_size=1, max_size=8),
    st.sampled_from(SIZES),
)
texts = st.one_of(
    st.text(_ALPHABET, max_size=30),
    _long,
    st.sampled_from([HOSTILE, "", " ", "&<>" * 700, "\n" * 200, '"\\' * 900, ":smile: @here #general"]),
)
some_text = texts.filter(lambda text: bool(text.strip()))
instants = st.integers(-2_000_000_000, 7_000_000_000).map(lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
zones = st.sampled_from(["UTC", "Europe/Berlin", "AoE", "Asia/Kathmandu"])
platforms = st.sampled_from(["slack", "matrix", "console"])
accounts = st.builds(Account, platforms, st.sampled_from(["U1", "U0123456789", "@ana:example.org", '@"<b>/?:x.example']))
places = st.builds(Place, platforms, st.sampled_from(["C1", "G0123456789", "room", "!Od1v_x", '!"<b>:x.example']))
links = st.builds(
    Link,
    st.one_of(
        st.just("https://www.intgovforum.org/en?a=1&b=2"), st.builds("https://x.example/{}".format, st.text("ab/", max_size=4_000)), texts
    ),
    texts,
)

span = st.one_of(
    texts, st.builds(Bold, texts), st.builds(Code, some_text), links, st.builds(Mention, accounts, texts),
    st.builds(Moment, instants, zones, st.just("")), st.just(Everyone()),
    st.builds(RoomName, places, texts),
)  # fmt: skip
spans: st.SearchStrategy[Spans] = st.lists(span, max_size=6).map(tuple)
one_button = st.builds(Button, texts, some_text)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table whose every column has something in it: a list shows no head of an empty one."""
    columns, rows = draw(st.sampled_from([1, 2, 4, 20, 21])), draw(st.sampled_from([0, 1, 5, 98, 100]))
    short: st.SearchStrategy[Spans] = st.sampled_from([("cell",), (Code("help"),), ()])
    cells = st.one_of(short, spans) if rows * columns < 30 else short
    first: tuple[Spans, ...] = (("first",),) * columns
    others = tuple(tuple(draw(cells) for _ in range(columns)) for _ in range(rows))
    return Table(tuple(f"column {n}" for n in range(columns)), (first, *others))


blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, spans),
    st.builds(Facts, st.lists(st.tuples(texts, spans), max_size=8).map(tuple)),
    st.builds(Bullets, st.lists(spans, max_size=12).map(tuple), st.booleans()),
    st.builds(lambda items: Bullets(tuple((f"point {n}",) for n in range(items)), numbered=True), st.sampled_from([60, 700])),
    tables(),
    st.builds(Buttons, st.lists(one_button, max_size=4).map(tuple)),
    st.builds(lambda many: Buttons(tuple(Button(f"Label {n}", "help") for n in range(many))), st.sampled_from([25, 26, 60])),
    st.builds(Picture, some_text, texts, st.just(b"png")),
    st.builds(File, some_text, st.just(b"text"), st.just("text/plain")),
)  # fmt: skip

messages = st.builds(
    Message, texts, st.lists(blocks, max_size=8).map(tuple), st.booleans(), st.booleans(), st.sampled_from(["", "projects", "x" * 2_001])
)
"""Any message that the house could send."""

choices = st.one_of(
    st.sampled_from(
        [
            (),
            ("draft", "active", "done"),
            tuple(f"choice {n}" for n in range(250)),
            tuple(f"choice {n}" for n in range(1_001)),
            tuple("abc" * 40 + str(n) for n in range(3)),
        ]
    ),
    st.lists(texts, max_size=5).map(tuple),
)
values = st.one_of(texts, st.sampled_from(["", "active", "draft; done", "2027-03-31", "2027-02-30", "2027-03-31 23:59 UTC", "next Monday"]))
shapes: st.SearchStrategy[Shape] = st.sampled_from(["text", "day", "instant"])


def questions(number: int) -> st.SearchStrategy[Question]:
    name = st.just(f"field_{number}")
    return st.builds(Question, name, some_text, st.booleans(), choices, st.booleans(), texts, values, texts, st.booleans(), shapes)


forms = st.integers(0, 8).flatmap(
    lambda many: st.builds(
        Form,
        st.sampled_from(["project add", "session change", "a very long route of words"]),
        some_text,
        st.tuples(*(questions(number) for number in range(many))),
    )
)
"""Any form that the house could show."""
