"""Every rate and count by any cut."""
