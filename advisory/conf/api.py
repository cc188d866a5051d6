"""The API's operations that belong to no single app."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from implementation.rules.facts import FACTS

MOST_ACCOUNTS = 1_000


class EvaluationRequest(serializers.Serializer):
    """Facts of one or more accounts; a fact left out, or null, is unknown."""

    accounts = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_ACCOUNTS,
        help_text="Each a mapping of fact to value: " + ", ".join(FACTS),
    )  # fmt: skip
    shelf = serializers.CharField(default="house", help_text="Which shelf: house or published.")
    as_of = serializers.DateField(required=False, help_text="Defaults to today.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(self.initial_data) - set(self.fields):
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "This key is not known."))
        return attrs


class EvaluationsView(APIView):
    """``POST /api/v1/evaluations/``: a stateless what-if; nothing is stored."""

    @extend_schema(operation_id="evaluations_create", request=EvaluationRequest, responses={200: dict})
    def post(self, request: Request) -> Response:
        """Answers like ``manage.py evaluate``; an account that cannot be read carries its error."""
        from implementation.rules.answer import answer
        from implementation.selectors import policy_in_force, shelf_in_force

        body = EvaluationRequest(data=request.data)
        body.is_valid(raise_exception=True)
        as_of: date = body.validated_data.get("as_of") or timezone.localdate()
        shelf = shelf_in_force(as_of, name=body.validated_data["shelf"])
        return Response(answer(request.data["accounts"], shelf, policy_in_force(as_of), as_of))
