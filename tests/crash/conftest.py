"""What is printed at the end when bots were killed many times: a row for each way of running them."""

import os
from collections import defaultdict
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.crash.counting", "tests.crash.world")

COUNTED = ("kills", "starts", "delivered", "late", "missed", "lost", "dropped", "repeated")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if "COALITION_TEST_KILLS" not in os.environ:
        return
    ways: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for way, figures in report.user_properties:
                    ways[way].append(figures)
    terminalreporter.write_line(f"\n| way | {' | '.join(COUNTED)} | longest recovery, s | different steps |")
    terminalreporter.write_line("|---|" + "---:|" * (len(COUNTED) + 2))
    for way, worlds in sorted(ways.items()):
        sums = [str(sum(world[name] for world in worlds)) for name in COUNTED]
        steps = {step for world in worlds for step in world["steps"]}
        longest = max(world["recovery"] for world in worlds)
        terminalreporter.write_line(f"| {way} | {' | '.join(sums)} | {longest:.0f} | {len(steps)} |")
