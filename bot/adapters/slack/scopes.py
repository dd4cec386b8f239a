"""What the app asks a workspace for, each with its reason: the manifest, `coalition check` and docs/slack.md are made from it.

Which method and which event needs which scope is Slack's own word (docs.slack.dev/reference/scopes, /methods and /events).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A bot scope: what it is for, and the methods of the Web API that are called with it.

    `without`: what is missing where the workspace does not grant it; "" for a scope that the bot cannot be without.
    """

    name: str
    reason: str
    methods: tuple[str, ...] = ()
    without: str = ""

    @property
    def optional(self) -> bool:
        return bool(self.without)


@dataclass(frozen=True, slots=True)
class Event:
    """An event that Slack sends to the bot: what it is for, and the scopes that it needs."""

    name: str
    reason: str
    scopes: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        return any(scope.optional for scope in SCOPES if scope.name in self.scopes)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry in the menu of every message, known by its `callback_id`."""

    callback_id: str
    name: str
    description: str


_HISTORY = ("conversations.history", "conversations.replies")
_WITHOUT_HISTORY = "only a mention is heard in a thread, and a letter in doubt is sent again, so that it may come twice"

SCOPES = (
    Scope("app_mentions:read", "the bot hears when it is mentioned, also in a thread, where no slash command is allowed"),
    Scope("chat:write", "answers, reminders and the cards that begin a thread", ("chat.postEphemeral", "chat.postMessage", "chat.update")),
    Scope("commands", "the slash command and the three shortcuts on a message"),
    Scope("files:write", "pictures and files: calendars, exports, a member's copy of their data",
          ("files.completeUploadExternal", "files.getUploadURLExternal")),
    Scope("im:history", "the bot reads what is written to it in its direct chats", _HISTORY),
    Scope("im:write", "reminders and private answers begin a direct chat with a member", ("conversations.open",)),
    Scope("users:read", "a member's name and time zone, and who is a guest, is of another organisation or has left",
          ("users.info",)),
    Scope("channels:history", "plain text in threads of public channels; a letter in doubt is looked for before it is sent again",
          _HISTORY, f"in public channels {_WITHOUT_HISTORY}"),
    Scope("channels:read", "the bot greets a public channel that it joins, and sees whether one is shared with another organisation",
          ("conversations.info",), "public channels are not greeted, nothing is shared in them, and coalition check cannot look at them"),
    Scope("groups:history", "the same as channels:history in private channels", _HISTORY, f"in private channels {_WITHOUT_HISTORY}"),
    Scope("groups:read", "the same as channels:read in private channels",
          ("conversations.info",), "private channels are not greeted, nothing is shared in them, and coalition check cannot look at them"),
    Scope("mpim:history", "the same as channels:history in group chats", _HISTORY, f"in group chats {_WITHOUT_HISTORY}"),
    Scope("mpim:read", "the same as channels:read in group chats", ("conversations.info",), "nothing is shared in group chats"),
)  # fmt: skip
"""The bot token's scopes: first those that the bot cannot be without."""

APP_SCOPE = Scope(
    "connections:write", "Socket Mode: the bot opens the connection, so that it needs no public address", ("apps.connections.open",)
)
"""The one scope of the app-level token."""

FREE = frozenset({"auth.test", "views.open", "views.publish", "views.update"})
"""Methods that need no scope."""

EVENTS = (
    Event("app_home_opened", "the Home tab is drawn when somebody opens it"),
    Event("app_mention", "somebody mentions the bot", ("app_mentions:read",)),
    Event("message.im", "somebody writes to the bot in its direct chat", ("im:history",)),
    Event("user_change", "a member's name or time zone changes, or their account is closed", ("users:read",)),
    Event("member_joined_channel", "the bot says hello in a channel that it was invited to", ("channels:read", "groups:read")),
    Event("message.channels", "plain text in a thread of a public channel", ("channels:history",)),
    Event("message.groups", "plain text in a thread of a private channel", ("groups:history",)),
    Event("message.mpim", "plain text in a thread of a group chat", ("mpim:history",)),
)
"""The events to subscribe to: first those that the bot cannot be without."""

SHORTCUTS = (
    Shortcut("add_to_agenda", "Add to agenda", "Suggest this message as an item of a session's agenda"),
    Shortcut("remind_me", "Remind me", "Be reminded of this message"),
    Shortcut("share_as_lesson", "Share as lesson", "Share this message with the coalition as a lesson learnt"),
)


def wanted(*, minimal: bool = False) -> tuple[tuple[Scope, ...], tuple[Event, ...]]:
    """The scopes and events of an app, the optional ones among them unless it is `minimal`."""
    return (
        tuple(scope for scope in SCOPES if not (minimal and scope.optional)),
        tuple(event for event in EVENTS if not (minimal and event.optional)),
    )
