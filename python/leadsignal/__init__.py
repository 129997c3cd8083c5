"""Measure lead quality, not lead count."""
