"""A timeline: a line for each project or milestone, with marks for what was reached, what is to come and what was heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.coalition import zones
from bot.coalition.projects import Health
from bot.coalition.timelines import Lane, Reached, Timeline
from bot.pictures.drawing import DPI, FONT, GROUND, INK, QUIET, SIZE, SMALL, fitting, png, words

if TYPE_CHECKING:  # It takes half a second and 60 MB, so it is imported where something is drawn.
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "done": "#1a6136", "open": "#1c1c1c", "passed": "#1c1c1c", "on track": "#1a6136", "at risk": "#85500a", "blocked": "#a01428",
    "today": "#12529c", "meeting": "#5b3a8c",
}  # fmt: skip
MILESTONES: Mapping[Reached, tuple[str, bool, str]] = {
    "done": ("D", True, "milestone reached"), "open": ("D", False, "milestone to come"), "passed": ("s", False, "open, planned earlier"),
}  # fmt: skip
HEALTHS: Mapping[Health, tuple[str, bool, str]] = {
    "on track": ("o", True, "update: on track"), "at risk": ("^", True, "at risk"), "blocked": ("X", True, "blocked"),
}  # fmt: skip
"""The marks: shape, whether it is filled, and what it is called."""
MARKS: Mapping[str, tuple[str, bool, str]] = {str(what): mark for marks in (MILESTONES, HEALTHS) for what, mark in marks.items()}
WIDTH, LANE, HEAD, FOOT, MARGIN = 10.0, 0.78, 0.95, 1.05, 0.35
"""Inches."""
LARGE = SIZE + 2
"""Points of the title."""
TICKS = 12
"""Months that have a name below."""
CLOSE = 0.035
"""How near to each other two marks are whose names would touch, as a part of the width."""


@dataclass(frozen=True, slots=True)
class Track:
    """One line of a timeline: its name, and marks on it: day, what it is, and a short name."""

    name: str
    otherwise: str
    marks: tuple[tuple[date, str, str], ...]


def drawn(found: Timeline, title: str) -> bytes:
    """A timeline as PNG, 1,100 dots wide: one project with a line for each milestone, or each project on a line."""
    tracks = _alone(found.lanes[0]) if len(found.lanes) == 1 else [_track(lane) for lane in found.lanes]
    height = HEAD + LANE * len(tracks) + FOOT
    return png(WIDTH, height, partial(_draw, found, title, tracks, height))


def _track(lane: Lane) -> Track:
    stones = tuple((at, state, stone.id.partition(".")[2]) for at, state, stone in lane.stones)
    return Track(
        f"{lane.project.id} {lane.project.title} ({lane.project.state})",
        f"{lane.project.id} ({lane.project.state})",
        (*_heard(lane), *stones),
    )


def _heard(lane: Lane) -> tuple[tuple[date, str, str], ...]:
    return tuple((at, health, "") for at, health in lane.heard)


def _alone(lane: Lane) -> list[Track]:
    """A project's updates on the first line, then the milestones still to reach and the last that were reached."""
    rows = [Track(f"{stone.id} {stone.title}", stone.id, ((at, state, ""),)) for at, state, stone in lane.stones[-9:]]
    return [Track(f"{lane.project.title} ({lane.project.state}): updates", f"{lane.project.id}: updates", _heard(lane)), *rows]


def _draw(found: Timeline, title: str, tracks: Sequence[Track], height: float, figure: "Figure") -> None:
    inner = WIDTH - 2 * MARGIN
    axes = figure.add_axes((MARGIN / WIDTH, FOOT / height, inner / WIDTH, LANE * len(tracks) / height), facecolor=GROUND)
    _ground(axes, found, len(tracks))
    room = inner * DPI
    for number, track in enumerate(tracks):
        _line(axes, track, len(tracks) - number, room)
    figure.text(MARGIN / WIDTH, 1 - 0.42 / height, fitting(title, "Timeline", room, LARGE), weight="bold", **words(LARGE))
    _legend(axes, tracks)


def _ground(axes: "Axes", found: Timeline, tracks: int) -> None:
    """The days, today's line and the IGF's days."""
    edge = (found.last - found.first) * 0.03 + timedelta(days=1)
    first, last = _place(found.first - edge), _place(found.last + edge)
    axes.set_xlim(first, last)
    axes.set_ylim(0.2, tracks + 0.35)
    axes.set_yticks([])
    axes.set_xticks(*_months(found.first - edge, found.last + edge))
    axes.tick_params(axis="x", labelsize=SMALL, colors=QUIET, labelfontfamily=FONT)
    axes.grid(axis="x", color="#dcdcd6", linewidth=0.8)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    if found.meeting:
        begins, ends = _place(found.meeting[0]), _place(found.meeting[1]) + 1
        axes.axvspan(begins, ends, facecolor="#e6dff2", edgecolor=COLOURS["meeting"], hatch="///", linewidth=0.8, zorder=0.5)
        _above(axes, begins, f"IGF {_short(found.meeting[0])}", "meeting", row=0)
    if found.first <= found.today <= found.last:
        axes.axvline(_place(found.today), color=COLOURS["today"], linewidth=2, zorder=1.5)
        _above(axes, _place(found.today), f"today {_short(found.today)}", "today", row=1)


def _place(day: date) -> float:
    """Where a day stands."""
    return float(day.toordinal())


def _months(first: date, last: date) -> tuple[list[float], list[str]]:
    """Where months begin and their names, few enough not to touch; the first one and each January say the year."""
    begins = [date(month // 12, month % 12 + 1, 1) for month in range(first.year * 12 + first.month, last.year * 12 + last.month)]
    step = next((step for step in (1, 2, 3, 6) if len(begins) <= step * TICKS), 12)
    shown = [day for day in begins if (day.month - 1) % step == 0]
    named = [f"{day:%b}\n{day.year}" if day.month == 1 or day == shown[0] else f"{day:%b}" for day in shown]
    return [_place(day) for day in shown], named


def _short(day: date) -> str:
    """`9 Feb 2027`."""
    return zones.day(day).partition(" ")[2]


def _above(axes: "Axes", at: float, name: str, what: str, *, row: int) -> None:
    """A word above a line; today's stands over the IGF's, should both be near."""
    said = words(colour=COLOURS[what], apart=(0, 2 + row * 12))
    axes.annotate(name, (at, 1), xycoords=("data", "axes fraction"), ha=_side(axes, at), **said)


def _side(axes: "Axes", at: float) -> str:
    """On which side of a day a word stands, so that it stays in the picture."""
    first, last = axes.get_xlim()
    part = (at - first) / (last - first)
    return "left" if part < 0.1 else "right" if part > 0.9 else "center"


def _line(axes: "Axes", track: Track, level: int, room: float) -> None:
    first, last = axes.get_xlim()
    axes.text(first, level + 0.08, fitting(track.name, track.otherwise, room, SIZE), zorder=4, **words(SIZE, backed=2))
    axes.plot([first, last], [level - 0.3] * 2, color="#8a8a84", linewidth=1, zorder=1)
    if not track.marks:
        axes.text((first + last) / 2, level - 0.3, "nothing noted yet", ha="center", va="center", **words(colour=QUIET, backed=3))
    before, below = first - last, False
    for at, what, name in sorted(track.marks):
        place = _place(at)
        axes.plot([place], [level - 0.3], markersize=9 if what in MILESTONES else 7, zorder=3 if what in MILESTONES else 2, **_mark(what))
        if name:
            below = not below and place - before < CLOSE * (last - first)
            said = words(backed=0, apart=(0, -15 if below else 8))
            axes.annotate(name, (place, level - 0.3), ha="center", zorder=2.5, **said)
            before = place


def _mark(what: str) -> dict[str, Any]:
    """How a mark is drawn, whatever its size."""
    shape, filled, _ = MARKS[what]
    colour = COLOURS[what]
    return {"marker": shape, "color": colour, "markerfacecolor": colour if filled else GROUND, "markeredgewidth": 1.6, "linestyle": ""}


def _legend(axes: "Axes", tracks: Sequence[Track]) -> None:
    """What the marks that are there mean."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - slow and large

    used = {what for track in tracks for _, what, _ in track.marks}
    handles = [Line2D([], [], markersize=8, label=label, **_mark(what)) for what, (_, _, label) in MARKS.items() if what in used]
    if handles:
        axes.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, -0.5 / (LANE * len(tracks))),
            ncols=len(handles),
            frameon=False,
            labelcolor=INK,
            handletextpad=0.3,
            columnspacing=1.4,
            borderaxespad=0,
            prop={"family": FONT, "size": SMALL},
        )
