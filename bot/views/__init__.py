"""How each word reads: pure functions from values to messages."""
