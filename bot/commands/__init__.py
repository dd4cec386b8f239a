"""How each word is asked for: one `router` a word."""
