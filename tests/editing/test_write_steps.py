"""A change costs what it touches: counted in the steps of SQLite, not in time."""

import autotimeline
from autotimeline.editing.draft import Draft

EVENTS = 3000


def test_a_thing_more_costs_no_look_at_the_whole_file(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text("".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\n\n' for n in range(EVENTS)))
    steps = []
    with autotimeline.open(str(path), cache=False) as story:
        draft = Draft(story)
        assert draft.read_text("event", "e0") == '[[event]]\nid = "e0"\ntitle = "E"\n'
        story.index.set_progress_handler(lambda: steps.append(100), 100)
        assert draft.read_text("event", "e7") == '[[event]]\nid = "e7"\ntitle = "E"\n'
        story.index.set_progress_handler(None, 0)
    assert sum(steps) < EVENTS
