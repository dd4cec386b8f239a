"""What was heard on Slack: the neutral request, and the ways back that Slack opened with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.request import Request

PLATFORM = "slack"
What = Literal["line", "share", "form", "shortcut", "home", "joined"]


@dataclass(frozen=True, slots=True)
class Pressed:
    """The message of the bot in which a button was pressed, as Slack shows it, and the button's label."""

    label: str
    text: str
    blocks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the answer can go. Every field is Slack's own id, "" where there is none.

    `channel` is the conversation (also of a direct chat), `thread` the `thread_ts` of what was said in a thread, `said` the `ts` of what
    was said itself. `response_url` takes five answers in half an hour, `trigger_id` opens one modal in three seconds: both are
    permissions, so no log shows them. `view` is the modal, `home` the App Home, `shows` the hash of what that showed. `message` is the
    message of the bot (its `ts`) in which something was pressed or chosen, `pressed` what it shows. `ephemeral`: it is seen by the user
    alone. `shared`: the channel is shared with another organisation.
    """

    user: str
    channel: str = ""
    direct: bool = False
    thread: str = ""
    said: str = ""
    response_url: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    view: str = ""
    home: bool = False
    shows: str = ""
    message: str = ""
    pressed: Pressed | None = field(default=None, repr=False)
    ephemeral: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a person did on Slack.

    A `line` is answered; `share` shows everybody in the channel the answer of a line; a `form` is a modal that was sent; a `shortcut`
    opens the form of its line, filled in with `values`, and changes nothing yet; `home` shows the App Home; `joined`: the bot came into
    a channel and says hello, once.
    """

    what: What
    request: Request
    way: Way

    @property
    def at_home(self) -> bool:
        """Whether it was done in the App Home, or in a modal that was opened there."""
        return self.way.home or bool(self.way.view and not self.way.channel)
