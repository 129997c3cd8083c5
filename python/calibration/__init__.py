"""Whether intervals, alarms and comparisons keep what they promise, where the truth is known."""
