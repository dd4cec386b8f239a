"""The outer wall towards the database: rows in, values out."""
