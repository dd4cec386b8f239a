"""Papers that leave the chat: one neutral document, and the formats it is written in."""

from bot.documents.document import Document, Heading, Items, Paragraph, Part, Rows

__all__ = ["Document", "Heading", "Items", "Paragraph", "Part", "Rows"]
