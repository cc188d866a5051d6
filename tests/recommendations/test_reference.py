"""docs/ledger.md says what the code does."""

from django.conf import settings

from advisory.recommendations.reference import BLOCKS, filled


def test_the_generated_parts_of_the_page_are_current() -> None:
    page = (settings.BASE_DIR / "docs/ledger.md").read_text()
    assert filled(page) == page, "run: manage.py document_ledger"
    for name in BLOCKS:
        assert f"<!-- generated: {name} -->" in page
