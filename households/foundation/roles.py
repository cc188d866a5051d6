"""What a user of the firm is."""

from django.db import models


class Role(models.TextChoices):
    """What a user is; each user has exactly one."""

    ADVISOR = "advisor", "Advisor"
    ASSISTANT = "assistant", "Client associate"
    SUPERVISOR = "supervisor", "Supervisor"
    COMPLIANCE = "compliance", "Compliance"
    OPERATIONS = "operations", "Operations"
    ADMINISTRATOR = "administrator", "Administrator"
    EXAMINER = "examiner", "Examiner"
