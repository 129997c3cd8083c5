"""The story of one period, in paragraphs, from the published tables alone."""

from leadsignal.story.telling import story

__all__ = ["story"]
