"""Compiled SQL of every model, held against what each warehouse knows."""
