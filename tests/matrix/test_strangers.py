"""What somebody who is no member gets of the bot in a room of theirs, whatever rights and whatever name they have there."""

import pytest

from tests.matrix.chat import Chat, shown
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import plain_people

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_rooms_administrator_has_no_rights_by_that_nor_by_the_name_of_a_chair(chat: Chat, synapse: Homeserver) -> None:
    async with plain_people(synapse, "eve") as (eve,):
        await eve.call("PUT", f"/v3/profile/{eve.id}/displayname", {"displayname": "Amina Example"})
        room = await eve.create_room(chat.amina.id, chat.bogdan.id)
        await chat.amina.join(room)
        await chat.bogdan.join(room)
        await chat.amina.invite(room, chat.bot)
        await chat.greeted(chat.amina, room)
        await eve.member(room, chat.bot)

        async def says(line: str) -> str:
            event = await eve.say(room, line)
            await chat.adapter.watched.answered(event)
            return (await eve.event(lambda one: one.sender == chat.bot and one.answers == event)).text

        assert "Only a chair may use" in await says("!c room bind work")
        assert "Only a member may use" in await says("!c member M2")
        assert "Bogdan" not in await says("!c members") + await says("!c project P2")
        assert "I write to members only" in await says("!c direct")
        joined = await says('!c join "Amina Example" --group "civil society" --region africa')
        assert joined.startswith("It is done.")
        assert "Only a chair may use" in await says("!c room bind work")
        which = shown(*await chat.says('!c remind "Amina Example" "Send it" in 10 minutes', chat.bogdan))
        assert "a name that several people have" in which


async def test_what_is_asked_about_a_person_in_a_room_is_asked_in_the_direct_chat(chat: Chat) -> None:
    bogdan = chat.bogdan
    (aside,) = await chat.says("!c me change", bogdan)
    assert (aside.room, "!c direct" in shown(aside)) == (chat.room, True)
    direct = await chat.direct(bogdan)
    told = {one.room: one for one in await chat.says("!c me change", bogdan)}
    assert "bogdan@example.org" not in shown(*told.values())
    (form,) = await chat.presses(told[direct], "me change", bogdan)
    assert (form.room, "bogdan@example.org" in shown(form)) == (direct, True)
