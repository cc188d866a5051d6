"""Issuing and checking API tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from households.models import ApiToken, User

LIFETIME = timedelta(days=90)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(*, user: User, name: str, lifetime: timedelta = LIFETIME) -> str:
    """A new token for a user, in clear; only its hash is kept, so it cannot be shown again."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, name=name, token_sha256=_digest(token), expires_at=timezone.now() + lifetime
    )
    return token


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """How the API's document describes the token."""

    target_class = "households.tokens.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <token>"}


class ApiTokenAuthentication(BaseAuthentication):
    """``Authorization: Token <token>``."""

    keyword = b"token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("The Authorization header must read: Token <token>.")
        found = (
            ApiToken.objects.select_related("user", "user__office")
            .filter(token_sha256=_digest(parts[1].decode("ascii", "replace")))
            .first()
        )
        if found is None or found.expires_at <= timezone.now() or not found.user.is_active:
            raise AuthenticationFailed("This token is unknown or has expired.")
        today = timezone.localdate()
        if found.last_used_on != today:
            ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Token"
