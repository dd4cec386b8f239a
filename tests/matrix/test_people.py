"""The people of the tests, at a plain client and at one that encrypts, see each other."""

from tests.matrix.people import Person


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
    await ben.edit(room, said, "Something")
    assert (await ana.event(lambda event: event.text == "* Something")).relation["event_id"] == said
    assert await ana.event(lambda event: event.kind == "m.room.redaction")
