"""The page in a browser: keyboard, screens, print, and sizes (checks 4 to 7)."""

from __future__ import annotations

import re
import subprocess
from shutil import which

import pytest
from browser import FULL, TODAY, Visit, generated_store, page_text, write_page

from autotimeline.api import Timeline
from autotimeline.exports import html
from program import STORY

SCREENS = {
    "story": "",
    "timeline": "?view=timeline",
    "timeline by actor": "?view=timeline&by=actor&q=since:2022",
    "table": "?view=table&q=since:2022-06",
    "compare": "?view=compare",
    "plans": "?view=plans",
    "error": "?q=actor:nobody",
    "card": "gac-fiat-chrysler-bankruptcy",
}
LOOKS = [("light", 1280, 800), ("dark", 390, 844)] + ([("dark", 1280, 800), ("light", 390, 844)] if FULL else [])


@pytest.fixture(scope="module")
def big_page(tmp_path_factory):
    """A page with many events."""
    folder = tmp_path_factory.mktemp("big")
    with Timeline([str(generated_store(folder, 10_000 if FULL else 2500))], today=TODAY, cache=False) as timeline:
        return write_page(folder / "big.html", timeline)


@pytest.mark.parametrize(("scheme", "width", "height"), LOOKS)
def test_axe_finds_no_violation(browser, story_page, scheme, width, height):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: the extra browser")
    with Visit(browser, story_page, viewport={"width": width, "height": height}, color_scheme=scheme) as tab:
        screens = [*SCREENS.items(), ("help", "")] if FULL else [(name, SCREENS[name]) for name in ("table", "card")]
        for name, address in screens:
            tab.goto(f"{story_page}#{address}")
            if name == "help":
                tab.keyboard.press("?")
            # The page has no skip links; axe takes a link of a card for one if it is scrolled out of sight.
            found = axe.Axe().run(tab, options={"rules": {"skip-link": {"enabled": False}}})
            assert found.response["violations"] == [], f"{name}: {found.generate_report()}"


def luminance(color):
    channels = [
        int(color[at : at + len(color) // 3], 16) / (16 ** (len(color) // 3) - 1)
        for at in range(0, len(color), len(color) // 3)
    ]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_color_of_text_has_contrast():
    themes = re.findall(r":root \{(.*?)\}", html._read_asset("page.css"), re.DOTALL)
    assert len(themes) == 2
    for theme in themes:
        colors = {name: luminance(color) for name, color in re.findall(r"--(\w+): #(\w+);", theme)}
        for name in colors.keys() - {"paper", "line", "soft", "pick"}:
            light, dark = sorted((colors[name], colors["paper"]), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def test_forced_colors_show_marks_and_states(browser, story_page):
    with Visit(browser, f"{story_page}#?view=timeline", forced_colors="active") as tab:
        fill, paper = tab.evaluate(
            "[getComputedStyle(document.querySelector('.bar .mark')).fill,"
            " getComputedStyle(document.body).backgroundColor]"
        )
        assert fill != paper
        pressed, other = tab.evaluate(
            "['true', 'false'].map(state => getComputedStyle(document.querySelector("
            "`.tabs [aria-pressed=${state}]`)).backgroundColor)"
        )
        assert pressed != other


def test_nothing_scrolls_sideways_on_a_narrow_screen(browser, story_page):
    with Visit(browser, story_page, viewport={"width": 320, "height": 640}) as tab:
        for name, address in SCREENS.items():
            tab.goto(f"{story_page}#{address}")
            assert tab.evaluate("document.documentElement.scrollWidth") <= 320, name


# --- keyboard


def focused(tab):
    return tab.evaluate("document.activeElement.dataset.id ?? document.activeElement.id")


@pytest.mark.parametrize("view", ["story", "timeline", "table", "plans"])
def test_the_keyboard_reaches_everything(browser, story_page, view):
    with Visit(browser, f"{story_page}#?view={view}") as tab:
        rows = tab.evaluate("[...document.querySelectorAll('#views [data-id]')].map(row => row.dataset.id)")
        tab.keyboard.press("/")
        assert focused(tab) == "q"
        for _ in range(3):
            tab.keyboard.press("Tab")
            if focused(tab) == rows[0]:
                break
        assert focused(tab) == rows[0]
        tab.keyboard.press("j")
        tab.keyboard.press("j")
        tab.keyboard.press("k")
        assert focused(tab) == rows[1]
        tab.keyboard.press("Enter")
        if view != "timeline":
            assert tab.locator("#card[open] code").first.inner_text() == rows[1]
            tab.keyboard.press("Escape")
            assert not tab.locator("#card[open]").count()
            assert focused(tab) == rows[1]
        tab.keyboard.press("?")
        assert tab.locator("dialog[open] dt").count() >= 8
        tab.keyboard.press("Escape")
        assert not tab.locator("dialog[open]").count()


def test_filters_and_headers_are_one_stop_with_arrows(browser, story_page):
    with Visit(browser, f"{story_page}#?view=table") as tab:
        tab.keyboard.press("/")
        tab.keyboard.press("Tab")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        assert "kind" in tab.evaluate("state.q")
        # The pressed button keeps the focus, and undoes itself.
        tab.keyboard.press("Enter")
        assert tab.evaluate("state.q") == ""
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        first = focused(tab)
        for _ in range(5):
            tab.keyboard.press("ArrowUp")
        tab.keyboard.press("Enter")
        assert tab.evaluate("state.sort") == "title"
        assert tab.locator("th[aria-sort=ascending]").inner_text() == "title ▴"
        titles = tab.locator("tbody [data-id]").all_inner_texts()
        assert titles == sorted(titles)
        assert first


def test_back_and_forward_restore_query_and_card(browser, story_page):
    with Visit(browser, story_page) as tab:
        tab.keyboard.press("/")
        tab.keyboard.type("kind:deal")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Enter")
        assert tab.locator("#card-title").inner_text() == "Stellantis plans to buy about 20% of Leapmotor"
        tab.go_back()
        assert not tab.locator("#card[open]").count()
        assert tab.locator("#status").inner_text() == "1 of 34 events"
        tab.go_back()
        assert tab.locator("#status").inner_text() == "34 of 34 events"
        assert tab.locator("#q").input_value() == ""
        tab.go_forward()
        tab.go_forward()
        assert tab.locator("#card[open] code").inner_text() == "leapmotor-deal"
        assert tab.locator("#q").input_value() == "kind:deal"
        # A link in a card opens another card, and back returns.
        tab.locator("#card a[href^='#']").first.click()
        assert tab.locator("#card[open] code").inner_text() != "leapmotor-deal"
        tab.go_back()
        assert tab.locator("#card[open] code").inner_text() == "leapmotor-deal"


@pytest.mark.parametrize(
    ("address", "status", "card"),
    [
        ("catl-jv", "34 of 34 events", "catl-jv"),
        ("?q=kind%3Ajoint-venture", "3 of 34 events", None),
        ("?q=kind%3Ajoint-venture&id=catl-jv", "3 of 34 events", "catl-jv"),
        ("nobody", 'no event "nobody" in this page', None),
        ("%E0%A4%A", 'no event "%E0%A4%A" in this page', None),
        ("?q=since:2022-06", "25 of 34 events; 11 possible; 7 undated omitted", None),
        ("?q=since:2022-06&certain=1", "14 of 34 events; 11 possible omitted; 7 undated omitted", None),
        ("?q=kind:__proto__", '0 of 34 events; no event has the kind "__proto__"', None),
        ("?view=__proto__&by=constructor&sort=__proto__&start=-5&from=x", "34 of 34 events", None),
    ],
)
def test_links_open_on_a_cold_start(browser, story_page, address, status, card):
    with Visit(browser, f"{story_page}#{address}") as tab:
        assert tab.locator("#status").inner_text() == status
        found = tab.locator("#card[open] code")
        assert (found.first.inner_text() if found.count() else None) == card


def test_an_invalid_query_keeps_the_last_answer_and_shows_the_remedy(browser, story_page):
    with Visit(browser, story_page) as tab:
        box = tab.locator("#q")
        box.fill("kind:deal")
        box.fill("kind:deal actor:nobody")
        assert tab.locator("#status").inner_text() == 'no actor "nobody" in this page'
        assert box.get_attribute("aria-invalid") == "true"
        assert tab.locator("#views [data-id]").count() == 1
        box.fill("investment:1bn..")
        assert "autotimeline list 'investment:1bn..'" in tab.locator("#status").inner_text()


def test_facets_count_certain_and_possible_events(browser, story_page):
    with Visit(browser, f"{story_page}#?q=since:2022-06") as tab:
        assert tab.locator("[data-key='status:happened']").inner_text().split() == ["happened", "12–22"]
        tab.locator("[data-key='actor:leapmotor']").click()
        assert tab.locator("#q").input_value() == "since:2022-06 actor:leapmotor"
        tab.locator("#q").fill("kind:deal or kind:visit")
        tab.locator("[data-key='actor:stellantis']").click()
        assert tab.locator("#q").input_value() == "(kind:deal or kind:visit) actor:stellantis"


def test_the_timeline_zooms_by_keys_buttons_and_dragging(browser, story_page):
    with Visit(browser, f"{story_page}#?view=timeline") as tab:
        days = "() => { const [a, b] = zoomDays() ?? [0, 0]; return b - a }"
        tab.keyboard.press("Shift+Equal")
        wide = tab.evaluate(days)
        tab.keyboard.press("Equal")
        assert 0 < tab.evaluate(days) < wide
        start = tab.evaluate("state.from")
        tab.keyboard.press("ArrowRight")
        assert tab.evaluate("state.from") > start
        tab.keyboard.press("-")
        assert tab.evaluate(days) > 0
        tab.keyboard.press("0")
        assert tab.evaluate(days) == 0
        tab.locator("[data-key='in']").click()
        assert tab.evaluate(days) > 0
        tab.locator("[data-key='all']").click()
        tab.evaluate("scrollTo(0, 0)")
        box = tab.locator("svg.timeline").bounding_box()
        tab.mouse.move(box["x"] + 400, box["y"] + 100)
        tab.mouse.down()
        tab.mouse.move(box["x"] + 600, box["y"] + 120)
        tab.mouse.up()
        assert 0 < tab.evaluate(days) < 3000
        assert not tab.locator("#card[open]").count()


# --- print and sizes


def printed_text(tab):
    if not which("pdftotext"):
        pytest.skip("pdftotext is missing: poppler-utils")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=tab.pdf(), capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def test_print_has_the_query_and_every_row_with_sources_and_quotes(browser, story_page):
    with Timeline([str(STORY)], today=TODAY, cache=False) as story:
        events = list(story.select("since:2022-06 not kind:visit").events())
    with Visit(browser, f"{story_page}#?q=since:2022-06+not+kind:visit&view=plans") as tab:
        text = printed_text(tab)
        assert "Query: since:2022-06 not kind:visit" in text
        for event in events:
            assert event.title in text, event.id
            assert all(citation.quote is None or citation.quote in text for citation in event.citations)
        assert text.count("Stellantis turns back to China") >= len(events)
        assert not tab.locator("article").count()


def test_print_states_how_many_rows_are_missing(browser, big_page):
    with Visit(browser, big_page) as tab:
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        count = tab.evaluate("page.count")
        assert tab.locator("article").count() == 2000
        text = tab.locator("#print > p").last.text_content()
        assert text == f"{count - 2000:,} more events not printed; print a narrower query."


def test_the_document_stays_small(browser, big_page):
    with Visit(browser, big_page) as tab:
        for address in (
            *SCREENS.values(),
            "?start=400",
            "?view=table&sort=title+down",
            "?view=timeline&by=actor",
            "?view=compare&a=2010&b=is:planned",
        ):
            tab.goto(f"{big_page}#{address}")
            assert tab.evaluate("document.querySelectorAll('*').length") <= 3000, address


def test_the_fixed_part_and_each_event_are_small(tmp_path):
    (tmp_path / "empty.toml").write_text("[store]\nformat = 1\n", "utf-8")
    with Timeline([str(tmp_path / "empty.toml")], today=TODAY, cache=False) as empty:
        assert len(page_text(empty).encode()) <= 60_000
    count = 10_000 if FULL else 1000
    with Timeline([str(generated_store(tmp_path, count))], today=TODAY, cache=False) as timeline:
        assert len(page_text(timeline).encode()) <= 60_000 + 700 * count


def test_many_events_cause_a_warning(monkeypatch, tmp_path):
    from program import environment, run

    monkeypatch.setattr(html, "_MAX_FLUENT_EVENTS", 33)
    done = run("-f", str(STORY), "export", "-o", "story.html", cwd=tmp_path, env=environment(tmp_path))
    assert done.stderr.decode() == "autotimeline: 34 events make a slow page; a page is fluent up to 33: add a query\n"


# --- without script


def test_without_script_the_page_shows_rows(browser, story_page, tmp_path):
    with Visit(browser, story_page, java_script_enabled=False) as tab:
        assert tab.locator("tbody tr").count() == 34
        assert "2023-10" in tab.locator("#leapmotor-deal").inner_text()
        assert "investment ~1.5bn EUR" in tab.locator("#leapmotor-deal").inner_text()
    with Timeline([str(generated_store(tmp_path, 600))], today=TODAY, cache=False) as timeline:
        text = page_text(timeline)
    assert text.count("<tr id=") == 500
    assert "The first 500 events follow; 100 more need script." in text
