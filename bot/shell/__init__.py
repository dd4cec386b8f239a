"""The commands of the shell, one module each: `arguments` declares its options, `run` gives the exit status.

A module is imported only when its command was typed.
"""
