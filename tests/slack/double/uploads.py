"""The three steps of an upload: an address for it, its bytes, and where it is shown."""

from typing import Any

from aiohttp import web

from tests.slack.double import limits
from tests.slack.double.methods import destination
from tests.slack.double.web_api import Arguments, WebApi, method
from tests.slack.double.workspace import BOT_USER, Said, SlackError

FINISHED = limits.items(limits.shape({"id": limits.text(30)}, {"title": limits.text(1_000), "highlight_type": limits.text(60)}), 10)


@method(
    "files.getUploadURLExternal",
    "files:write",
    required={"filename": str, "length": int},
    optional={"alt_txt": str, "snippet_type": str},
)
def begin(api: WebApi, given: Arguments) -> dict[str, Any]:
    if given["length"] < 1:
        raise SlackError("invalid_arguments", "length is the number of bytes, at least one")
    if len(given.get("alt_txt", "")) > 1_000:
        raise SlackError("alt_txt_too_large")
    name = f"F{api.workspace.number():08d}"
    facts = {"name": given["filename"], "length": given["length"], "alt_txt": given.get("alt_txt", "")}
    api.workspace.files[name] = {"id": name, "data": None, "shown": False, **facts}
    return {"upload_url": f"{api.base}/upload/{name}", "file_id": name}


async def upload(api: WebApi, request: web.Request) -> web.StreamResponse:
    """Take the bytes of a file."""
    file, data = api.workspace.files.get(request.match_info["file"]), await request.read()

    def take() -> dict[str, Any]:
        if file is None or file["data"] is not None:
            raise SlackError("upload_not_found")
        if len(data) != file["length"]:
            raise SlackError("wrong_length", f"{len(data)} bytes came, {file['length']} were announced")
        file["data"] = data
        return {}

    return await api.answered(request, "upload", {}, take, status=400)


@method(
    "files.completeUploadExternal",
    "files:write",
    required={"files": list},
    optional={"channel_id": str, "channels": str, "thread_ts": str, "initial_comment": str},
)
def finish(api: WebApi, given: Arguments) -> dict[str, Any]:
    workspace = api.workspace
    if wrong := list(FINISHED(given["files"], "files")):
        raise SlackError("invalid_arguments", *wrong)
    files = [_uploaded(api, one) for one in given["files"]]
    for name in filter(None, [given.get("channel_id", ""), *given.get("channels", "").split(",")]):
        channel = destination(workspace, name)
        thread = given.get("thread_ts", "")
        if thread and workspace.found(channel.id, thread) is None:
            raise SlackError("thread_not_found")
        text = given.get("initial_comment", "")
        workspace.say(Said(channel.id, workspace.stamp(), BOT_USER, text, thread=thread, files=files))
    for one in files:
        workspace.files[one["id"]]["shown"] = True
    return {"files": files}


def _uploaded(api: WebApi, given: dict[str, str]) -> dict[str, Any]:
    file = api.workspace.files.get(given["id"])
    if file is None or file["data"] is None:
        raise SlackError("file_not_found", given["id"])
    if file["shown"]:
        raise SlackError("file_update_failed", f"{given['id']} is finished")
    file["title"] = given.get("title", file["name"])
    return {name: file[name] for name in ("id", "name", "title", "alt_txt")}
