"""Leaf values and functions that every room may use: types, errors, clock, text, masking. Standard library only."""
