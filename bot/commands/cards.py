"""The threads of projects, proposals and sessions in the coalition's rooms."""

from bot.router import Router

router = Router("the threads of projects and sessions")
