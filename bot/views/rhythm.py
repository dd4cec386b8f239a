"""How the one light prompt of a month reads."""

from datetime import datetime

from bot.coalition import ids, zones
from bot.coalition.stale import Prompt
from bot.lines import compose
from bot.message import Block, Button, Code, text

TITLES = {
    "archive": "The mailing list has not heard from the coalition for a while",
    "update": "How is {about} {title} doing?",
    "session": "{about} {title} still has no {lacks}",
    "slot": "Please confirm: {lacks} in “{title}”",
    "gap": "Do you know about {lacks}?",
    "profile": "What may others ask you about?",
    "lesson": "Anything to share from {about} {title}?",
    "welcome": "You joined not long ago: welcome",
}
REASONS = {
    "archive": "Its archive is the coalition's official record, and the Secretariat looks whether it is in use. The digest can be posted.",
    "update": "Nothing was heard of it for a month. One line is enough.",
    "session": "You may change it, or ask somebody.",
    "slot": "It counts once you confirm; if you cannot, the organisers look for somebody else.",
    "gap": "{about} {title} needs it, and nobody here has said so. You, or whom would you ask?",
    "profile": "Members are found by their expertise, and yours is empty. A few words will do.",
    "lesson": "What you learnt, or did, helps those who come after you. It goes into the digest.",
    "welcome": "These are the projects of the year, with who leads them.",
}


def title(prompt: Prompt) -> str:
    return _filled(TITLES[prompt.ask], prompt)


def _filled(words: str, prompt: Prompt) -> str:
    return words.format(about=prompt.about or "", title=prompt.title, lacks=" and no ".join(prompt.lacks))


def blocks(prompt: Prompt, now: datetime) -> tuple[Block, ...]:
    """Why it is asked, and how to be asked less."""
    last = f"Its last post was {zones.ago(prompt.since, now)}. " if prompt.since else ""
    return (
        text(f"{last}{_filled(REASONS[prompt.ask], prompt)}"),
        text("Such a prompt comes once a month at most. No light prompts at all: ", Code("me change --budget 0")),
    )


def offers(prompt: Prompt) -> tuple[Button, ...]:
    """What does it, and being away."""
    return (*(Button(label, line) for label, line in _lines(prompt)), Button("I am away", "away"))


def _lines(prompt: Prompt) -> list[tuple[str, str]]:
    about = prompt.about or ""
    show = [(f"Show {about}", about)] if about else []
    match prompt.ask:
        case "archive":
            return [("The digest", "digest"), ("It is posted", "digest posted")]
        case "update":
            return [("Give update", f"project update {about}"), *show]
        case "session":
            return [*_mending(prompt), *show]
        case "slot":
            return [("Yes", f"slot yes {about}"), ("No", f"slot no {about}"), ("Maybe", f"slot maybe {about}"), *show]
        case "gap":
            return [("I do", "me change"), ("Who may know", compose("experts", *prompt.lacks)), *show]
        case "profile":
            return [("Say what you know", "me change")]
        case "lesson":
            project = [("project", about)] if ids.letter(about) == "P" else []
            return [("Share it", compose("share", options=project)), *show]
        case "welcome":
            return [("Projects", "projects"), ("What was shared", "activities")]


def _mending(prompt: Prompt) -> list[tuple[str, str]]:
    """What fills the fields that a proposal lacks, and what names a rapporteur."""
    fill = [("Fill it in", f"proposal change {prompt.about}")] if set(prompt.lacks) - {"rapporteur"} else []
    name = [("Name a rapporteur", f"slot add {prompt.about} rapporteur")] if "rapporteur" in prompt.lacks else []
    return [*fill, *name]
