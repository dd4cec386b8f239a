"""The small web server."""
