"""The keys of a table, taken one by one."""

from autotimeline.store.table_reader import TableReader


class Word(str):
    """A text that counts how often one is compared with it."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Word.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_what_stands_twice_is_told_once_each_and_costs_no_look_at_every_other():
    words = [f"w{n % 500}" for n in range(1000)]
    fields = TableReader({"tags": [Word(word) for word in words]})
    assert fields.get_texts("tags") == tuple(words)
    assert [text for _, text in fields.problems] == [f'tags: duplicate "w{n}"; remove one' for n in range(500)]
    assert Word.compared < 10 * len(words)
