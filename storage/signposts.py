"""Sign-posts in their table."""

from bot.coalition.signposts import SignPost
from storage.kept import Entry, kept

SIGN_POSTS = kept(
    SignPost,
    "sign_posts",
    indexes=[("cycle",), ("start",)],
    search=lambda s: Entry(s.title, " ".join([s.kind, s.number, s.organiser, s.summary, s.feedback, *s.tags])),
)
