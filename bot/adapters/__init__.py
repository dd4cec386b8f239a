"""The outer wall towards the platforms."""
