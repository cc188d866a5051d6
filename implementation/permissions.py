"""Rows of the permission matrix: programs and policy are the firm's own, open to every role."""

from households.foundation.access import EVERYONE, Matrix

MATRIX: Matrix = {
    "implementation:shelf": {"GET": EVERYONE},
    "implementation:policy": {"GET": EVERYONE},
}
