"""Back and forward through what has been looked at."""

from console.history import LONGEST, History, Visit
from console.scope import Scope
from console.time_context import TimeContext


def visit(screen):
    return Visit(screen, TimeContext(), Scope())


A, B, C, D = map(visit, "abcd")


def test_there_is_no_way_back_at_the_start():
    history = History()
    assert not history.can_go_back
    assert history.back(A) is None
    assert history.forward(A) is None


def test_back_and_forward_are_inverse():
    history = History()
    history.leave(A)
    history.leave(B)
    assert history.back(C) == B
    assert history.back(B) == A
    assert history.back(A) is None
    assert history.forward(A) == B
    assert history.forward(B) == C
    assert history.forward(C) is None


def test_a_new_way_forgets_what_lay_ahead():
    history = History()
    history.leave(A)
    assert history.back(B) == A
    history.leave(A)
    assert history.forward(D) is None
    assert history.back(D) == A


def test_leaving_the_same_place_twice_counts_once():
    history = History()
    history.leave(A)
    history.leave(A)
    assert history.back(B) == A
    assert not history.can_go_back


def test_the_present_is_returned_to_as_it_was_left():
    history = History()
    history.leave(A)
    left = Visit("b", TimeContext(60.0, 1000.0), Scope(), query="error", focus="17")
    history.back(left)
    assert history.forward(A) == left


def test_only_so_many_are_kept():
    history = History()
    places = [visit(str(number)) for number in range(LONGEST + 20)]
    for place in places:
        history.leave(place)
    seen, present = [], D
    while (before := history.back(present)) is not None:
        seen.append(before)
        present = before
    assert seen == places[: -LONGEST - 1 : -1]
