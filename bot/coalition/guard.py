"""The abuse guard: a text that looks like a report of suspected abuse is answered with where to report, and kept nowhere.

The rules, how they combine and why are in `guard.toml`; this module only reads texts and applies them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

READ = 20_000
"""Characters of each text that are looked at: longer ones are refused unread and so never kept."""

_APOSTROPHES = re.compile("['’‘ʼ`´]")  # noqa: RUF001
_SPACED = re.compile(r"(?<!\S)(?:\S ){3,}\S(?!\S)")
_SEPARATED = re.compile(r"(?<!\w)\w(?:([._-])\w)(?:\1\w){2,}(?!\w)")
_SENTENCE = re.compile(r"[.:;!?](?=\s|$)|[\"“”«»„\n]|\.{2,}|…")
_MASK = re.compile(r"(?<!\w)\*+|\*+(?!\w)")
_NO_WORD = re.compile(r"[^\w*|]+")
_UNSEEN = {"Mn", "Cf", "Lm", "Cs", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class _Rules:
    """The data file, its lists compiled."""

    near: int
    talk_words: int
    mention: re.Pattern[str]
    child: re.Pattern[str]
    sexual: re.Pattern[str]
    harm: re.Pattern[str]
    framed_before: re.Pattern[str]
    framed_after: re.Pattern[str]
    witness: re.Pattern[str]
    declared: re.Pattern[str]
    declared_place: re.Pattern[str]
    disclosed: re.Pattern[str]
    talk: re.Pattern[str]
    hidden: re.Pattern[str]
    address: re.Pattern[str]
    handles: re.Pattern[str]
    known: tuple[str, ...]
    lookalikes: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a request, where they speak of abuse, and which kinds of address stand among them."""

    words: str
    mentions: tuple[re.Match[str], ...]
    hidden: bool
    addressed: bool


def alarming(*texts: str) -> bool:
    """Whether the texts of one request together look like a report of suspected abuse. Keeps nothing of them."""
    rules = _rules()
    request = _read("\n".join(text[:READ] for text in texts), rules)
    return _tells(request, rules) or _witnesses(request, rules) or (request.addressed and _points(request, rules))


def _tells(text: _Text, rules: _Rules) -> bool:
    """Rules 1 and 7: the words say that this is a report, or that somebody suffers."""
    return bool(rules.disclosed.search(text.words) or (text.mentions and rules.declared.search(text.words)))


def _witnesses(text: _Text, rules: _Rules) -> bool:
    """Rule 4: somebody saw or got it."""
    near = (text.words[max(0, at.start() - rules.near) : at.end() + rules.near] for at in _bare(text, rules))
    return any(rules.witness.search(around) for around in near)


def _points(text: _Text, rules: _Rules) -> bool:
    """Rules 2, 3, 5 and 6: the words say what is at the address."""
    words = text.words
    if rules.declared_place.search(words):
        return True
    witness = rules.witness.search(words)
    if text.hidden and (text.mentions or witness or rules.declared.search(words) or rules.harm.search(words)):
        return True
    if len({match[0] for match in rules.talk.finditer(words)}) >= rules.talk_words:
        return False
    harmed = rules.child.search(words) and (rules.harm.search(words) or rules.sexual.search(words))
    return bool(_bare(text, rules) or (witness and harmed and not text.mentions))


def _bare(text: _Text, rules: _Rules) -> list[re.Match[str]]:
    """The mentions that nothing around them makes a subject of work."""
    return [mention for mention in text.mentions if not _framed(text.words, mention, rules)]


def _framed(words: str, mention: re.Match[str], rules: _Rules) -> bool:
    sentence = words[max(0, mention.start() - 200) : mention.start()].rpartition("|")[2].split()
    before = " ".join([*sentence[-4:], mention[0]])
    after = " ".join(words[mention.end() : mention.end() + 100].partition("|")[0].split()[:2])
    return bool(rules.framed_before.search(before) or rules.framed_after.search(after))


def _read(text: str, rules: _Rules) -> _Text:
    whole = _folded(text, rules)
    hidden = rules.hidden.search(whole) is not None
    rest, addressed = _without_known(whole, rules)
    words = _words(rest)
    return _Text(words, tuple(rules.mention.finditer(words)), hidden, addressed or hidden)


def _folded(text: str, rules: _Rules) -> str:
    """Case, accents, compatibility forms and invisible characters folded away; spaced letters joined."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    kept = "".join(char for char in text if char.isascii() or unicodedata.category(char) not in _UNSEEN)
    kept = re.sub(r"[^\S\n]", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", kept)).translate(rules.lookalikes)
    kept = _SPACED.sub(lambda match: match[0].replace(" ", ""), kept)
    return _SEPARATED.sub(lambda match: match[0].replace(match[1], ""), kept)


def _without_known(text: str, rules: _Rules) -> tuple[str, bool]:
    """The text without the addresses of known bodies, and whether another address or handle is left."""
    addressed = rules.handles.search(text) is not None

    def kept(match: re.Match[str]) -> str:
        nonlocal addressed
        if _is_known(match[0], rules.known):
            return " "
        addressed = True
        return match[0]

    return rules.address.sub(kept, text), addressed


def _is_known(address: str, known: Iterable[str]) -> bool:
    host = re.split(r"[/?#]", address.partition("://")[2] or address)[0]
    host = host.rpartition("@")[2].partition(":")[0].rstrip(".")
    return any(host == body or host.endswith(f".{body}") for body in known)


def _words(text: str) -> str:
    """Words between single blanks, each sentence ended by a bar."""
    return " ".join(_NO_WORD.sub(" ", _SENTENCE.sub(" | ", _MASK.sub(" ", text))).split())


def _phrase(*lists: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){_either(*lists)}(?!\S)")


def _either(*lists: Iterable[str]) -> str:
    return f"(?:{'|'.join(entry for entries in lists for entry in entries)})"


@cache
def _rules() -> _Rules:
    found = tomllib.loads((files("bot.coalition") / "guard.toml").read_text("utf-8"))
    mention, frame, said, links = found["mention"], found["frame"], found["said"], found["links"]
    return _Rules(
        near=found["near"],
        talk_words=found["talk_words"],
        mention=_phrase(mention["material"], _pairs(mention["child"], mention["sexual"], mention["between"])),
        child=_phrase(mention["child"]),
        sexual=_phrase(mention["sexual"]),
        harm=_phrase(mention["harm"]),
        framed_before=_phrase(frame["before"]),
        framed_after=_phrase(frame["after"]),
        witness=_phrase(said["witness"]),
        declared=_phrase(said["declared"]),
        declared_place=_phrase(said["declared_place"]),
        disclosed=_phrase(said["disclosed"]),
        talk=_phrase(found["talk"]["words"]),
        hidden=re.compile(_either(links["hidden"])),
        address=re.compile(_either(links["address"])),
        handles=re.compile(_either(links["handles"])),
        known=tuple(links["known"]),
        lookalikes=str.maketrans(found["lookalikes"]["from"], found["lookalikes"]["to"]),
    )


def _pairs(child: Iterable[str], sexual: Iterable[str], between: int) -> list[str]:
    """A child and an act, in either order, with at most `between` words of the same sentence between them."""
    words = rf"(?: \w+){{0,{between}}}? "
    return [f"{_either(child)}{words}{_either(sexual)}", f"{_either(sexual)}{words}{_either(child)}"]
