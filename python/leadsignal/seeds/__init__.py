"""The definition seeds, checked before anything is built: a faulty row is named by its number."""

from leadsignal.seeds.checking import check, faults

__all__ = ["check", "faults"]
