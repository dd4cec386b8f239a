"""A real homeserver for the tests: Synapse on loopback, in an environment of its own.

One of them serves every test of a run, whatever worker it is on: people have random names, so tests never meet. A test that stops its
homeserver has one of its own. A server ends when nobody holds its standard input open any more, so none outlives its tests.
"""

import base64
import fcntl
import json
import os
import random
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.needs import unavailable

FOLDER = Path(os.environ.get("COALITION_TEST_SYNAPSE") or Path(__file__).parents[2] / ".synapse")
NAME = "lab.local"
"""What stands behind the colon of a user id."""
PATIENCE = 60
"""Seconds for a start on a busy machine."""

# It watches its standard input, and runs Synapse as `python -m synapse.app.homeserver` does.
_LAUNCHER = """
import os, runpy, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
"""

_CONFIG = """
server_name: {name}
public_baseurl: {url}/
pid_file: {folder}/unused.pid
signing_key_path: {folder}/signing.key
log_config: {folder}/log.yaml
media_store_path: {folder}/media
database: {{name: sqlite3, args: {{database: {folder}/homeserver.db}}}}
listeners: [{{port: {port}, type: http, bind_addresses: [127.0.0.1], resources: [{{names: [client], compress: false}}]}}]
registration_shared_secret: {secret}
macaroon_secret_key: {secret}
form_secret: {secret}
bcrypt_rounds: 4
# Alone in the world: no federation, no key servers, no reports, no previews.
federation_domain_whitelist: []
trusted_key_servers: []
suppress_key_server_warning: true
report_stats: false
url_preview_enabled: false
encryption_enabled_by_default_for_room_type: "off"
"""
_UNLIMITED = """
rc_message: &none {per_second: 1000000, burst_count: 1000000}
rc_registration: *none
rc_login: {address: *none, account: *none, failed_attempts: *none}
rc_admin_redaction: *none
rc_joins: {local: *none, remote: *none}
rc_joins_per_room: *none
rc_invites: {per_room: *none, per_user: *none, per_issuer: *none}
rc_key_requests: *none
rc_media_create: *none
rc_presence: {per_user: *none}
rc_room_creation: *none
rc_user_directory: *none
rc_profile: *none
"""
_LOG = """
version: 1
formatters: {{line: {{format: "%(asctime)s %(name)s %(levelname)s %(message)s"}}}}
handlers: {{file: {{class: logging.FileHandler, filename: {folder}/homeserver.log, formatter: line}}}}
root: {{level: WARNING, handlers: [file]}}
disable_existing_loggers: false
"""


@dataclass(frozen=True, slots=True)
class Homeserver:
    """A homeserver at work: its address, the secret by which accounts are made, and a database without an account for further ones."""

    url: str
    secret: str = field(repr=False)
    template: str


class Synapse:
    """A homeserver of a test's own in `folder`. `limited`: with the rate limits that Synapse has by default.

    It keeps its address and its database over `kill` and `start`. Both take a while: `asyncio.to_thread` where a loop has other work.
    """

    def __init__(self, folder: Path, template: str = "", *, limited: bool = False) -> None:
        port, secret = _free_port(), secrets.token_urlsafe(32)
        self.home = Homeserver(f"http://127.0.0.1:{port}", secret, template or str(folder / "template.db"))
        self.database = folder / "homeserver.db"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        config = _CONFIG.format(name=NAME, url=self.home.url, folder=folder, port=port, secret=secret)
        (folder / "homeserver.yaml").write_text(config + ("" if limited else _UNLIMITED), "utf-8")
        (folder / "log.yaml").write_text(_LOG.format(folder=folder), "utf-8")
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_lab {seed}\n", "utf-8")
        if template:
            shutil.copyfile(template, self.database)

    def start(self, held: int = subprocess.PIPE) -> None:
        """Return as soon as it listens. It runs until what it reads from (`held`, else this object's pipe) is closed."""
        with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(f"{short}/ready")
            self._process = self._launched(held, f"{short}/ready")
            self._await(ready)

    def _launched(self, held: int, ready: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        with (self._folder / "output.log").open("ab") as output:
            return subprocess.Popen(
                [FOLDER / "bin" / "python", "-c", _LAUNCHER, "-c", self._folder / "homeserver.yaml"],
                cwd=self._folder, env={**environment, "NOTIFY_SOCKET": ready},
                stdin=held, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    def _await(self, ready: socket.socket) -> None:
        """Wait for the word that Synapse sends to a service manager."""
        assert self._process
        ready.settimeout(0.5)
        for _ in range(2 * PATIENCE):
            with suppress(TimeoutError):
                assert ready.recv(1000).startswith(b"READY=1")
                return
            if self._process.poll() is not None:
                break
        raise RuntimeError(f"Synapse does not start: {(self._folder / 'output.log').read_text('utf-8')[-2000:]}")

    def ended(self) -> None:
        """Wait until it has ended by itself."""
        assert self._process
        self._process.wait(PATIENCE)

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None


def missing() -> str:
    """Why there is no homeserver here; "" when there is one."""
    return (
        ""
        if (FOLDER / "bin" / "python").exists()
        else "Synapse is not here: make test installs it, or COALITION_TEST_SYNAPSE names its folder"
    )


@contextmanager
def shared(folder: Path) -> Iterator[Homeserver]:
    """The homeserver of all who name this folder, started by the first of them; it ends when the last one is gone, however they went."""
    if reason := missing():
        unavailable(reason)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pipe = folder / "in-use"
        if not pipe.exists():
            os.mkfifo(pipe)
        writer = os.open(pipe, os.O_RDWR)  # For both: a pipe that nobody reads cannot be opened for writing alone.
        found = _running(folder) or _started(folder, pipe)
    try:
        yield found
    finally:
        os.close(writer)


def _running(folder: Path) -> Homeserver | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError):
        found = Homeserver(**json.loads((folder / "server.json").read_text("utf-8")))
        opener.open(f"{found.url}/_matrix/client/versions", timeout=PATIENCE).close()
        return found
    return None


left_running: list[Synapse] = []
"""What this process started for others too: they end by themselves, and Python complains of a process that nothing refers to."""


def _started(folder: Path, pipe: Path) -> Homeserver:
    server = Synapse(Path(tempfile.mkdtemp(dir=folder)))
    left_running.append(server)
    held = os.open(pipe, os.O_RDONLY)
    server.start(held)
    os.close(held)
    with closing(sqlite3.connect(server.database)) as source, closing(sqlite3.connect(server.home.template)) as target:
        source.backup(target)
    (folder / "server.json").write_text(json.dumps(asdict(server.home)), "utf-8")
    return server.home


def _free_port() -> int:
    """Below those that the system gives to connections, so that nothing takes it while a server is down."""
    while True:
        port = random.randrange(20000, 32000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
