"""Text from outside is cleaned once and then drawn: no widget may add power to it, whatever it is."""

import unicodedata

import pytest

from tests.widgets.plausible import START
from tests.widgets.stage import Stage
from tests.widgets.test_text import HOSTILE
from widgets.alert_table import AlertRow, AlertTable
from widgets.canvas import Canvas
from widgets.data_list import DataList, ListRow
from widgets.field_list import Field, FieldGroup, FieldList
from widgets.key_hints import KeyHint, KeyHints
from widgets.log_histogram import Bucket, HistogramData, LogHistogram
from widgets.log_view import LogLine, LogView
from widgets.metric_chart import ChartData, ChartSeries, MetricChart
from widgets.query_bar import QueryBar, QueryError
from widgets.renderables.columns import Column
from widgets.screen_tabs import ScreenTab, ScreenTabs
from widgets.state_panel import PaneKind, PaneState, StateBadge, StatePanel
from widgets.status_bar import StatusBar, StatusLine
from widgets.text import clean
from widgets.trace_waterfall import SpanRow, TraceWaterfall, build_tree


def alert_table(text):
    table = AlertTable()
    row = AlertRow(
        id="1", severity=text, state=text, name=text, summary=text, service=text, age=text, value=text, ack_text=text
    )
    table.set_reactive(AlertTable.rows, (row,))
    return table


def data_list(text):
    table = DataList((Column("a", text, 9, grow=1),), empty_text=text)
    table.set_reactive(DataList.rows, (ListRow(text, (text,)),))
    return table


def log_view(text):
    view = LogView()
    view.extend((LogLine("1", text, text, text, text, ((text, text),)), LogLine("2", "", "", "", text, marker=True)))
    return view


def query_bar(text):
    bar = QueryBar(text, prompt=text, placeholder=text)
    bar.set_reactive(QueryBar.error, QueryError(text, 0, 3))
    return bar


MAKERS = {
    "alerts": alert_table,
    "list": data_list,
    "log": log_view,
    "chart": lambda text: MetricChart(
        ChartData(
            title=text,
            series=(ChartSeries(text, (START, START + 9), (1.0, 2.0)),),
            unit=text,
            start=START,
            end=START + 9,
        )
    ),
    "histogram": lambda text: LogHistogram(HistogramData(start=0, end=10, step=5, buckets=(Bucket(0, {text: 3}),))),
    "fields": lambda text: FieldList((FieldGroup(text, (Field(text, text),)),)),
    "trace": lambda text: TraceWaterfall(build_tree((SpanRow("1", "", text, text, 0, 5, error=True),))),
    "panel": lambda text: StatePanel(PaneState(PaneKind.FAILED, text, text)),
    "badge": lambda text: StateBadge(PaneState(PaneKind.STALE, text)),
    "bar": lambda text: StatusBar(
        StatusLine(product=text, context=text, scope=text, time_range=text, connection=text, clock=text)
    ),
    "tabs": lambda text: ScreenTabs((ScreenTab("a", text, text, text),), "a"),
    "hints": lambda text: KeyHints((KeyHint(text, text), KeyHint(text, text, enabled=False))),
    "query": query_bar,
}


@pytest.mark.parametrize("maker", MAKERS)
async def test_no_control_reaches_the_terminal(maker):
    shown = [MAKERS[maker](clean(text)) for text in HOSTILE]
    async with Stage(*shown).run_test(size=(120, 60)) as pilot:
        await pilot.pause(0.1)
        for canvas in pilot.app.query(Canvas):
            canvas.styles.height = 8
        await pilot.pause()
        for widget in [*pilot.app.query(Canvas), *pilot.app.query("_QueryInput")]:
            for y in range(widget.size.height):
                for segment in widget.render_line(y):
                    assert segment.control is None
                    assert not [c for c in segment.text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


async def test_what_is_pasted_into_a_query_is_cleaned():
    from textual.events import Paste

    bar = QueryBar()
    async with Stage(bar).run_test() as pilot:
        bar.focus_input()
        await pilot.pause()
        pilot.app.focused.post_message(Paste("a\x1b]52;c;x\x07b"))
        await pilot.pause()
        assert bar.value == "a␛]52;c;x␇b"
