"""The login on a real homeserver: one device that stays, signed by its account, and a way back from whatever is lost."""

import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.adapters.matrix import keystore, login, session
from bot.adapters.matrix.homeserver import Homeserver as Client
from bot.adapters.matrix.login import Outcome
from bot.adapters.matrix.options import Options
from bot.adapters.matrix.session import Session
from bot.deployment import Health
from bot.errors import ConfigError
from tests.matrix.between import Between, proxy
from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login, MatrixRefused, call, register

PICKLE_KEY = "a pickle key that nobody guesses"
KEYS = "/_matrix/client/v3/keys/device_signing/upload"
SIGNATURES = "/_matrix/client/v3/keys/signatures/upload"


class Bench:
    """An account for a bot, and a folder for its session."""

    def __init__(self, http: aiohttp.ClientSession, server: Homeserver, account: Login, folder: Path) -> None:
        self.http, self.server, self.account = http, server, account
        self.options = Options(homeserver=server.url, folder=folder, pickle_key=PICKLE_KEY, name="Coalition bot")

    @property
    def folder(self) -> Path:
        return self.options.folder

    async def log_in(self, account: Login | None = None, *, recovery_key: str = "", reset: bool = False) -> Outcome:
        who = account or self.account
        return await login.log_in(self.options, who.user_id, password=who.password, recovery_key=lambda: recovery_key, reset=reset)

    async def knows(self, device: Session) -> bool:
        """Whether the homeserver takes the session's token."""
        try:
            found = await call(self.http, self.server.url, "GET", "/_matrix/client/v3/account/whoami", token=device.access_token)
        except MatrixRefused:
            return False
        return found == {"user_id": device.user_id, "device_id": device.device_id, "is_guest": False}

    async def published(self, device: Session) -> Mapping[str, Any]:
        """What everybody sees of the account's keys."""
        asked: dict[str, Any] = {"device_keys": {device.user_id: []}}
        return await call(self.http, self.server.url, "POST", "/_matrix/client/v3/keys/query", asked, token=self.account.access_token)

    async def master(self, device: Session) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (await self.published(device))["master_keys"][device.user_id]["keys"]
        return found

    async def signers(self, device: Session) -> set[str]:
        """The keys that signed the device, but for its own."""
        shown = await self.published(device)
        signatures = set(shown["device_keys"][device.user_id][device.device_id]["signatures"][device.user_id])
        return signatures - {f"ed25519:{device.device_id}"}


@pytest.fixture
async def bench(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Bench]:
    async with aiohttp.ClientSession() as http:
        yield Bench(http, synapse, await register(http, synapse, "bot"), tmp_path / "matrix")


@pytest.fixture
async def between(bench: Bench) -> AsyncIterator[Between]:
    """A proxy in front of the homeserver, to which the bot speaks."""
    async with proxy(bench.server.url) as between:
        bench.options = Options(homeserver=between.url, folder=bench.folder, pickle_key=PICKLE_KEY, name="Coalition bot")
        yield between


async def test_a_first_login_makes_a_device_that_its_account_has_signed_and_keeps_no_password(bench: Bench) -> None:
    done = await bench.log_in()
    assert (done.session.user_id, done.kept, done.aside) == (bench.account.user_id, False, None)
    assert session.load(bench.folder) == done.session
    assert await bench.knows(done.session)
    assert len(await bench.signers(done.session)) == 1
    assert done.recovery
    assert done.recovery.read_text("utf-8").startswith("Es")
    assert {stat.S_IMODE(file.stat().st_mode) for file in bench.folder.iterdir()} == {0o600}
    assert not [file for file in bench.folder.iterdir() if bench.account.password.encode() in file.read_bytes()]


async def test_a_login_again_keeps_the_device_and_a_running_bot_takes_up_the_token(bench: Bench) -> None:
    first = await bench.log_in()
    running = Client(first.session, bench.options, Health())
    await running.open()
    again = await bench.log_in()
    assert (again.kept, again.recovery, again.session.device_id) == (True, None, first.session.device_id)
    assert again.session.access_token != first.session.access_token
    assert await running.renew()
    assert (await running.call("GET", "/v3/account/whoami"))["device_id"] == first.session.device_id
    await running.close()


async def test_a_device_that_was_logged_out_elsewhere_comes_back_with_its_keys(bench: Bench) -> None:
    first = await bench.log_in()
    await call(bench.http, bench.server.url, "POST", "/_matrix/client/v3/logout", {}, token=first.session.access_token)
    again = await bench.log_in(recovery_key=_recovery_key(first))
    assert (again.kept, again.session.fingerprint) == (True, first.session.fingerprint)
    shown = (await bench.published(again.session))["device_keys"][again.session.user_id][again.session.device_id]
    assert shown["keys"][f"ed25519:{again.session.device_id}"] == first.session.fingerprint
    assert await bench.signers(again.session)


def _recovery_key(done: Outcome) -> str:
    assert done.recovery
    return done.recovery.read_text("utf-8").strip()


@pytest.mark.parametrize("harm", ["gone", "damaged"])
async def test_after_a_lost_store_the_recovery_key_signs_a_new_device_and_the_old_one_ends(bench: Bench, harm: str) -> None:
    first = await bench.log_in()
    store = keystore.path(bench.folder, first.session)
    store.write_bytes(b"what a bad disk makes of it") if harm == "damaged" else store.unlink()
    master = await bench.master(first.session)
    with pytest.raises(ConfigError, match=r"not signed by its account.*COALITION_MATRIX_RECOVERY_KEY"):
        await bench.log_in()
    done = await bench.log_in(recovery_key=_recovery_key(first))
    assert done.session.device_id != first.session.device_id
    assert await bench.master(done.session) == master
    assert await bench.signers(done.session)
    assert not await bench.knows(first.session)
    aside = [file.name for file in bench.folder.glob("aside-*/*")]
    assert aside == ([store.name] if harm == "damaged" else [])


async def test_keys_whose_recovery_key_is_lost_can_be_replaced(bench: Bench) -> None:
    first = await bench.log_in()
    master, lost = await bench.master(first.session), _recovery_key(first)
    keystore.path(bench.folder, first.session).unlink()
    done = await bench.log_in(reset=True)
    assert await bench.master(done.session) != master
    assert await bench.signers(done.session)
    assert _recovery_key(done) != lost


async def test_a_login_that_was_interrupted_while_keys_were_made_goes_on_with_them(bench: Bench, between: Between) -> None:
    between.instead["POST", SIGNATURES] = (502, {})
    with pytest.raises(ConfigError, match="Repeat: coalition matrix login"):
        await bench.log_in()
    assert not (bench.folder / login.RECOVERY).exists()
    between.instead.clear()
    master = await bench.master(session.load(bench.folder))
    done = await bench.log_in()
    assert (done.kept, done.recovery) == (True, bench.folder / login.RECOVERY)
    assert await bench.master(done.session) == master
    assert await bench.signers(done.session)
    assert [file.name for file in bench.folder.glob("recovery*")] == [login.RECOVERY]
    keystore.path(bench.folder, done.session).unlink()
    again = await bench.log_in(recovery_key=_recovery_key(done))
    assert await bench.signers(again.session)


async def test_a_reset_that_the_homeserver_refused_is_not_done_later_unasked(bench: Bench, between: Between) -> None:
    first = await bench.log_in()
    lost, master = _recovery_key(first), await bench.master(first.session)
    keystore.path(bench.folder, first.session).unlink()
    between.instead["POST", KEYS] = (401, {"flows": [{"stages": ["m.login.sso"]}], "params": {}, "session": "1"})
    with pytest.raises(ConfigError, match="lets only a client do it"):
        await bench.log_in(reset=True)
    between.instead.clear()
    done = await bench.log_in(recovery_key=lost)
    assert await bench.master(done.session) == master
    assert await bench.signers(done.session)


async def test_another_account_gets_a_device_of_its_own_and_nothing_of_the_first_is_lost(bench: Bench) -> None:
    first = await bench.log_in()
    lost = _recovery_key(first)
    other = await register(bench.http, bench.server, "other")
    done = await bench.log_in(other)
    assert (done.session.user_id, done.kept) == (other.user_id, False)
    assert done.session.device_id != first.session.device_id
    assert done.aside
    assert (done.aside / login.RECOVERY).read_text("utf-8").strip() == lost
    assert (done.aside / keystore.path(bench.folder, first.session).name).exists()
    assert not await bench.knows(first.session)


async def test_another_pickle_key_or_a_wrong_password_changes_nothing(bench: Bench) -> None:
    first = await bench.log_in()
    before = {file: file.read_bytes() for file in bench.folder.iterdir()}
    mistaken = Options(homeserver=bench.server.url, folder=bench.folder, pickle_key="another pickle key that nobody guesses")
    with pytest.raises(ConfigError, match="COALITION_MATRIX_PICKLE_KEY is not the key"):
        await login.log_in(mistaken, first.session.user_id, password=bench.account.password)
    with pytest.raises(ConfigError, match="does not take this user with this password") as refused:
        await login.log_in(bench.options, first.session.user_id, password="mistyped")
    assert "mistyped" not in str(refused.value)
    assert {file: file.read_bytes() for file in bench.folder.iterdir()} == before
    assert await bench.knows(first.session)


async def test_single_sign_on_gives_a_page_and_takes_its_token(bench: Bench, between: Between) -> None:
    between.offers("m.login.sso", "m.login.token")
    identifier = {"type": "m.id.user", "user": bench.account.user_id}
    between.passwords["given"] = {"type": "m.login.password", "identifier": identifier, "password": bench.account.password}
    page = await login.page(bench.options)
    assert page.endswith("/_matrix/client/v3/login/sso/redirect?redirectUrl=http%3A%2F%2Flocalhost%2F")
    done = await login.log_in(bench.options, "", token="given")
    assert done.session.user_id == bench.account.user_id
    assert await bench.signers(done.session)


@pytest.mark.parametrize(
    ("flows", "password", "says"),
    [
        (["m.login.sso"], "pw", "takes no passwords.*--sso"),
        (["m.login.password"], "", "has no single sign-on.*with the password"),
        ([], "pw", "neither a password nor single sign-on.*administrator"),
    ],
)
async def test_a_way_to_log_in_that_the_homeserver_does_not_have_is_told_with_what_it_has(
    bench: Bench, between: Between, flows: list[str], password: str, says: str
) -> None:
    between.offers(*flows)
    with pytest.raises(ConfigError, match=says):
        await login.log_in(bench.options, bench.account.user_id, password=password, token="" if password else "given")


async def test_a_logout_ends_the_device_and_forgets_the_session(bench: Bench) -> None:
    done = await bench.log_in()
    assert await login.log_out(bench.options, done.session)
    assert not await bench.knows(done.session)
    with pytest.raises(ConfigError, match="there is no session"):
        session.load(bench.folder)
