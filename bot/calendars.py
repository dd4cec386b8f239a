"""Calendars as iCalendar (RFC 5545)."""
