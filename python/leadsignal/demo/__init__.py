"""A believable B2B CRM of any size, the same for the same seed."""

from leadsignal.demo.market import AS_OF
from leadsignal.demo.recognising import is_demo
from leadsignal.demo.writing import DemoSummary, write

__all__ = ["AS_OF", "DemoSummary", "is_demo", "write"]
