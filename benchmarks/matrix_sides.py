"""The bots that are compared on Matrix, each in an environment of its own: what it needs, how it is set up, and how it is started."""

import asyncio
import os
import socket
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.matrix.homeserver import Homeserver
from tests.matrix.people import Login

HERE = Path(__file__).parent
PICKLE_KEY = "a key for the benchmarks alone"
OUTPUT = "output.log"
ENDING = 10.0
"""Seconds in which a process ends once it is told to."""

_OURS = """
database = "sqlite:///{folder}/coalition.db"
adapters = ["matrix"]
[matrix]
homeserver = "{url}"
folder = "{folder}/matrix"
invites = ["lab.local"]
"""
_OPSDROID = """
welcome-message: false
logging: {{level: warning, console: true}}
web: {{host: 127.0.0.1, port: {port}}}
parsers: {{regex: {{enabled: true}}}}
connectors:
  matrix: {{mxid: "{user}", password: "{password}", homeserver: "{url}", send_m_notice: true, rooms: {{main: "{room}"}}}}
skills:
  ping: {{path: "{folder}/skill.py"}}
"""
_SKILL = """
from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

class Ping(Skill):
    @match_regex(r"^!ping (?P<rest>.*)")
    async def ping(self, message):
        await message.respond("pong " + message.regex.group("rest"))
"""
_MAUBOT = """
user:
  credentials: {{id: "{user}", homeserver: "{url}", access_token: "{token}", device_id: null}}
  sync: true
  appservice: false
  autojoin: true
  displayname: disable
  avatar_url: disable
  ignore_initial_sync: true
  ignore_first_sync: true
server: {{hostname: 127.0.0.1, port: 0, base_path: /, public_url: "http://127.0.0.1"}}
database: "sqlite:{folder}/bot.db"
plugin_config: {{}}
logging: {{version: 1, root: {{level: WARNING}}}}
"""
_MANIFEST = """
maubot: 0.6.0
id: lab.ping
version: 0.1.0
license: MIT
modules: [ping]
main_class: PingBot
"""
_PLUGIN = """
from maubot import MessageEvent, Plugin
from maubot.handlers import command

class PingBot(Plugin):
    @command.new("ping")
    @command.argument("rest", pass_raw=True)
    async def ping(self, evt: MessageEvent, rest: str) -> None:
        await evt.respond("pong " + rest)
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared. Its `files` are written before each start; they and the `arguments` of Python are formats.

    `environment` is the folder of its virtual environment among the others, `packages` what is installed there.
    """

    name: str
    environment: str
    packages: str
    arguments: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    command: str = "!ping {word}"


BOT = Side(
    "bot", "bot", "--require-hashes -r requirements/run.txt && DIR/bot/bin/pip install --no-deps .",
    ("-m", "bot", "run", "--config", "{folder}/coalition.toml"), {"coalition.toml": _OURS}, "!coalition search {word}",
)  # fmt: skip
BARE = Side("bare nio", "nio", '"matrix-nio==0.26.*"', (str(HERE / "matrix_floor.py"), "{url}", "{user}", "{password}"))
OPSDROID = Side(
    "opsdroid 0.31", "opsdroid", '"opsdroid[connector-matrix]==0.31.0" "setuptools<81"',  # It imports pkg_resources, gone since.
    ("-m", "opsdroid", "start", "-f", "{folder}/config.yaml"), {"config.yaml": _OPSDROID, "skill.py": _SKILL},
)  # fmt: skip
MAUBOT = Side(
    "maubot 0.6", "maubot", '"maubot[all]==0.6.0"',
    ("-m", "maubot.standalone", "-c", "{folder}/config.yaml", "-m", "{folder}/maubot.yaml"),
    {"config.yaml": _MAUBOT, "maubot.yaml": _MANIFEST, "ping.py": _PLUGIN},
)  # fmt: skip
SIDES = (BOT, BARE, OPSDROID, MAUBOT)


def missing(environments: Path, sides: Sequence[Side] = SIDES) -> str:
    """How to make the environments that are not there; "" when all are."""
    absent = [side for side in sides if not (environments / side.environment / "bin" / "python").exists()]
    lines = (f"python3 -m venv DIR/{side.environment} && DIR/{side.environment}/bin/pip install {side.packages}" for side in absent)
    return "\n".join(lines).replace("DIR", str(environments))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process has cost so far: seconds of processor time, and MiB of memory now and at most."""

    cpu: float
    memory: float
    most: float


class Running:
    """A bot at work. `began` is when its process was started (`time.perf_counter`)."""

    def __init__(self, process: Process, began: float) -> None:
        self.began = began
        self._process = process

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def cost(self) -> Cost:
        """proc(5), with all threads."""
        here = Path("/proc") / str(self._process.pid)
        fields = (here / "stat").read_text("ascii").rpartition(") ")[2].split()
        status = dict(line.split(":", 1) for line in (here / "status").read_text("utf-8").splitlines())
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return Cost(cpu, int(status["VmRSS"].split()[0]) / 1024, int(status["VmHWM"].split()[0]) / 1024)


@dataclass(frozen=True, slots=True)
class Installed:
    """A side with its account, a room in which it is, its folder, and the Python of its environment."""

    side: Side
    account: Login
    server: Homeserver
    room: str
    folder: Path
    python: Path

    @property
    def said(self) -> str:
        """What its processes have said so far."""
        return (self.folder / OUTPUT).read_text("utf-8")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """Its process for a while."""
        self.write()
        began = time.perf_counter()
        process = await self.begun(*(argument.format(**self._words()) for argument in self.side.arguments))
        try:
            yield Running(process, began)
        except RuntimeError as error:
            raise RuntimeError(f"{self.side.name}: {error}\n{self.said[-2000:]}") from error
        finally:
            await _ended(process)

    def write(self) -> None:
        """Write the files of its configuration."""
        for name, content in self.side.files.items():
            (self.folder / name).write_text(content.format(**self._words()), "utf-8")

    async def begun(self, *arguments: str, **environment: str) -> Process:
        """A process of its Python, which finds the bot here, with the bytecode of its first start; what it says goes to a file."""
        left_out = ("_proxy", "pythondontwritebytecode")
        plain = {name: value for name, value in os.environ.items() if not name.lower().endswith(left_out)}
        own = {"HOME": str(self.folder), "COALITION_MATRIX_PICKLE_KEY": PICKLE_KEY, **environment}
        path = {"PYTHONPATH": str(HERE.parent), "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode")} if self.side is BOT else {}
        with (self.folder / OUTPUT).open("ab") as said:
            return await asyncio.create_subprocess_exec(
                self.python, *arguments, cwd=self.folder, env={**plain, **own, **path}, stdout=said, stderr=said
            )

    def _words(self) -> dict[str, str]:
        account = self.account
        return {
            "url": self.server.url, "user": account.user_id, "password": account.password, "token": account.access_token,
            "room": self.room, "folder": str(self.folder), "port": str(_free_port()),
        }  # fmt: skip


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), ENDING)
        except TimeoutError:
            process.kill()
            await process.wait()


def _free_port() -> int:
    """One for a bot that listens where nobody asks it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
