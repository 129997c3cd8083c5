"""What “we need more leads” stands for: which of nine problems a gap points to."""

from leadsignal.diagnosis.diagnosing import diagnose
from leadsignal.diagnosis.report import Diagnosis, Part

__all__ = ["Diagnosis", "Part", "diagnose"]
