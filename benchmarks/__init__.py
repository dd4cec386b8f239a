"""How fast the bot answers, beside what its database alone would take."""
