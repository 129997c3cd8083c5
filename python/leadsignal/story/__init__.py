"""The story of one period, in paragraphs, from the published tables alone."""

from leadsignal.story.telling import AUDIENCES, story
from leadsignal.story.told import Story

__all__ = ["AUDIENCES", "Story", "story"]
