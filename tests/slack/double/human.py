"""What people do: every deed becomes what Slack brings to the bot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.slack.scopes import EVENTS
from tests.slack.double import limits
from tests.slack.double.deliveries import Deliveries, Delivery
from tests.slack.double.methods import profile
from tests.slack.double.modals import EMPTY, described, values
from tests.slack.double.web_api import WebApi
from tests.slack.double.workspace import APP, BOT_USER, TEAM, Channel, Said, User, View, Workspace

_URL = re.compile(r"https?://[^\s<>]+")
_MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


@dataclass
class Human:
    """People of one workspace. A deed returns at once; `Slack.settled` waits for what comes of it."""

    api: WebApi
    deliveries: Deliveries
    command_name: str = "/coalition"
    should_escape: bool = True
    subscribed: dict[str, tuple[str, ...]] = field(default_factory=lambda: {event.name: event.scopes for event in EVENTS})
    """The events of the bot's manifest, each with the scopes of which it needs one."""

    @property
    def workspace(self) -> Workspace:
        return self.api.workspace

    def command(self, channel: str, user: str, text: str, command: str = "") -> Delivery:
        """Type a slash command."""
        self.api.need("commands")
        where = self.workspace.channels[channel]
        person = self.workspace.users[user]
        return self.deliveries.start(
            "slash_commands",
            {
                "token": "verification",
                "team_id": person.team,
                "team_domain": "coalition",
                "channel_id": channel,
                "channel_name": "directmessage" if where.kind == "im" else where.name,
                "user_id": user,
                "user_name": person.name.lower(),
                "command": command or self.command_name,
                "text": self.escaped(text) if self.should_escape else text,
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": self._hook(channel, user),
                "trigger_id": self.workspace.trigger(user),
            },
        )

    def escaped(self, text: str) -> str:
        """Text as Slack passes it on: `@Ana Example`, `#general` and addresses as tags, `& < >` escaped."""
        plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        plain = _URL.sub(lambda found: f"<{found[0]}>", plain)
        for user in self.workspace.users.values():
            plain = plain.replace(f"@{user.name}", f"<@{user.id}>")
        for channel in self.workspace.channels.values():
            if channel.name:
                plain = re.sub(rf"#{re.escape(channel.name)}\b", f"<#{channel.id}|{channel.name}>", plain)
        return plain

    def says(self, channel: str, user: str, text: str, thread: str = "", **more: Any) -> Said:
        """Write a message, in a thread where one is named; `@coalition` mentions the bot. `more` are further fields of the event."""
        where = self.workspace.channels[channel]
        written = self.escaped(text)
        said = self.workspace.say(Said(channel, self.workspace.stamp(), user, written, thread=thread))
        parent = self.workspace.found(channel, thread)
        event = {
            "type": "message",
            "user": user,
            "text": written,
            "ts": said.ts,
            "event_ts": said.ts,
            "team": self.workspace.users[user].team,
            "channel": channel,
            "client_msg_id": f"00000000-0000-0000-0000-{self.workspace.number():012d}",
            **({"thread_ts": thread, "parent_user_id": parent.user if parent else user} if thread else {}),
            **more,
        }
        if BOT_USER in where.members:
            if f"<@{BOT_USER}>" in written and where.kind != "im":
                self.event({**event, "type": "app_mention"}, where)
            self.event({**event, "channel_type": where.kind}, where)
        return said

    def hears_the_bot(self, said: Said) -> None:
        """What the bot says and changes comes back to it as an event."""
        where = self.workspace.channels[said.channel]
        changed = {"subtype": "message_changed", "hidden": True, "message": said.payload()}
        told = changed if said.edited else said.payload()
        self.event({**told, "type": "message", "channel": said.channel, "channel_type": where.kind, "event_ts": said.ts}, where)

    def edits(self, said: Said, text: str) -> None:
        """Change one's message."""
        before, said.text, said.edited = said.payload(), self.escaped(text), True
        self._altered(said, "message_changed", {"message": said.payload(), "previous_message": before})

    def deletes(self, said: Said) -> None:
        """Take one's message away."""
        said.gone = True
        self._altered(said, "message_deleted", {"deleted_ts": said.ts, "previous_message": said.payload()})

    def _altered(self, said: Said, subtype: str, more: Mapping[str, Any]) -> None:
        where = self.workspace.channels[said.channel]
        ts = self.workspace.stamp()
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": said.channel, "ts": ts, "event_ts": ts, **more}
        if BOT_USER in where.members:
            self.event({**event, "channel_type": where.kind}, where)

    def event(self, event: Mapping[str, Any], channel: Channel | None = None, event_id: str = "") -> Delivery | None:
        """Bring an event, if the app is subscribed to it and one of the scopes that it needs was granted."""
        name = _MESSAGES[event["channel_type"]] if event["type"] == "message" else event["type"]
        scopes = self.subscribed.get(name)
        if scopes is None or (scopes and not self.api.scopes & set(scopes)):
            return None
        return self.deliveries.start(
            "events_api",
            {
                "token": "verification",
                "team_id": TEAM,
                "context_team_id": TEAM,
                "context_enterprise_id": None,
                "api_app_id": APP,
                "event": dict(event),
                "type": "event_callback",
                "event_id": event_id or f"Ev{self.workspace.number():010d}",
                "event_time": int(self.workspace.clock.now),
                "authorizations": [
                    {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
                ],
                "is_ext_shared_channel": bool(channel and channel.shared),
                "event_context": "4-event-context",
            },
        )

    def presses(self, where: Said | View, label: str, user: str = "") -> Delivery:
        """Press a button by its label. `user`: the person, where it is not clear who sees it."""
        for one, element in _parts(where):
            if element["type"] == "button" and element["text"]["text"] == label:
                kept = ("type", "action_id", "text", "value", "style", "url")
                action: dict[str, Any] = {name: element[name] for name in kept if name in element}
                return self._acted(where, user, {**action, "block_id": one["block_id"]})
        raise AssertionError(f"there is no button {label!r} in: {where.seen}")

    def chooses(self, where: Said | View, label: str, user: str = "") -> Delivery:
        """Choose what is labelled so in a select or a menu."""
        for one, element in _parts(where):
            found = next((option for option in limits.options(element) if option["text"]["text"] == label), None)
            if found is not None:
                action = {"type": element["type"], "action_id": element["action_id"], "block_id": one["block_id"]}
                return self._acted(where, user, {**action, "selected_option": found})
        raise AssertionError(f"{label!r} cannot be chosen in: {where.seen}")

    def _acted(self, where: Said | View, user: str, action: Mapping[str, Any]) -> Delivery:
        if isinstance(where, View):
            container: dict[str, Any] = {"container": {"type": "view", "view_id": where.id}, "view": described(where)}
            person = where.user
        else:
            person = user or where.only or self._partner(where.channel)
            container = self._message_container(where, person)
        trigger = self.workspace.trigger(person, where.id if isinstance(where, View) else "")
        payload = {"type": "block_actions", **self._about(person), **container, "trigger_id": trigger}
        payload["actions"] = [{**action, "action_ts": self.workspace.stamp()}]
        return self.deliveries.start("interactive", payload)

    def _partner(self, channel: str) -> str:
        """The one person of a direct chat."""
        where = self.workspace.channels[channel]
        if where.kind != "im":
            raise AssertionError("many people see this: say who")
        return next(iter(where.members - {BOT_USER}))

    def _message_container(self, said: Said, user: str) -> dict[str, Any]:
        if said.only not in {"", user} or said.gone:
            raise AssertionError(f"{user} does not see this: {said.seen}")
        place = {"message_ts": said.ts, "channel_id": said.channel, "is_ephemeral": bool(said.only), "is_app_unfurl": False}
        thread = {"thread_ts": said.thread} if said.thread else {}
        where = self.workspace.channels[said.channel]
        return {
            "container": {"type": "message", **place, **thread},
            "channel": {"id": where.id, "name": "directmessage" if where.kind == "im" else where.name},
            "state": {"values": {}},
            "response_url": self._hook(said.channel, user, said.thread, said),
            **({} if said.only else {"message": said.payload()}),
        }

    def _about(self, user: str) -> dict[str, Any]:
        person = self.workspace.users[user]
        names = {"id": user, "username": person.name.lower(), "name": person.name.lower(), "team_id": person.team}
        team = {"id": TEAM, "domain": "coalition"}
        return {
            "team": team,
            "user": names,
            "api_app_id": APP,
            "token": "verification",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _hook(self, channel: str, user: str, thread: str = "", message: Said | None = None) -> str:
        return f"{self.api.base}/response/{self.workspace.hook(channel, user, thread, message)}"

    def shortcut(self, callback: str, said: Said, user: str) -> Delivery:
        """Use a shortcut on a message."""
        where = self.workspace.channels[said.channel]
        payload = {
            "type": "message_action",
            **self._about(user),
            "callback_id": callback,
            "trigger_id": self.workspace.trigger(user),
            "response_url": self._hook(said.channel, user, "", said),
            "action_ts": self.workspace.stamp(),
            "message_ts": said.ts,
            "message": said.payload(),
            "channel": {"id": where.id, "name": "directmessage" if where.kind == "im" else where.name},
        }
        return self.deliveries.start("interactive", payload)

    def fills(self, view: View, given: Mapping[str, str]) -> View:
        """Write into the fields of a modal, by label or block_id; a choice by its label, several separated by `; `."""
        for name, text in given.items():
            one = next((one for one in view.body["blocks"] if one["type"] == "input" and name in {one["block_id"], _label(one)}), None)
            if one is None:
                raise AssertionError(f"there is no field {name!r} in: {view.seen}")
            view.typed[one["block_id"], one["element"]["action_id"]] = _state(one["element"], text)
        return view

    def submits(self, view: View) -> Delivery:
        """Send a modal. Slack itself keeps back one that lacks a required answer, or has too short or long a one."""
        if self.workspace.modal(view.user) is not view:
            raise AssertionError(f"this modal is not on top: {view.seen}")
        if "submit" not in view.body:
            raise AssertionError(f"this modal cannot be sent: {view.seen}")
        if wrong := [_label(one) for one in view.body["blocks"] if one["type"] == "input" and not _complete(view, one)]:
            raise AssertionError(f"Slack asks for {', '.join(wrong)} in: {view.seen}")
        payload = {"type": "view_submission", **self._about(view.user), "view": described(view), "response_urls": []}
        return self.deliveries.start("interactive", {**payload, "trigger_id": self.workspace.trigger(view.user, view.id)})

    def closes(self, view: View) -> Delivery | None:
        """Close a modal with what was typed in it."""
        self.workspace.stacks[view.user].remove(view.id)
        if not view.body.get("notify_on_close"):
            return None
        payload = {"type": "view_closed", **self._about(view.user), "view": described(view), "is_cleared": False}
        return self.deliveries.start("interactive", payload)

    def opens_home(self, user: str, tab: str = "home") -> Delivery | None:
        """Open the App Home, or its messages."""
        there = self.workspace.homes.get(user)
        event = {"type": "app_home_opened", "user": user, "channel": self.workspace.direct(user).id, "tab": tab}
        view = {"view": described(there)} if there else {}
        return self.event({**event, **view, "event_ts": self.workspace.stamp()})

    def joins(self, channel: str, user: str, inviter: str = "") -> Delivery | None:
        """Come into a channel."""
        where = self.workspace.channels[channel]
        where.members.add(user)
        if BOT_USER not in where.members:
            return None
        letter = {"channel": "C", "group": "G"}[where.kind]
        event = {"type": "member_joined_channel", "user": user, "channel": channel, "channel_type": letter, "team": TEAM}
        stamped = {**event, **({"inviter": inviter} if inviter else {}), "event_ts": self.workspace.stamp()}
        return self.event(stamped, where)

    def invites(self, channel: str, user: str) -> Delivery | None:
        """Bring the bot into a channel."""
        return self.joins(channel, BOT_USER, user)

    def changes_profile(self, user: User) -> Delivery | None:
        """Tell of a person's profile as it now stands."""
        stamp = self.workspace.stamp()
        return self.event({"type": "user_change", "user": profile(user), "cache_ts": 0, "event_ts": stamp})


def _parts(where: Said | View) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    blocks = where.body["blocks"] if isinstance(where, View) else where.blocks
    return [(one, element) for one in blocks for element in limits.elements(one)]


def _label(one: Mapping[str, Any]) -> str:
    return str(one["label"]["text"])


def _state(element: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The state of an element after a person used it."""
    name, _, empty = EMPTY[element["type"]]
    return {"type": element["type"], name: _value(element, name, text) if text else empty}


def _value(element: Mapping[str, Any], name: str, text: str) -> Any:
    if name not in {"selected_option", "selected_options"}:
        return int(text) if name == "selected_date_time" else text.split("; ") if name == "selected_users" else text
    labels = text.split("; ") if name == "selected_options" else [text]
    found = {option["text"]["text"]: option for option in limits.options(element)}
    if missing := [label for label in labels if label not in found]:
        raise AssertionError(f"{missing} cannot be chosen, only {sorted(found)}")
    chosen = [found[label] for label in labels]
    return chosen if name == "selected_options" else chosen[0]


def _complete(view: View, one: Mapping[str, Any]) -> bool:
    """Whether Slack lets a field go out as it stands."""
    element = one["element"]
    value = values(view)[one["block_id"]][element["action_id"]][EMPTY[element["type"]][0]]
    if not value:
        return bool(one.get("optional", False))
    return not isinstance(value, str) or element.get("min_length", 0) <= len(value) <= element.get("max_length", 3_000)
