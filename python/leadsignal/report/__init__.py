"""The report: the figures, the story and the charts of one period, as one file for any reader."""

from leadsignal.report.content import Report
from leadsignal.report.files import audited, text, write
from leadsignal.report.gathering import gather

__all__ = ["Report", "audited", "gather", "text", "write"]
