"""What user ids look like on our platforms. It stands beside the adapters, for asking it must not load a platform's library."""

from bot.accounts import Look

SLACK = Look(r"[UW][A-Z0-9]+", "a person's Slack account is their member ID, which “Copy member ID” in their profile gives", "U0123ABCD")
MATRIX = Look(
    r"@[^\s:]+:([0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?",
    "a person's Matrix account is their whole user ID, with the server",
    "@amina:example.org",
)
