"""The shell's rows of the permission matrix, the API included."""

from households.foundation.access import CLIENT_READERS, EVERYONE, PUBLIC, Matrix

MATRIX: Matrix = {
    "home": {"GET": EVERYONE},
    "login": {"GET": PUBLIC, "POST": PUBLIC},
    "logout": {"POST": PUBLIC},
    "password_change": {"GET": EVERYONE, "POST": EVERYONE},
    "healthz": {"GET": PUBLIC},
    "api:evaluations": {"POST": CLIENT_READERS},
    "api:schema": {"GET": EVERYONE},
}
