"""Rows of the permission matrix: programs and policy are the firm's own, open to every role."""

from households.foundation.access import CLIENT_READERS, EVERYONE, Matrix

MATRIX: Matrix = {
    "implementation:shelf": {"GET": EVERYONE},
    "implementation:policy": {"GET": EVERYONE},
    "implementation:household_overlays": {"GET": CLIENT_READERS},
    "implementation:account_overlays": {"GET": CLIENT_READERS},
}
