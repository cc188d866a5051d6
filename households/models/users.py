"""Users of the firm, their offices and teams."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from households.foundation.ids import new_id
from households.foundation.roles import Role


class Office(models.Model):
    """A branch of the firm."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Advisors who share a book."""

    name = models.CharField(max_length=80, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="teams")

    def __str__(self) -> str:
        return self.name


class EmailUserManager(UserManager):
    """Users log in by email address; there is no user name."""

    def _create(self, email: str, password: str | None, **extra: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self._create(email, password, **extra)

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self._create(email, password, **{"role": Role.ADMINISTRATOR, **extra})


class User(AbstractUser):
    """Somebody of the firm. The role decides what they may do, office and team whose clients they see."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ADVISOR)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    access_expires = models.DateField(null=True, blank=True, help_text="Examiners: last day of access.")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = EmailUserManager()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
