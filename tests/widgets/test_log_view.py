import pytest
from textual import on

from tests.widgets.plausible import log_lines
from tests.widgets.stage import Stage, text_of
from widgets.log_view import LogLine, LogView


def lines(count, first=0, level="info", text="message"):
    return tuple(LogLine(f"l{n}", "03:00:00.000", level, "shop", f"{text} {n}") for n in range(first, first + count))


class LogStage(Stage):
    @on(LogView.FollowChanged)
    def hear_follow(self, message):
        self.heard.append(("follow", message.follow))

    @on(LogView.Picked)
    def hear_picked(self, message):
        self.heard.append(("picked", message.id))

    @on(LogView.CursorMoved)
    def hear_cursor(self, message):
        self.heard.append(("cursor", message.id))


async def frame(pilot):
    await pilot.pause(0.12)


async def test_a_live_log_stays_at_its_end():
    view = LogView()
    async with Stage(view).run_test(size=(60, 5)) as pilot:
        view.extend(lines(100))
        await frame(pilot)
        assert text_of(view)[-1].split("  ")[-1].startswith("message 99") or "message 99" in text_of(view)[-1]
        view.extend(lines(10, 100))
        await frame(pilot)
        assert "message 109" in text_of(view)[-1]


async def test_going_up_pauses_and_the_end_key_follows_again():
    view = LogView()
    app = LogStage(view)
    async with app.run_test(size=(70, 6)) as pilot:
        view.extend(lines(100))
        await frame(pilot)
        await pilot.press("k")
        assert view.follow is False
        held = [row[:-1] for row in text_of(view)[:-1]]
        view.extend(lines(1_204, 100))
        await frame(pilot)
        assert [row[:-1] for row in text_of(view)[:-1]] == held
        assert view.new_count == 1_204
        assert "+1,204 new" in text_of(view)[-1]
        await pilot.press("G")
        assert view.follow is True
        assert view.new_count == 0
        assert "message 1303" in text_of(view)[-1]
        assert [heard for heard in app.heard if heard[0] == "follow"] == [("follow", False), ("follow", True)]


async def test_the_ring_is_bounded_and_tells_what_it_lost():
    view = LogView(limit=1_000)
    async with Stage(view).run_test(size=(60, 5)) as pilot:
        for start in range(0, 10_000, 500):
            view.extend(lines(500, start))
        await frame(pilot)
        assert len(view.lines) <= 1_125
        assert view.discarded == 10_000 - len(view.lines)
        assert view.lines[-1].id == "l9999"


async def test_the_cursor_stays_with_its_line_while_old_ones_leave():
    view = LogView(limit=1_000)
    async with Stage(view).run_test(size=(60, 5)) as pilot:
        view.extend(lines(1_000))
        await frame(pilot)
        assert view.move_to_id("l900")
        view.extend(lines(600, 1_000))
        await frame(pilot)
        assert view.cursor_line.id == "l900"
        view.prepend(())
        view.replace(lines(300, 800))
        assert view.cursor_line.id == "l900"


async def test_matches_and_errors_are_found_both_ways():
    view = LogView()
    async with Stage(view).run_test(size=(60, 8)) as pilot:
        view.extend(
            (
                *lines(50),
                *lines(1, 50, "error", "Boom upstream"),
                *lines(50, 51),
                *lines(1, 101, "fatal", "dead"),
                *lines(9, 102),
            )
        )
        await frame(pilot)
        assert view.prev_error()
        assert view.cursor_line.id == "l101"
        assert view.prev_error()
        assert view.cursor_line.id == "l50"
        assert not view.prev_error()
        assert view.next_error()
        view.highlight = ("UPSTREAM",)
        assert view.prev_match()
        assert view.cursor_line.id == "l50"
        assert not view.next_match()
        await pilot.pause()
        lit = [
            segment.text
            for y in range(8)
            for segment in view.render_line(y)
            if segment.style and segment.style.bgcolor == view.ink("match").bgcolor
        ]
        assert lit == ["upstream"]


async def test_a_gap_is_a_row_of_its_own():
    view = LogView()
    async with Stage(view).run_test(size=(80, 5)) as pilot:
        view.extend(
            (*lines(2), LogLine("g", "", "", "", "gap 12 s, 3,400 lines not delivered", marker=True), *lines(1, 2))
        )
        await frame(pilot)
        assert text_of(view)[2].strip().startswith("── gap 12 s, 3,400 lines not delivered ───")


async def test_long_lines_wrap_on_demand_and_the_end_stays_in_view():
    view = LogView()
    async with Stage(view).run_test(size=(60, 8)) as pilot:
        view.extend(
            tuple(LogLine(f"w{n}", "03:00:00", "info", "s", f"<{n}> " + "x" * 100 + f" end{n}") for n in range(20))
        )
        view.wrap = True
        await frame(pilot)
        shown = "\n".join(text_of(view))
        assert "end19" in shown
        assert "<19>" in shown
        await pilot.press("g")
        assert "<0>" in text_of(view)[0]
        await pilot.press("j", "j", "j", "j")
        assert f"<{view.cursor_index}>" in "\n".join(text_of(view))


async def test_sideways_shows_the_rest():
    view = LogView()
    async with Stage(view).run_test(size=(60, 4)) as pilot:
        view.extend((LogLine("a", "03:00:00", "info", "s", "x" * 70 + "TAIL"),))
        await frame(pilot)
        assert "TAIL" not in text_of(view)[0]
        await pilot.press("right", "right", "right")
        assert "TAIL" in text_of(view)[0]


async def test_enter_picks():
    view = LogView()
    app = LogStage(view)
    async with app.run_test(size=(60, 6)) as pilot:
        view.extend(lines(3))
        await frame(pilot)
        await pilot.press("k", "enter")
        assert app.heard[-1] == ("picked", "l1")
        assert ("cursor", "l1") in app.heard


@pytest.mark.parametrize("size", [(20, 3), (80, 24), (200, 50)])
async def test_any_size_is_filled_exactly(size):
    view = LogView()
    async with Stage(view).run_test(size=size) as pilot:
        view.extend(log_lines(200))
        await frame(pilot)
        for y in range(view.size.height):
            assert view.render_line(y).cell_length == view.size.width


async def test_ten_thousand_lines_cost_few_frames():
    view = LogView()
    async with Stage(view).run_test(size=(80, 24)) as pilot:
        frames = []
        plain = view._frame
        view._frame = lambda: (frames.append(1), plain())
        for start in range(0, 10_000, 1_000):
            view.extend(lines(1_000, start))
        await frame(pilot)
        assert len(frames) == 1
