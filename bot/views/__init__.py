"""How each word reads: pure functions from values to messages. Every text a person reads is here."""
