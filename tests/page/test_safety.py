"""Hostile text in every field of a store runs nothing, and the file is fixed and closed (checks 2 and 3)."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from contextlib import closing
from hashlib import sha256

import pytest
import tomli_w
from browser import TODAY, Visit, page_text

from autotimeline.api import Timeline
from autotimeline.exports import html
from autotimeline.text import escape_control
from program import STORY

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</noscript><img src=x onerror=alert(3)>",
    "\"'><svg onload=alert(4)>",
    "<!--<script>",
    "]]>--><iframe srcdoc='<script>alert(5)</script>'></iframe>",
    "javascript:alert(6)",
    "' onmouseover='alert(7)' style='position:fixed",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "{title} {data} ${alert(8)} `${alert(9)}` $& $1 \\u003cb\\u003e",
    "a\u202eb\u2066c\u200bd\u0007e",
    "\u2028line\u2029paragraph",
    "__proto__",
]
URLS = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", " javascript:alert(1)", "//example.org/x"]
URLS += ["http://example.org/\"onclick='alert(1)'<b>", "HTTPS://example.org/a b", "file:///etc/passwd", "vbscript:x"]
HASHES = [
    "",
    "?view=timeline",
    "?view=table",
    "?view=compare&a=id:e1&b=is:planned",
    "?view=plans",
    *(f"e{n}" for n in range(13)),
]
HASHES += [f"?q={payload}" for payload in ("<img src=x onerror=alert(1)>", 'kind:"<b>"', "<b>or(")]


def store(texts):
    """A store with a text in every field that takes one."""
    events = []
    for n, text in enumerate(texts):
        cited = {"id": f"s{n % len(URLS)}", "quote": text, "by": text, "note": text, "date": "2021"}
        figure = {"printed": text, "note": text, "of": "a1"}
        events.append(
            {
                "id": f"e{n}",
                "date": "2020",
                "title": text,
                "printed": text,
                "kind": text,
                "status": ("happened", "planned")[n % 2],
                "places": [text],
                "tags": [text.replace(",", "")],
                "actors": {text.replace(".", ""): f"a{n}"},
                "figures": {"sum": figure},
                "sources": [cited],
                "links": {"related": [f"e{(n + 1) % len(texts)}"], "fulfils": ["e1"]} if n != 1 else {},
                "accept": {"disputed": text},
                "note": text,
            }
        )
    return {
        "store": {"title": texts[1]},
        "alias": {"evil": f'text:"{texts[6]}"'},
        "source": {f"s{n}": {"title": texts[n], "url": url, "note": texts[0]} for n, url in enumerate(URLS)},
        "actor": {f"a{n}": {"name": text, "aliases": [f"{text} 2"], "note": text} for n, text in enumerate(texts)},
        "era": {"e": {"name": texts[2], "period": "2019/2021", "note": texts[0]}},
        "event": events,
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of a hostile store, and that of a harmless one of the same structure."""
    folder, texts = tmp_path_factory.mktemp("hostile"), {}
    for name, words in (("hostile", PAYLOADS), ("harmless", [f"Word {n}" for n in range(len(PAYLOADS))])):
        path = folder / f"{name}.toml"
        path.write_text(tomli_w.dumps(store(words)), "utf-8")
        with Timeline([str(path)], today=TODAY, cache=False) as timeline:
            timeline.check()
            texts[name] = page_text(timeline)
    return folder, texts


STATE = """() => ({
  tags: [...new Set([...document.querySelectorAll('*')].map(node => node.tagName))].sort(),
  handlers: [...document.querySelectorAll('*')].flatMap(node => [...node.attributes])
    .filter(({name}) => name.startsWith('on') || name === 'style' || name === 'src').length,
  links: [...document.querySelectorAll('[href]')].map(node => node.getAttribute('href')),
  text: document.body.innerText,
})"""


def states(browser, path, text):
    """Yield what a page shows at each address; dialogs, errors, and requests fail."""
    path.write_text(text, "utf-8")
    with Visit(browser, path.as_uri()) as tab:
        for address in HASHES:
            tab.goto(f"{path.as_uri()}#{address}")
            tab.evaluate("document.querySelectorAll('.more').forEach(button => button.click())")
            yield address, tab.evaluate(STATE)


@pytest.fixture(scope="module")
def harmless_tags(browser, pages):
    """The tags at each address of the page of the harmless store."""
    folder, texts = pages
    return {address: state["tags"] for address, state in states(browser, folder / "harmless.html", texts["harmless"])}


def assert_safe(browser, path, text, harmless_tags):
    shown = dict.fromkeys(PAYLOADS, 0)
    with closing(states(browser, path, text)) as found:
        for address, state in found:
            assert state["tags"] == harmless_tags[address], address
            assert state["handlers"] == 0
            assert all(re.match(r"#|https?://", link, re.IGNORECASE) for link in state["links"]), address
            for payload in PAYLOADS:
                shown[payload] += state["text"].count(escape_control(payload, keep="\n"))
    assert min(shown.values()) >= 20, shown


def test_hostile_text_is_text(browser, pages, harmless_tags):
    folder, texts = pages
    assert_safe(browser, folder / "hostile.html", texts["hostile"], harmless_tags)


def test_without_script_hostile_text_is_text_too(browser, pages):
    folder, texts = pages
    path = folder / "static.html"
    path.write_text(texts["hostile"], "utf-8")
    with Visit(browser, path.as_uri(), java_script_enabled=False) as tab:
        for n, payload in enumerate(PAYLOADS):
            assert escape_control(payload) in tab.locator(f"#e{n}").text_content()
        tags = "B I SVG IMG IFRAME".lower().split()
        assert not tab.locator(", ".join(tags)).count()


# How a page could be changed so that hostile text runs or adds elements.
UNSAFE_APPEND = "node.insertAdjacentHTML('beforeend',String(child))"
MUTATIONS = {
    "data is not escaped": lambda text: text.replace("\\u003c", "<"),
    "text is markup": lambda text: text.replace(
        "node.append(child instanceof Node?child:visible(String(child)))",
        f"child instanceof Node?node.append(child):{UNSAFE_APPEND}",
    ),
    "links are not checked": lambda text: text.replace("/^https?:\\/\\//i", "/^/"),
    "controls are not escaped": lambda text: text.replace(
        "return text.replace(/[\\p{Cc}", "return text.replace(/[^\\s\\S\\p{Cc}"
    ),
}


def without_policy(text):
    return re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_test_finds_unsafe_pages(browser, pages, harmless_tags, name):
    folder, texts = pages
    mutated = MUTATIONS[name](texts["hostile"])
    assert mutated != texts["hostile"]
    # A page may be so broken that the browser reports an error.
    with pytest.raises((AssertionError, pytest.importorskip("playwright.sync_api").Error)):
        assert_safe(browser, folder / "mutated.html", without_policy(mutated), harmless_tags)


def test_the_policy_stops_what_escaping_misses(browser, pages):
    """A script that gets into the page does not run, unless the policy is removed."""
    folder, texts = pages
    evil = texts["harmless"].replace("</body>", "<script>document.title = 'it ran'</script></body>")
    for text, runs in ((evil, False), (without_policy(evil), True)):
        (folder / "evil.html").write_text(text, "utf-8")
        visit = Visit(browser, (folder / "evil.html").as_uri())
        assert (visit.tab.title() == "it ran") == runs
        visit.context.close()
        assert any("Content Security Policy" in fault for fault in visit.faults) != runs


# --- the file


def data_block(text):
    return re.search('<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]


def test_the_data_is_plain_json_without_markup(pages):
    for text in pages[1].values():
        assert "<" not in data_block(text)
        assert len(json.loads(data_block(text))["events"]) == len(PAYLOADS)


def test_the_policy_has_the_hashes_of_script_and_style(pages):
    text = pages[1]["hostile"]
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    for kind, pattern in (("script", r"<script>(.*?)</script>\n</body>"), ("style", "<style>(.*?)</style>")):
        content = re.findall(pattern, text, re.DOTALL)[-1 if kind == "script" else 0]
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_the_code_uses_no_way_to_run_text():
    forbidden = r"(inner|outer|insertAdjacent)HTML|\b(eval|Function|fetch|XMLHttpRequest)\b|document\.write|import\("
    for name in html._SCRIPTS:
        assert not re.search(forbidden, html._read_asset(name)), name


def test_two_exports_are_equal_and_have_no_path(tmp_path):
    with Timeline([str(STORY)], today=TODAY, cache=False) as first, Timeline([str(STORY)], today=TODAY) as second:
        texts = [page_text(timeline, "since:2022") for timeline in (first, second)]
    assert texts[0] == texts[1]
    assert str(STORY.parent) not in texts[0]


def test_the_code_can_be_shortened_as_it_is():
    """The rules that `_compact` relies on."""
    for name in html._SCRIPTS:
        code = html._read_asset(name)
        literals = html._LITERAL.findall(re.sub(r"^ *(//|/\*\*).*\n", "", code, flags=re.MULTILINE))
        assert all(text.count("{") == text.count("}") for text in literals if text.startswith("`")), name
        rest = html._LITERAL.sub("''", code)
        assert not re.search(
            r"\S.*//|[-+] [-+]\w|[^\s;{},(>?:&|\[]\n *[\[(`]", re.sub(r"^ *//.*", "", rest, flags=re.MULTILINE)
        ), name
