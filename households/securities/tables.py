"""The master, and what it does not know, as tables."""

from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from households.foundation import formats
from households.foundation.identifiers import symbol_key
from households.foundation.tables import NUMBER
from households.models import Security, SecurityProposal
from households.securities.presenting import declined_words
from households.securities.selectors import last_declined, open_proposals

_QUIET = '<span class="quiet">{}</span>'


class SecurityTable(tables.Table):
    """One security a row."""

    caption = "Securities"
    noun, noun_plural = "security", "securities"
    empty_hint = "Change or clear the filters to see more."

    symbol = tables.Column("Symbol", order_by=("key",))
    issuer = tables.Column("Issuer", empty_values=())
    kind = tables.Column("Kind")
    asset_class = tables.Column("Invests in", empty_values=())
    sector = tables.Column("Sector", empty_values=())
    source = tables.Column("Source")

    class Meta:
        order_by = ("symbol",)
        empty_text = "No security fits"

    def render_symbol(self, record: Security) -> SafeString:
        url = reverse("securities:security", args=[record.pk])
        return format_html(
            '<a class="fw-semibold" href="{}">{}</a><span class="sub">{}</span>',
            url,
            record.symbol,
            record.name,
        )

    def render_issuer(self, record: Security) -> SafeString | str:
        return record.issuer or format_html(_QUIET, "None")

    def render_asset_class(self, record: Security) -> SafeString | str:
        return record.get_asset_class_display() or format_html(_QUIET, "Not known")

    def render_sector(self, record: Security) -> SafeString | str:
        return record.sector or format_html(_QUIET, "Not known" if record.kind == "stock" else "None")

    def render_source(self, record: Security) -> SafeString:
        return format_html('{}<span class="sub">{}</span>', record.source, formats.day(record.as_of))


class UnknownTable(tables.Table):
    """One unknown symbol a row, with what it holds up."""

    caption = "Unknown symbols"
    noun, noun_plural = "symbol", "symbols"
    empty_hint = "Every holding you may see has its kind and its issuer."

    shown = tables.Column("Symbol")
    unkind = tables.Column("Not known")
    accounts = tables.Column("Held in", attrs=NUMBER)
    held = tables.Column("Value held", attrs=NUMBER)
    held_up = tables.Column("Holds up", attrs=NUMBER)
    behind = tables.Column("Value behind it", empty_values=(), attrs=NUMBER)
    answer = tables.Column("Answer", empty_values=(), orderable=False)

    class Meta:
        order_by = ("-held_up",)
        empty_text = "No symbol is unknown"

    def __init__(
        self, *args: Any, user: Any, answer_at: str = "", answer_word: str = "", **kwargs: Any
    ) -> None:
        self._user, self._answer_at, self._answer_word = user, answer_at, answer_word
        if not answer_at:
            kwargs["exclude"] = ("answer",)
        super().__init__(*args, **kwargs)

    @cached_property
    def _proposed(self) -> tuple[dict[str, SecurityProposal], dict[str, SecurityProposal]]:
        """What waits and what was declined, of the symbols on this page."""
        page = getattr(self, "page", None)
        shown = [row.record["shown"] for row in (page.object_list if page else self.rows)]
        return open_proposals(shown), last_declined(shown, self._user)

    def render_shown(self, record: dict[str, Any]) -> SafeString:
        sub = (
            format_html('<span class="sub">{}</span>', record["description"]) if record["description"] else ""
        )
        return format_html('<span class="fw-semibold">{}</span>{}', record["shown"], sub)

    def render_unkind(self, value: int) -> str:
        return "Kind and issuer" if value else "Issuer"

    def render_accounts(self, value: int) -> str:
        return _accounts(value)

    def render_held(self, value: int) -> str:
        return formats.money(value, 0)

    def render_held_up(self, value: int) -> str:
        return _accounts(value) if value else "Nothing"

    def render_behind(self, value: int | None) -> SafeString | str:
        return formats.money(value, 0) if value else format_html(_QUIET, "None")

    def render_answer(self, record: dict[str, Any]) -> SafeString | str:
        waiting, declined = (found.get(symbol_key(record["shown"])) for found in self._proposed)
        if waiting:
            return format_html(_QUIET, f"Proposed by {waiting.by}")
        url = f"{reverse(self._answer_at)}?{urlencode({'symbol': record['shown']})}"
        button = format_html(
            '<a class="btn btn-secondary btn-sm" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            url, self._answer_word, record["shown"],
        )  # fmt: skip
        if not declined:
            return button
        return format_html('{}<span class="sub sub-told">{}</span>', button, declined_words(declined))


def _accounts(count: int) -> str:
    return f"{formats.count(count)} account{'' if count == 1 else 's'}"
