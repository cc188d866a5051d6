"""``manage.py replay ID``: does this recommendation come out the same from its own snapshot?"""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisory.recommendations.models import Recommendation
from advisory.recommendations.replays import MATCH, NOT_REPLAYABLE, replay


class Command(BaseCommand):
    help = "Recompute a recommendation from its own facts and rules: MATCH, MISMATCH or NOT_REPLAYABLE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=UUID, help="the recommendation's id")

    def handle(self, *args: Any, id: UUID, **options: Any) -> None:
        recommendation = Recommendation.objects.filter(pk=id).first()
        if recommendation is None:
            raise CommandError(f"There is no recommendation {id}.")
        found = replay(recommendation)
        reason = f" ({found.reason})" if found.verdict == NOT_REPLAYABLE else ""
        self.stdout.write(f"{found.verdict}{reason}")
        for item in found.differing:
            self.stdout.write(f"  {item.column}: recorded {item.recorded!r}, replayed {item.replayed!r}")
        if found.verdict != MATCH:
            raise SystemExit(1)
