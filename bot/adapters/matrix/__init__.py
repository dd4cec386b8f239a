"""Matrix, encrypted rooms included."""

from bot.adapters.matrix.adapter import MatrixAdapter, create

__all__ = ["MatrixAdapter", "create"]
