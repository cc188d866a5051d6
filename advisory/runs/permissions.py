"""Rows of the permission matrix."""

from households.foundation.access import Matrix

MATRIX: Matrix = {}
