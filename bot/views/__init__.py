"""How each word reads: pure functions from values to messages. How answers read."""
