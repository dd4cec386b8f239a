"""Stakeholder groups and regional groups under the labels of the IGF's own forms, with the other words people use.

The labels are those of the 2021 IGF forms. They are two separate lists although some words stand in both: a member
declares each, and neither is derived from the other.
"""

from collections.abc import Mapping, Sequence

STAKEHOLDERS: Mapping[str, Sequence[str]] = {
    "Civil Society": ("civil", "civil society organisation", "ngo", "cso", "non-governmental organisation", "nonprofit"),
    "Government": ("governments", "gov", "ministry"),
    "Intergovernmental Organizations": (
        "igo", "intergovernmental organization", "intergovernmental organisation", "intergovernmental organisations",
    ),
    "Private Sector": ("private", "business", "company", "companies", "industry"),
    "Technical Community": ("technical", "tech community"),
    "Others (e.g. youth representatives, parliamentarians, academics)": (
        "other", "youth", "youth representatives", "parliamentarian", "parliamentarians", "academic", "academics", "academia",
    ),
}  # fmt: skip

REGIONS: Mapping[str, Sequence[str]] = {
    "African Group": ("africa", "african"),
    "Asia-Pacific Group": ("asia", "asian", "pacific", "asia-pacific", "apac", "asia and the pacific"),
    "Eastern European Group": ("eastern europe", "eastern europe group", "eeg", "east europe"),
    "Latin American and Caribbean Group (GRULAC)": (
        "grulac", "latin america", "south america", "caribbean", "latin american and caribbean group", "lac",
    ),
    "Western European and Others Group (WEOG)": (
        "weog", "western europe", "western european", "western european and others group", "north america",
    ),
    "Intergovernmental Organization": ("igo", "intergovernmental organisation", "intergovernmental organizations"),
}  # fmt: skip


def brief(label: str) -> str:
    """A label without what it explains in brackets, for a line of a list."""
    return label.partition(" (")[0]


def aliases(labels: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """(other word, label) of a list of groups."""
    return [(word, label) for label, words in labels.items() for word in words]
