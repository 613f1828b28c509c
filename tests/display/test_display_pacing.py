"""The pacer lets no more out than the terminal takes, and never waits for ever."""

from hypothesis import given
from hypothesis import strategies as st

from console.display import pacing
from console.display.pacing import LEAST_BYTES, MOST_BYTES, SILENT_PAUSE_S, TIMEOUT_S, Pacer


class FakeClock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def proven():
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.answered()
    return clock, pacer


def round_trip(clock, pacer, size, delay):
    assert pacer.sent(size)
    clock.now += delay
    pacer.answered()


def test_a_terminal_that_never_answered_is_neither_asked_nor_waited_for():
    pacer = Pacer(FakeClock())
    assert not pacer.sent(1 << 20)
    assert not pacer.holds
    assert pacer.patience() == 0


def test_a_full_window_holds_until_the_answer():
    _, pacer = proven()
    pacer.sent(pacer.window)
    assert pacer.holds
    pacer.answered()
    assert not pacer.holds
    assert pacer.underway == 0


def test_quick_answers_widen_the_window_and_slow_ones_narrow_it():
    clock, pacer = proven()
    first = pacer.window
    for _ in range(20):
        round_trip(clock, pacer, pacer.window, 0.01)
    wide = pacer.window
    assert wide > first
    for _ in range(40):
        round_trip(clock, pacer, pacer.window, 0.01 + pacing.DELAY_S * 2)
    assert pacer.window == LEAST_BYTES


def test_little_traffic_says_nothing_of_the_window():
    clock, pacer = proven()
    before = pacer.window
    for _ in range(20):
        round_trip(clock, pacer, 100, 0.01)
    assert pacer.window == before


def test_a_lost_answer_is_given_up_after_a_while():
    clock, pacer = proven()
    pacer.sent(1 << 20)
    assert 0 < pacer.patience() <= TIMEOUT_S
    assert not pacer.expire()
    clock.now += TIMEOUT_S + 0.01
    assert pacer.expire()
    assert not pacer.holds


def test_a_terminal_that_fell_silent_gets_a_few_frames_a_second():
    clock, pacer = proven()
    for _ in range(3):
        pacer.sent(1 << 20)
        clock.now += TIMEOUT_S + 0.01
        pacer.expire()
    pacer.sent(1 << 20)
    assert pacer.patience() <= SILENT_PAUSE_S
    pacer.answered()
    pacer.sent(1 << 20)
    assert pacer.patience() > SILENT_PAUSE_S


def test_an_answer_to_a_question_given_up_is_not_taken_for_another():
    clock, pacer = proven()
    round_trip(clock, pacer, 100, 0.2)
    pacer.sent(1 << 20)
    clock.now += TIMEOUT_S + 0.01
    pacer.expire()
    pacer.sent(5000)
    clock.now += 0.01
    pacer.answered()
    assert pacer.underway == 5000
    clock.now += 0.2
    pacer.answered()
    assert pacer.underway == 0


def test_an_answer_to_nothing_is_ignored():
    _, pacer = proven()
    pacer.answered()
    assert pacer.underway == 0


events = st.one_of(
    st.tuples(st.just("sent"), st.integers(1, 100_000)),
    st.tuples(st.just("answered")),
    st.tuples(st.just("expire")),
    st.tuples(st.just("give_up")),
)


@given(st.lists(st.tuples(st.floats(0, 5), events), max_size=60))
def test_the_account_is_always_right(history):
    clock, pacer = proven()
    for pause, (name, *arguments) in history:
        clock.now += pause
        getattr(pacer, name)(*arguments)
        assert pacer.underway >= 0
        assert LEAST_BYTES <= pacer.window <= MOST_BYTES
        assert not (pacer.holds and pacer.patience() > TIMEOUT_S + 1e-6)
        if pacer.underway == 0:
            assert not pacer.holds
    clock.now += TIMEOUT_S + 1
    pacer.expire()
    assert not pacer.holds
