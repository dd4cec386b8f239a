"""A kit for tests, shipped: a clock that stands still, a whole bot without a platform, and what every adapter must keep to."""

from bot.testing.contract import AdapterContract, Platform, Shown, running
from bot.testing.rig import OPERATOR, FakeClock, Rig, populate, populated
from bot.testing.samples import FORM, HOSTILE, SAMPLER, leaves
from bot.testing.script import Alone, MemoryInbox, Notebook, Script, front
from bot.testing.scripted import ScriptedAdapter, Sent

__all__ = [
    "FORM", "HOSTILE", "OPERATOR", "SAMPLER", "AdapterContract", "Alone", "FakeClock", "MemoryInbox", "Notebook", "Platform", "Rig",
    "Script", "ScriptedAdapter", "Sent", "Shown", "front", "leaves", "populate", "populated", "running",
]  # fmt: skip
