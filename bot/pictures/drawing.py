"""What every picture is drawn with: the ground, the colours of ink, the font, and words that fit."""

from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # It takes half a second and 60 MB, so it is imported where something is drawn.
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font

GROUND, INK, QUIET = "#fbfbf8", "#1c1c1c", "#575757"
FONT, SIZE, SMALL, DPI = "DejaVu Sans", 11, 9, 110
"""The font that comes with matplotlib; sizes in points; dots an inch."""
_drawing = Lock()
"""Matplotlib keeps fonts and caches for all figures and guards them against nothing."""


def png(width: float, height: float, draw: Callable[["Figure"], None]) -> bytes:
    """What `draw` puts on a ground of so many inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow and large
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow and large

    with _drawing:
        figure = Figure(figsize=(width, height), dpi=DPI, facecolor=GROUND)
        FigureCanvasAgg(figure)
        draw(figure)
        drawn = BytesIO()
        figure.savefig(drawn, format="png", facecolor=GROUND, metadata={"Software": None})
    return drawn.getvalue()


def words(size: int = SMALL, colour: str = INK, *, backed: float | None = None, apart: tuple[float, float] | None = None) -> dict[str, Any]:
    """How words are written: never as a formula. All lengths are in points.

    `backed` by a piece of ground so much larger, so that no line runs through them; so far `apart` from what they are said of.
    """
    behind = {} if backed is None else {"bbox": {"facecolor": GROUND, "edgecolor": "none", "pad": backed}}
    away = {} if apart is None else {"xytext": apart, "textcoords": "offset points"}
    return {"fontsize": size, "color": colour, "family": FONT, "parse_math": False, **behind, **away}


def fitting(name: str, otherwise: str, room: float, size: int) -> str:
    """As much of a name as fits into `room` dots; `otherwise` for one in a script that the font does not have."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - slow and large

    font = get_font(findfont(FONT))
    if not all(font.get_char_index(ord(char)) for char in name):
        name = f"{otherwise}: its name is in the words below"
    font.set_size(size, DPI)
    if _width(font, name) <= room:
        return name
    while _width(font, f"{name}…") > room:
        name = name[:-1]
    return f"{name.rstrip()}…"


def _width(font: "FT2Font", name: str) -> float:
    font.set_text(name)
    return float(font.get_width_height()[0]) / 64
