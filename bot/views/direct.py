"""What is said in a direct chat that somebody asked for."""

from bot.message import Message, buttons, text


def opened() -> Message:
    """Said in the direct chat, wherever it was asked for: where a platform opens none by itself, asking for it is the leave to open one."""
    return Message(
        "This is our direct chat",
        (
            text("Whatever is for your eyes alone comes here: private answers and your own reminders. Type here without a prefix."),
            buttons(("Your page", "home"), ("Help", "help")),
        ),
        private=True,
    )
