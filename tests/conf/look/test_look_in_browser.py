"""The look in a real browser under the real policy: axe, widths, focus, keyboard, behaviors of app.js."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conf.look.conftest import Watched

pytestmark = pytest.mark.browser
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLANTED = 'document.body.insertAdjacentHTML("beforeend", "<img src=/static/img/mark.svg>")'


def findings(page: Page) -> list[str]:
    # From the top: axe takes what the sticky bar happens to cover half for too small a target.
    page.evaluate("window.scrollTo(0, 0)")
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in answer["violations"]]


SCREENS = [
    {"color_scheme": theme, "viewport": {"width": width, "height": 900}}
    for theme in ("light", "dark")
    for width in (1440, 768, 320)
]


@pytest.mark.parametrize(
    "opened", SCREENS, indirect=True, ids=lambda s: f"{s['color_scheme']}-{s['viewport']['width']}"
)
def test_every_component_passes_axe_and_the_policy_at_every_width(opened: Watched) -> None:
    assert findings(opened.page) == []
    assert opened.faults == []
    room = opened.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert room[0] <= room[1], "the page scrolls sideways"


@pytest.mark.parametrize("opened", [{"color_scheme": t} for t in ("light", "dark")], indirect=True)
@pytest.mark.parametrize("path", ["login/", "login/?wrong", "errors/403/", "errors/404/", "errors/500/"])
def test_the_door_and_the_error_pages_pass_axe(opened: Watched, address: str, path: str) -> None:
    opened.page.goto(f"{address}/{path}")
    assert findings(opened.page) == []
    assert opened.faults == []


def test_a_wrong_log_in_leads_to_its_field(opened: Watched, address: str) -> None:
    opened.page.goto(f"{address}/login/?wrong")
    expect(opened.page).to_have_title("Error: Log in · Sleevewise")
    expect(opened.page.locator("[data-error-summary]")).to_be_focused()
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    expect(opened.page.get_by_label("Password")).to_be_focused()


def test_axe_finds_a_planted_fault(opened: Watched) -> None:
    opened.page.evaluate(PLANTED)
    assert any(f.startswith("image-alt") for f in findings(opened.page))


def test_the_policy_refuses_what_is_inline(opened: Watched) -> None:
    """The stage runs under the real policy: a planted inline script and style do nothing and are told."""
    opened.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.planted = 1";
            document.body.append(script);
        }"""
    )
    assert opened.page.evaluate("window.planted") is None
    assert any("Content Security Policy" in fault for fault in opened.faults)


@pytest.mark.parametrize("opened", [{"color_scheme": "dark"}], indirect=True)
def test_the_theme_follows_the_system_until_the_user_chooses(opened: Watched) -> None:
    root = opened.page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    opened.page.locator("summary[aria-label=Appearance]").click()
    opened.page.get_by_role("button", name="Light").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    opened.page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")
    expect(opened.page.locator("[data-theme-choice=light]")).to_have_attribute("aria-pressed", "true")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(opened: Watched) -> None:
    summary = opened.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    opened.page.get_by_role("link", name="Long-term rate must be 60 or less").click()
    field = opened.page.locator("#intake_rate")
    expect(field).to_be_focused()
    bar = opened.page.locator(".topbar").bounding_box()
    box = field.bounding_box()
    assert bar and box and box["y"] >= bar["height"], "the focused field lies under the bar (2.4.11)"


def test_a_menu_opens_by_key_and_escape_gives_the_focus_back(opened: Watched) -> None:
    summary = opened.page.locator("summary[aria-label^='Your account']")
    summary.focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page.get_by_role("button", name="Log out")).to_be_visible()
    opened.page.keyboard.press("Escape")
    expect(opened.page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_content(opened: Watched) -> None:
    opened.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    opened.page.locator("body").press("Tab")
    skip = opened.page.get_by_role("link", name="Skip to the main content")
    skip.focus()
    expect(skip).to_be_in_viewport()
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#main")).to_be_focused()


def test_something_final_is_asked_about_first(opened: Watched) -> None:
    discard = opened.page.get_by_role("button", name="Discard")
    discard.click()
    dialog = opened.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Discard this import?")
    expect(dialog).to_contain_text("The 412 staged rows are removed.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert findings(opened.page) == []
    opened.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    with opened.page.expect_request(lambda r: r.method == "POST"):
        discard.click()
        dialog.get_by_role("button", name="Discard").click()


def test_saving_as_one_types_says_how_it_went(opened: Watched) -> None:
    state = opened.page.locator("[data-save-state]")
    opened.page.get_by_label("Rationale").fill("Concentrated stock")
    opened.page.get_by_label("Rationale").blur()
    expect(state).to_contain_text("Saved ")
    expect(opened.page.locator("#status")).to_contain_text("Saved ")
    opened.page.get_by_label("Rationale").fill("fail")
    opened.page.get_by_label("Rationale").blur()
    expect(state).to_have_text("Not saved – try again")
    expect(state).to_have_attribute("data-state", "failed")


def test_the_token_goes_with_what_htmx_sends(opened: Watched) -> None:
    with opened.page.expect_request("**/saved/") as sent:
        opened.page.get_by_label("Rationale").fill("x")
        opened.page.get_by_label("Rationale").blur()
    assert sent.value.headers["x-csrftoken"]


def test_every_control_shows_a_ring_of_3_pixels_when_it_has_the_focus(opened: Watched) -> None:
    seen: dict[str, str] = {}
    opened.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(60):  # from the top of the page into the table
        opened.page.keyboard.press("Tab")
        name, ring = opened.page.evaluate(
            """() => {
                const e = document.activeElement, s = getComputedStyle(e);
                return [e.tagName + "." + e.className, s.outlineStyle + " " + s.outlineWidth];
            }"""
        )
        seen[name] = ring
    seen.pop("BODY.", None)  # the focus left the page and came round
    assert len(seen) > 8
    assert {name: ring for name, ring in seen.items() if ring != "solid 3px"} == {}


def test_targets_are_44_pixels_for_controls_and_24_in_tables(opened: Watched) -> None:
    def heights(selector: str) -> list[float]:
        return opened.page.evaluate(
            """s => [...document.querySelectorAll(s)]
                .filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)""",
            selector,
        )

    assert (
        min(
            heights(
                ".page-main form#intake .btn, .actions .btn, form#intake .form-control, .tabs a, .bar-button"
            )
        )
        >= 44
    )
    assert (
        min(heights(".table td a, .table th a, .crumbs a, .pager a, .chip, .summary-action a, summary")) >= 24
    )


@pytest.mark.parametrize("opened", [{"viewport": {"width": 320, "height": 800}}], indirect=True)
def test_on_a_small_screen_the_navigation_is_one_press_away(opened: Watched) -> None:
    nav = opened.page.get_by_role("navigation", name="Main")
    expect(nav).to_be_hidden()
    opened.page.get_by_role("button", name="Menu").click()
    expect(nav.get_by_role("link", name="Book")).to_be_visible()
    assert findings(opened.page) == []


@pytest.mark.parametrize(
    "opened", [{"java_script_enabled": False, "viewport": {"width": 320, "height": 800}}], indirect=True
)
def test_without_script_everything_is_reachable(opened: Watched) -> None:
    expect(
        opened.page.get_by_role("navigation", name="Main").get_by_role("link", name="Book")
    ).to_be_visible()
    expect(opened.page.get_by_role("button", name="Save and continue")).to_be_visible()
    opened.page.locator("summary[aria-label^='Your account']").click()
    expect(opened.page.get_by_role("button", name="Log out")).to_be_visible()
    assert opened.faults == []


def test_on_paper_the_furniture_is_gone_and_nothing_is_cut(opened: Watched) -> None:
    opened.page.emulate_media(media="print")
    expect(opened.page.locator(".topbar")).to_be_hidden()
    expect(opened.page.locator(".filter-bar")).to_be_hidden()
    expect(opened.page.locator(".chart table").first).to_be_visible()


@pytest.mark.parametrize("opened", [{"color_scheme": "dark"}], indirect=True)
def test_a_dark_page_prints_on_white(opened: Watched) -> None:
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(opened.page.locator("html")).to_have_attribute("data-bs-theme", "light")
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(opened.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_jump_to_a_section_ends_below_what_stays_in_view(opened: Watched) -> None:
    way = opened.page.locator(".page-sections")
    way.get_by_role("link", name="Intake").focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page).to_have_url(re.compile("#intake$"))
    opened.page.wait_for_function("document.querySelector('#intake').getBoundingClientRect().top < 400")
    bar, row, place = (
        opened.page.locator(selector).bounding_box() for selector in (".topbar", ".page-sections", "#intake")
    )
    assert bar is not None
    assert row is not None
    assert place is not None
    assert row["y"] == pytest.approx(bar["y"] + bar["height"], abs=1.5)
    assert place["y"] >= row["y"] + row["height"]


def test_the_way_about_a_page_is_not_printed(opened: Watched) -> None:
    opened.page.emulate_media(media="print")
    expect(opened.page.locator(".page-sections")).to_be_hidden()
