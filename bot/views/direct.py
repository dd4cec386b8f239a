"""What is said in a direct chat that somebody asked for."""

from bot.message import Message, buttons, text


def opened() -> Message:
    """Said in the direct chat itself where the platform keeps to that, else wherever it was asked for, to the asker alone."""
    return Message(
        "Our direct chat is open",
        (
            text("Whatever is for your eyes alone comes into it: private answers and your own reminders. You type there without a prefix."),
            buttons(("Your page", "home"), ("Help", "help")),
        ),
        private=True,
    )
