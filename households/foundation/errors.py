"""The one error shape: what was wrong, with which value, and what to do about it."""


class DomainError(Exception):
    """A request the domain refuses.

    Args:
        problem: one plain sentence that says what is wrong.
        field: the form field or fact it concerns, where there is one.
        value: the offending value, as it was given.
        remedy: one plain sentence that says what to do.
        status: the HTTP status that pages and API answer with (409 conflict, 422 invalid).
    """

    def __init__(
        self, problem: str, *, field: str = "", value: object = None, remedy: str = "", status: int = 422
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.value = value
        self.remedy = remedy
        self.status = status

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()
