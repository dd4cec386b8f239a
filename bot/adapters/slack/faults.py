"""What Slack's errors mean: whether trying again helps, and what an operator can do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.errors import DeliveryError

Kind = Literal["", "token", "scope", "method", "channel"]
MINUTE = 60.0
OPERATOR = 10 * MINUTE
"""Seconds until a call is tried again that only works once an operator has put something right."""
UNSAID = 30.0
"""Seconds to wait where Slack asks for time without saying how much."""


class SlackError(DeliveryError):
    """Slack did not do what was asked. `code` is Slack's own word for why, "" where it gave no answer; `needed` the scopes that lack."""

    def __init__(self, reason: str, *, code: str = "", retry_after: float | None = None, doubtful: bool = False, needed: str = "") -> None:
        super().__init__(reason, retry_after=retry_after, doubtful=doubtful)
        self.code = code
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Fault:
    """One of Slack's errors in words. `wait` is in seconds, None where trying again cannot help.

    `doubtful`: it may have been done all the same. `fix` is what an operator can do, said in `status` while the problem lasts: about
    the `token`, a missing `scope`, a `method` or a `channel`.
    """

    said: str
    wait: float | None = None
    doubtful: bool = False
    kind: Kind = ""
    fix: str = ""


_NEW_TOKEN = "take the bot token from “OAuth & Permissions” of the app and put it into COALITION_SLACK_BOT_TOKEN"  # noqa: S105 - no secret
_INSTALL = f"install the app again, {_NEW_TOKEN}, and restart the bot"

ADD_IT = "add the scope under “OAuth & Permissions” of the app and install the app again"
"""What to do about a missing scope."""


def _token(said: str, fix: str = _INSTALL) -> Fault:
    return Fault(said, OPERATOR, kind="token", fix=fix)


def _channel(said: str, fix: str) -> Fault:
    return Fault(said, kind="channel", fix=fix)


def _ours(said: str) -> Fault:
    """Slack refuses what we made of a message: a bug of ours, which the same message meets again."""
    return Fault(said, kind="method", fix="report this at the project; the text itself is in the bot")


_PERSON_GONE = Fault("the person's account on Slack is closed")
_NO_CHAT = Fault("Slack lets the bot write no direct message to this person")
_BUSY = Fault("Slack has trouble of its own", 0, doubtful=True)
_RESTRICTED = _channel("the channel lets only some people post", "let the app post: channel settings, “Posting permissions”")
_ARCHIVED = _channel("the channel is archived", "unarchive it, or bind another channel with `room bind` there")
_TOO_LONG = _ours("Slack found the message too long")

FAULTS: Mapping[str, Fault] = {
    "invalid_auth": _token("Slack does not know the bot token"),
    "not_authed": _token("Slack got no bot token"),
    "token_revoked": _token("the bot token was revoked"),
    "token_expired": _token("the bot token has expired"),
    "account_inactive": _token("the app was removed from the workspace, or its workspace is closed"),
    "not_allowed_token_type": _token("the token is of another kind", f"{_NEW_TOKEN}: it begins with xoxb-"),
    "org_login_required": _token("the workspace is being moved to an organisation", "wait until the move is done"),
    "team_added_to_org": _token("the workspace is being moved to an organisation", "wait until the move is done"),
    "team_access_not_granted": _token("the app may not be used in this workspace"),
    "ekm_access_denied": _token("the organisation's key management holds the bot back", "ask the administrators of the workspace"),
    "accesslimited": _token("Slack restricts the app", "look for mail from Slack about the app"),
    "access_denied": _token("Slack denies the app access", "ask the administrators of the workspace to approve the app"),
    "no_permission": Fault("the app lacks a permission", kind="method", fix=f"compare its scopes with docs/slack.md, then {_INSTALL}"),
    "not_in_channel": _channel("the bot is not in the channel", "type /invite and the bot's name there"),
    "channel_not_found": _channel("Slack shows the bot no such channel", "if it is private, type /invite and the bot's name there"),
    "is_archived": _ARCHIVED,
    "channel_is_archived": _ARCHIVED,
    "restricted_action": _RESTRICTED,
    "restricted_action_read_only_channel": _RESTRICTED,
    "restricted_action_thread_only_channel": _RESTRICTED,
    "restricted_action_non_threadable_channel": _RESTRICTED,
    "restricted_action_thread_locked": Fault("the thread is locked"),
    "message_limit_exceeded": Fault("the workspace has reached Slack's limit of messages", OPERATOR),
    "thread_not_found": Fault("the thread is gone"),
    "cannot_reply_to_message": Fault("this message takes no replies"),
    "user_not_found": Fault("Slack knows no such person"),
    "users_not_found": Fault("Slack knows no such person"),
    "user_disabled": _PERSON_GONE,
    "user_not_visible": Fault("Slack does not show this person to the bot"),
    "user_not_in_channel": Fault("the person is not in the channel"),
    "cannot_dm": _NO_CHAT,
    "cannot_dm_bot": _NO_CHAT,
    "not_enough_users": _NO_CHAT,
    "messages_tab_disabled": Fault(
        "the app takes no direct messages", kind="method", fix="switch the Messages tab on under “App Home” of the app"
    ),
    "not_enabled": Fault("the app has no Home tab", kind="method", fix="switch the Home tab on under “App Home” of the app"),
    "msg_too_long": _TOO_LONG,
    "msg_blocks_too_long": _TOO_LONG,
    "metadata_too_large": _TOO_LONG,
    "no_text": _ours("Slack found the message empty"),
    "invalid_blocks": _ours("Slack does not take the blocks of the message"),
    "invalid_blocks_format": _ours("Slack does not take the blocks of the message"),
    "invalid_arguments": _ours("Slack does not take what it was given"),
    "invalid_arg_name": _ours("Slack does not take what it was given"),
    "invalid_metadata_format": _ours("Slack does not take the metadata of the message"),
    "message_not_found": Fault("the message is gone"),
    "cant_update_message": Fault("the message is not the bot's own"),
    "edit_window_closed": Fault("the workspace lets messages be edited for a while only"),
    "expired_trigger_id": Fault("it took too long to open the form"),
    "exchanged_trigger_id": Fault("a form was opened already"),
    "not_found": Fault("the form is not open any more"),
    "hash_conflict": Fault("it was changed meanwhile"),
    "unknown_method": Fault("Slack does not know this method"),
    "method_deprecated": Fault("Slack has withdrawn this method"),
    "deprecated_endpoint": Fault("Slack has withdrawn this method"),
    "ratelimited": Fault("Slack asks for time", UNSAID),
    "rate_limited": Fault("Slack asks for time", UNSAID),
    "internal_error": _BUSY,
    "fatal_error": _BUSY,
    "service_unavailable": _BUSY,
    "request_timeout": _BUSY,
}
"""Slack's errors (docs.slack.dev, “Errors” of each method). What is not here is tried again, as it may pass."""

WRONG_TOKEN = frozenset(code for code, fault in FAULTS.items() if fault.kind == "token" and _NEW_TOKEN in fault.fix)
"""What Slack says of a token in whose place another is needed: waiting does not help."""

_POINTER = re.compile(r"\[json-pointer:([/\w.-]+)\]")


def fault_of(code: str, answer: Mapping[str, Any]) -> Fault:
    """What an error means. Of what Slack says beside the code only names are taken up, never a text that we had sent."""
    if code == "missing_scope":
        return Fault(f"the app lacks the scope {answer.get('needed') or 'that this needs'}", kind="scope", fix=ADD_IT)
    return FAULTS.get(code) or Fault("Slack refused", 0)


def pointers(answer: Mapping[str, Any]) -> str:
    """Where in a payload Slack found something wrong (`/blocks/0/text`), "" where it does not say."""
    messages = (answer.get("response_metadata") or {}).get("messages") or ()
    return ", ".join(dict.fromkeys(pointer for message in messages for pointer in _POINTER.findall(str(message))))


def asked_to_wait(headers: Mapping[str, str], unsaid: float = UNSAID) -> float:
    """The seconds that an answer's `Retry-After` asks to wait; `unsaid` where it does not say."""
    said = headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() else unsaid
