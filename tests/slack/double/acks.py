"""What the bot's acknowledgements do, and which of them Slack does not take."""

from typing import Any

from tests.slack.double import limits
from tests.slack.double.deliveries import Ack, Delivery
from tests.slack.double.hooks import said
from tests.slack.double.modals import checked, pushed
from tests.slack.double.web_api import WebApi
from tests.slack.double.workspace import Hook, SlackError, View

ACTIONS = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set()}


class Acks:
    """Does what an acknowledgement asks for."""

    def __init__(self, api: WebApi) -> None:
        self._api = api
        self._workspace = api.workspace

    def heard(self, delivery: Delivery, ack: Ack) -> None:
        """Take the last acknowledgement of a delivery."""
        try:
            if delivery.kind == "slash_commands":
                self._command(delivery.payload, ack)
            elif delivery.kind == "interactive":
                self._interaction(delivery.payload, ack)
        except SlackError as error:
            self._api.refuse("ack", error)

    def _command(self, payload: dict[str, Any], ack: Ack) -> None:
        channel, user = payload["channel_id"], payload["user_id"]
        if not ack.ok:
            self._workspace.tell(channel, user, f"{payload['command']} failed with the error “operation_timeout”")
        elif isinstance(ack.body, dict) and ack.body:
            said(self._workspace, Hook(channel, user, self._workspace.clock.now), ack.body)
        elif ack.body:
            self._workspace.tell(channel, user, str(ack.body))

    def _interaction(self, payload: dict[str, Any], ack: Ack) -> None:
        user = payload["user"]["id"]
        if not ack.ok:
            self._workspace.tell("", user, "We had some trouble connecting. Try again?")
        elif payload["type"] == "view_submission":
            self._submitted(self._workspace.views[payload["view"]["id"]], ack.body)
        elif ack.body:
            raise SlackError("unexpected_body", f"the ack of {payload['type']} must be empty")

    def _submitted(self, view: View, body: Any) -> None:
        stack = self._workspace.stacks.get(view.user, [])
        if view.id not in stack:
            return
        if not body:
            stack.remove(view.id)
            return
        action = body.get("response_action") if isinstance(body, dict) else None
        if action not in ACTIONS or set(body) != {"response_action", *ACTIONS[action]}:
            raise SlackError("invalid_response_action", str(body))
        if action == "errors":
            self._errors(view, body["errors"])
        elif action == "clear":
            stack.clear()
        elif action == "update":
            self._workspace.change_view(view, checked(body["view"], "modal"))
        else:
            pushed(self._workspace, view.user, checked(body["view"], "modal"))

    def _errors(self, view: View, errors: Any) -> None:
        inputs = {one["block_id"] for one in view.body["blocks"] if one["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_errors", "errors must name what is wrong")
        if wrong := [*(set(errors) - inputs), *(name for name, why in errors.items() if list(limits.text(2_000)(why, name)))]:
            raise SlackError("invalid_errors", *(f"{name} is no input block with an error" for name in wrong))
        view.errors = errors
        self._workspace.show(view)
