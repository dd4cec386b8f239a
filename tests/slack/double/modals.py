"""What the methods of modals and the App Home do."""

import json
from typing import Any

from tests.slack.double import limits
from tests.slack.double.web_api import Arguments, WebApi, method
from tests.slack.double.workspace import APP, BOT, TEAM, VIEWS_IN_A_STACK, SlackError, Trigger, View, Workspace


def checked(view: Any, kind: str) -> dict[str, Any]:
    """The body of a view. Raises SlackError."""
    if wrong := limits.of_view(view):
        raise SlackError("invalid_arguments", *wrong)
    if view["type"] != kind:
        raise SlackError("invalid_arguments", f"view: type is {view['type']}, must be {kind}")
    if len(json.dumps(view)) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")
    return dict(view)


def described(view: View) -> dict[str, Any]:
    """A view as the Web API and interactions show it."""
    state = {"values": {}} if view.body["type"] == "home" else {"values": values(view)}
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.body,
        "id": view.id,
        "team_id": TEAM,
        "state": state,
        "hash": view.hash,
        "previous_view_id": view.previous or None,
        "root_view_id": view.root,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
    }


EMPTY: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
}
"""By element: the field of its value, the field of its first value, and what it is without either."""


def values(view: View) -> dict[str, dict[str, Any]]:
    """What stands in the fields of a modal, by block and action."""
    found: dict[str, dict[str, Any]] = {}
    for one in view.body["blocks"]:
        for element in limits.elements(one):
            if element["type"] in EMPTY:
                typed = view.typed.get((one["block_id"], element["action_id"]))
                found.setdefault(one["block_id"], {})[element["action_id"]] = typed or untouched(element)
    return found


def untouched(element: dict[str, Any]) -> dict[str, Any]:
    """The state of an element that nobody has used."""
    name, first, empty = EMPTY[element["type"]]
    return {"type": element["type"], name: element.get(first, empty)}


def _exchanged(workspace: Workspace, name: str) -> Trigger:
    trigger = workspace.triggers.get(name)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if workspace.clock.now > trigger.until:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def _unique(workspace: Workspace, body: dict[str, Any], but: str = "") -> None:
    name = body.get("external_id")
    if name and any(view.body.get("external_id") == name and view.id != but for view in workspace.views.values()):
        raise SlackError("duplicate_external_id")


OPENING: dict[str, type] = {"trigger_id": str, "view": dict}


@method("views.open", required=OPENING)
def open_modal(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    body = checked(given["view"], "modal")
    _unique(workspace, body)
    trigger = _exchanged(workspace, given["trigger_id"])
    view = workspace.show(workspace.new_view(trigger.user, body))
    workspace.stacks[trigger.user] = [view.id]
    return {"view": described(view)}


@method("views.push", required=OPENING)
def push_modal(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    body = checked(given["view"], "modal")
    _unique(workspace, body)
    trigger = _exchanged(workspace, given["trigger_id"])
    if trigger.view not in workspace.stacks.get(trigger.user, []):
        raise SlackError("invalid_trigger_id", "it comes from no open modal")
    return {"view": described(pushed(workspace, trigger.user, body))}


def pushed(workspace: Workspace, user: str, body: dict[str, Any]) -> View:
    """A modal on top of another."""
    stack = workspace.stacks[user]
    if len(stack) == VIEWS_IN_A_STACK:
        raise SlackError("push_limit_reached")
    view = workspace.show(workspace.new_view(user, body, stack[-1]))
    stack.append(view.id)
    return view


@method("views.update", required={"view": dict}, optional={"view_id": str, "external_id": str, "hash": str})
def update_modal(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    body = checked(given["view"], "modal")
    view = _open(workspace, given)
    _unique(workspace, body, view.id)
    if given.get("hash", view.hash) != view.hash:
        raise SlackError("hash_conflict")
    return {"view": described(workspace.change_view(view, body))}


def _open(workspace: Workspace, given: Arguments) -> View:
    shown = [workspace.views[name] for stack in workspace.stacks.values() for name in stack]
    external = given.get("external_id")
    found = next(
        (view for view in shown if view.id == given.get("view_id") or (external and view.body.get("external_id") == external)), None
    )
    if found is None:
        raise SlackError("not_found", "the modal was closed")
    return found


@method("views.publish", required={"user_id": str, "view": dict}, optional={"hash": str})
def publish(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    body = checked(given["view"], "home")
    if given["user_id"] not in workspace.users:
        raise SlackError("user_not_found")
    there = workspace.homes.get(given["user_id"])
    if "hash" in given and (there is None or there.hash != given["hash"]):
        raise SlackError("hash_conflict")
    if there is not None:
        return {"view": described(workspace.change_view(there, body))}
    view = workspace.homes[given["user_id"]] = workspace.new_view(given["user_id"], body)
    return {"view": described(workspace.show(view))}
