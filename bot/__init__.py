"""coalition-bot: an international coalition's yearly work, answered and remembered in chat."""
