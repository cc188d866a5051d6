"""What the tables of every page share."""

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
"""Attributes of a column of figures, set flush right."""
