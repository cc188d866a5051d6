"""API tokens: shown once, kept as a hash, expiring."""

from django.db import models

from households.models.users import User


class ApiToken(models.Model):
    """A user's key to the API."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
