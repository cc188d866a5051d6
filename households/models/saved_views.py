"""Views that somebody saved: a page, its query string, a name; and the view that a page begins with."""

from django.db import models
from django.db.models import Q

from households.foundation.ids import new_id
from households.foundation.roles import Role
from households.models.users import User


class SavedViewQuerySet(models.QuerySet):
    """Views know whom they are for."""

    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """A user's own, the team's and the firm's."""
        shared = Q(audience=SavedView.Audience.FIRM)
        if user.team_id:
            shared |= Q(audience=SavedView.Audience.TEAM, owner__team=user.team_id)
        return self.filter(shared | Q(owner=user))


class SavedView(models.Model):
    """A page narrowed and sorted. What it shows is judged anew for everyone who opens it."""

    class Page(models.TextChoices):
        BOOK = "book", "Book"
        ACCOUNTS = "accounts", "Accounts"
        RECOMMENDATIONS = "recommendations", "Recommendations"
        REVIEWS = "reviews", "Reviews"

    class Audience(models.TextChoices):
        PRIVATE = "private", "Only me"
        TEAM = "team", "My team"
        FIRM = "firm", "Everyone in the firm"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.CharField(max_length=24, choices=Page.choices)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="Query string without its question mark.")
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PRIVATE)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StartingView(models.Model):
    """The view a page begins with where its address says nothing: of one user, or of a whole role."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="starts")
    page = models.CharField(max_length=24, choices=SavedView.Page.choices)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page"], condition=Q(role=""), name="starting_view_of_user_once"
            ),
            models.UniqueConstraint(
                fields=["role", "page"], condition=~Q(role=""), name="starting_view_of_role_once"
            ),
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(role=""), name="starting_view_of_user_or_of_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.view_id}"
