"""The people of the tests, at a plain client and at one that encrypts, see each other."""

import pytest

from tests.matrix.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_people_meet_in_a_room_and_see_what_is_said(people: tuple[Person, Person]) -> None:
    ana, ben = people
    room = await ana.create_room(ben.id)
    assert await ben.invited() == room
    await ben.join(room)
    await ana.member(room, ben.id)
    root = await ana.say(room, "What is new?")
    seen = await ben.event(lambda event: event.id == root and event.readable)
    assert (seen.sender, seen.text, seen.encrypted) == (ana.id, "What is new?", ana.encrypts)
    said = await ben.say(room, "Nothing", thread=root)
    answer = await ana.event(lambda event: event.id == said and event.readable)
    assert (answer.text, answer.thread, answer.answers) == ("Nothing", root, root)
    await ben.redact(room, await ben.react(room, root, "✅"))
    edited = await ben.edit(room, said, "Something")
    await ana.settled()
    seen = next(event for event in ana.seen if event.id == edited)
    assert (seen.text, seen.relation["event_id"], seen.readable) == ("* Something", said, True)
    assert "m.room.redaction" in [event.kind for event in ana.seen]
