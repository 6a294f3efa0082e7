"""Ids that are made: free, the first that is, and found without counting from the start each time."""

from hypothesis import given
from hypothesis import strategies as st

from autotimeline.editing.ids import IdAllocator, make_event_id

BASES = st.sampled_from(["a", "a-2", "a-2-2", "b"])


@given(st.sets(BASES | st.sampled_from(["a-3", "a-4"])), st.lists(st.tuples(BASES, st.booleans(), st.sets(BASES))))
def test_an_id_is_the_first_that_is_free_whatever_was_asked_before(there, asked):
    taken = IdAllocator(there)
    for id, takes, besides in asked:
        numbered = [id, *(f"{id}-{n}" for n in range(2, 50))]
        found = taken.make_unique(id, besides)
        assert found == next(one for one in numbered if one not in taken | besides)
        if takes:
            taken.add(found)


class Counting(IdAllocator):
    looks = 0

    def __contains__(self, id):
        self.looks += 1
        return super().__contains__(id)


def test_of_a_title_without_a_latin_letter_the_thousandth_costs_what_the_second_does():
    taken = Counting()
    for _ in range(1000):
        taken.add(make_event_id("地震", None, taken))
    assert "event-1000" in taken
    assert "event-1001" not in taken
    assert taken.looks < 5000
