"""The coalition's language and rules: pure values and functions; nothing here knows a platform or a database."""
