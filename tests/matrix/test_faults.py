"""What a homeserver's refusals mean for a letter and for people."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from bot.adapters.matrix.faults import FAULTS, UNSAID, broken, refused


@pytest.mark.parametrize(
    ("status", "answer", "wait", "doubtful", "said"),
    [
        (403, {"errcode": "M_FORBIDDEN", "error": "no"}, None, False, "does not let the bot"),
        (401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}, 60, False, "coalition matrix login"),
        (413, {"errcode": "M_TOO_LARGE"}, None, False, "too long"),
        (403, {"errcode": "M_INVITE_BLOCKED"}, None, False, "takes no invites"),
        (403, {"errcode": "ORG.MATRIX.MSC4155.M_INVITE_BLOCKED"}, None, False, "takes no invites"),
        (500, {"errcode": "M_UNKNOWN", "error": "Internal server error"}, 0, True, "trouble of its own"),
        (502, None, 0, True, "trouble of its own"),
        (404, None, 0, False, "no homeserver"),
        (400, {"errcode": "M_SOMETHING_NEW"}, None, False, "M_SOMETHING_NEW"),
        (400, ["no object"], 0, False, "no homeserver"),
    ],
)
def test_a_refusal_says_whether_trying_again_helps(status: int, answer: object, wait: float | None, doubtful: bool, said: str) -> None:
    error = refused(status, {}, answer)
    assert (error.status, error.retry_after, error.doubtful) == (status, wait, doubtful)
    assert said in str(error)


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        ("7", {"retry_after_ms": 90_000}, 7),
        ("", {"retry_after_ms": 1_500}, 1.5),
        ("soon", {"retry_after_ms": 1_500}, 1.5),
        ("", {"retry_after_ms": "soon"}, UNSAID),
        ("", {"retry_after_ms": float("nan")}, UNSAID),
        ("", {"retry_after_ms": -10}, 0),
        ("", None, UNSAID),
    ],
)
def test_a_wish_for_time_is_read_from_the_header_before_the_body(header: str, body: dict[str, object] | None, seconds: float) -> None:
    error = refused(429, {"Retry-After": header} if header else {}, body)
    assert (error.retry_after, error.doubtful) == (seconds, False)


def test_a_wish_for_time_may_be_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3000 < (refused(429, {"Retry-After": at}, None).retry_after or 0) <= 3600
    assert refused(429, {"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}, None).retry_after == 0


def test_nothing_that_a_homeserver_says_in_words_is_repeated() -> None:
    for errcode in (*FAULTS, "M_NEW", "<b>syt_secret</b>"):
        assert "syt_secret" not in str(refused(400, {}, {"errcode": errcode, "error": "syt_secret"}))


@pytest.mark.parametrize(
    ("error", "doubtful", "said"),
    [
        (aiohttp.ConnectionTimeoutError("token=abc"), False, "cannot be reached"),
        (aiohttp.ServerTimeoutError("token=abc"), True, "in time"),
        (TimeoutError(), True, "in time"),
        (aiohttp.ServerDisconnectedError("token=abc"), True, "broke"),
        (ConnectionResetError("token=abc"), True, "broke"),
    ],
)
def test_what_was_sent_before_a_connection_broke_may_have_arrived(error: Exception, doubtful: bool, said: str) -> None:
    found = broken(error)
    assert (found.doubtful, found.retry_after) == (doubtful, 0)
    assert said in str(found)
    assert "abc" not in str(found)
