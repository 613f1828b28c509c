import time
from datetime import UTC
from zoneinfo import ZoneInfo

from textual import on

from tests.widgets.plausible import START, chart_data, fields, histogram_data, spans
from tests.widgets.stage import Stage, text_of
from widgets.field_list import FieldList
from widgets.key_hints import KeyHint, KeyHints
from widgets.log_histogram import LogHistogram
from widgets.metric_chart import ChartData, ChartSeries, MetricChart, Threshold
from widgets.query_bar import QueryBar, QueryError
from widgets.renderables.axis import label_line, time_ticks
from widgets.renderables.histogram_bars import Bucket, HistogramData, columns, stack
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.state_panel import PaneKind, PaneState, StateBadge, StatePanel
from widgets.status_bar import StatusBar, StatusLine
from widgets.trace_waterfall import TraceWaterfall, build_tree


class DrawingStage(Stage):
    @on(MetricChart.CursorMoved)
    @on(LogHistogram.SpanSelected)
    @on(TraceWaterfall.CursorMoved)
    @on(TraceWaterfall.Picked)
    @on(FieldList.CopyRequested)
    @on(QueryBar.Submitted)
    @on(QueryBar.Closed)
    def hear(self, message):
        self.heard.append(message)


SLOPE = ChartData(
    title="Load",
    series=(ChartSeries("one", tuple(START + 60 * n for n in range(61)), tuple(float(n) for n in range(61))),),
    start=START,
    end=START + 3600,
    step=60,
    thresholds=(Threshold(50),),
)


async def test_a_chart_has_axes_a_threshold_and_a_legend():
    chart = MetricChart(SLOPE)
    async with Stage(chart).run_test(size=(50, 12)) as pilot:
        await pilot.pause()
        lines = text_of(chart)
        assert lines[0].strip("▌ ").startswith("Load")
        assert lines[1].startswith("60 ")
        assert lines[9].startswith(" 0 ") or lines[9].startswith("0 ")
        assert any("╌" in line for line in lines)
        assert "05:15" in lines[10] or "05:30" in lines[10]
        assert "one 60" in lines[11]


async def test_a_tile_shows_the_last_value_and_never_loses_its_state():
    chart = MetricChart(SLOPE)
    chart.set_reactive(MetricChart.state, PaneState(PaneKind.STALE, "42 s old"))
    async with Stage(chart).run_test(size=(26, 4)) as pilot:
        await pilot.pause()
        assert chart.compact
        assert "◷ 42 s old" in text_of(chart)[0]
        chart.state = PaneState(PaneKind.LIVE)
        await pilot.pause()
        assert text_of(chart)[0].endswith("60")


async def test_the_crosshair_moves_by_keys_and_tells_its_time():
    chart = MetricChart(SLOPE)
    app = DrawingStage(chart)
    async with app.run_test(size=(60, 14)) as pilot:
        await pilot.press("left")
        assert app.heard[-1].moment == START + 3600
        await pilot.press("left", "shift+left")
        assert START < chart.cursor < START + 3600
        assert any("│" in line for line in text_of(chart))


async def test_an_empty_chart_says_why():
    chart = MetricChart(ChartData(title="Errors"))
    chart.set_reactive(MetricChart.state, PaneState(PaneKind.EMPTY, "no series match"))
    async with Stage(chart).run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        assert "no series match" in "\n".join(text_of(chart))


async def test_charts_are_drawn_fast_and_only_when_something_changed():
    chart = MetricChart(chart_data())
    async with Stage(chart).run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        plot = chart._planned()
        chart.cursor = START + 100
        text_of(chart)
        assert chart._planned() is plot
        xs = tuple(START + n * 0.36 for n in range(10_000))
        series = tuple(
            ChartSeries(f"s{n}", xs, tuple(float(n + (i * 7919) % 13) for i in range(10_000))) for n in range(10)
        )
        started = time.process_time()
        chart.data = ChartData(title="Dense", series=series, start=START, end=START + 3600)
        text_of(chart)
        assert time.process_time() - started < 0.5


def test_times_are_round_in_their_zone_and_midnight_shows_the_day():
    ticks = time_ticks(START, START + 3600, 6, UTC)
    assert [tick.label for tick in ticks] == ["05:00", "05:10", "05:20", "05:30", "05:40", "05:50", "06:00"]
    night = time_ticks(START - 6 * 3600, START, 6, UTC)
    assert "21 Nov" in [tick.label for tick in night]
    kathmandu = time_ticks(START, START + 3600, 4, ZoneInfo("Asia/Kathmandu"))
    assert all(tick.label.endswith(("00", "15", "30", "45")) for tick in kathmandu)
    assert time_ticks(START, START, 5) == ()


def test_labels_never_touch():
    assert label_line([(0, "aaaa"), (3, "bbbb"), (12, "cccc")], 14) == "aaaa      cccc"


def test_days_follow_the_calendar_where_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    start = 1_792_792_800.0  # 24 October 2026, 00:00 in Berlin; the 25th has 25 hours
    labels = [tick.label for tick in time_ticks(start, start + 4 * 86_400, 4, berlin)]
    assert labels == ["24 Oct", "25 Oct", "26 Oct", "27 Oct"]


def test_errors_stand_at_the_bottom_and_never_vanish():
    blocks = stack({"info": 1000, "error": 1}, 1001, 3)
    assert blocks[0].lower == "error"
    assert blocks[0].upper == "info"
    assert blocks[2].lower == "info"


def test_no_count_is_lost_between_buckets_and_cells():
    buckets = tuple(Bucket(n * 7.0, {"info": 10}) for n in range(10))
    cells = columns(HistogramData(start=0, end=70, step=7, buckets=buckets), 33)
    assert abs(sum(cell.get("info", 0) for cell in cells) - 100) < 1e-6


async def test_a_span_of_time_is_chosen_by_keys():
    view = LogHistogram(histogram_data())
    app = DrawingStage(view)
    async with app.run_test(size=(80, 8)) as pilot:
        await pilot.press("left", "left", "shift+left", "shift+left", "enter")
        chosen = app.heard[-1]
        assert (chosen.start, chosen.end) == view.span
        assert round((chosen.end - chosen.start) / (3600 / 80)) == 3
        assert "ERROR" in text_of(view)[0]
        assert "→" in text_of(view)[0]


async def test_a_trace_folds_and_shows_errors_through_the_fold():
    view = TraceWaterfall(build_tree(spans()))
    app = DrawingStage(view)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("left")
        assert view.line_total() == 1
        assert "+59 ✗3" in text_of(view)[1]
        assert view.next_error()
        assert view.line_total() > 1
        assert view.cursor_span.error
        await pilot.press("g", "right", "enter", "enter")
        assert view.line_total() == 60
        view.fold_all()
        await pilot.pause()
        assert view.cursor_index == 0


async def test_a_trace_zooms_within_itself():
    view = TraceWaterfall(build_tree(spans()))
    async with Stage(view).run_test(size=(100, 20)) as pilot:
        await pilot.press("plus", "plus")
        assert view.window.end_ms - view.window.start_ms < 812 / 3
        await pilot.press("shift+right", "shift+right", "shift+right", "shift+right", "shift+right", "shift+right")
        for _ in range(12):
            await pilot.press("shift+right")
        assert view.window.end_ms <= view.span_tree.end_ms + 1e-6
        await pilot.press("0")
        assert view.window.start_ms == 0


async def test_a_trace_that_grows_keeps_its_cursor():
    all_spans = spans()
    view = TraceWaterfall(build_tree(all_spans[:30]))
    async with Stage(view).run_test(size=(100, 20)) as pilot:
        view.move_to_id("s20")
        view.span_tree = build_tree(all_spans)
        await pilot.pause()
        assert view.cursor_span.id == "s20"


async def test_fields_wrap_and_are_copied():
    view = FieldList(fields())
    app = DrawingStage(view)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert text_of(view)[0].strip() == "Log line"
        await pilot.press("G", "c")
        assert app.heard[-1].key == "exception.stacktrace"
        view.groups = fields()[1:]
        await pilot.pause()
        assert view.cursor_field.key == "exception.stacktrace"


async def test_queries_are_recalled_submitted_and_closed():
    bar = QueryBar(prompt="/")
    bar.set_reactive(QueryBar.history, ("first", "second"))
    app = DrawingStage(bar)
    async with app.run_test(size=(60, 8)) as pilot:
        bar.focus_input()
        await pilot.press("x", "up")
        assert bar.value == "second"
        await pilot.press("up", "up")
        assert bar.value == "first"
        await pilot.press("down", "down")
        assert bar.value == "x"
        bar.error = QueryError("not a field", 0, 1)
        await pilot.pause()
        assert "✗ not a field" in "\n".join(text_of(bar._note))
        await pilot.press("y")
        assert bar.error is None
        await pilot.press("enter", "escape")
        assert [type(heard).__name__ for heard in app.heard] == ["Submitted", "Closed"]
        assert app.heard[0].text == "xy"


async def test_the_top_line_keeps_what_matters_most():
    status = StatusLine(
        context="prod",
        scope="service=checkout",
        time_range="last 1 h",
        firing=(("critical", 2),),
        simulation=True,
        clock="03:12:47",
        connection="failed",
        connection_text="gateway down",
    )
    bar = StatusBar(status)
    async with Stage(bar).run_test(size=(120, 4)) as pilot:
        await pilot.pause()
        wide = text_of(bar)[0]
        assert all(
            part in wide
            for part in (
                "AIRIS",
                "SIMULATION",
                "prod",
                "service=checkout",
                "▲ 2",
                "last 1 h",
                "✗ gateway down",
                "03:12:47",
            )
        )
        await pilot.resize_terminal(50, 4)
        await pilot.pause()
        narrow = text_of(bar)[0]
        assert all(part in narrow for part in ("AIRIS", "SIMULATION", "prod", "gateway down"))
        assert "03:12:47" not in narrow


async def test_tabs_and_hints_fit_any_width():
    tabs = ScreenTabs(tuple(ScreenTab(f"s{n}", str(n), f"Screen{n}") for n in range(1, 9)), "s2")
    hints = KeyHints((KeyHint("a", "first", priority=9), KeyHint("?", "help", priority=0), KeyHint("b", "second")))
    async with Stage(tabs, hints).run_test(size=(120, 4)) as pilot:
        for width in (120, 80, 60, 40, 24):
            await pilot.resize_terminal(width, 4)
            await pilot.pause()
            assert "Screen2" in text_of(tabs)[0], width
            assert "? help" in text_of(hints)[0]
            assert tabs.render_line(0).cell_length == width


async def test_states_are_told_by_glyph_and_word():
    badge = StateBadge(PaneState(PaneKind.PAUSED, "+12 new"))
    panel = StatePanel(PaneState(PaneKind.FAILED, "Loki refuses: 401", "Press L to log in again"))
    async with Stage(badge, panel).run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert text_of(badge) == ["‖ paused +12 new"]
        shown = "\n".join(text_of(panel))
        assert "✗  Loki refuses: 401" in shown
        assert "Press L to log in again" in shown
        badge.state = PaneState(PaneKind.LIVE)
        await pilot.pause()
        assert text_of(badge) == ["● live"]
