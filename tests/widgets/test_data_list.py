from textual import on

from tests.widgets.plausible import alerts
from tests.widgets.stage import Stage, text_of
from widgets.alert_table import AlertRow, AlertTable
from widgets.data_list import DataList, KeyedList, ListRow
from widgets.renderables.columns import Column, fit_columns
from widgets.renderables.pieces import Piece

COLUMNS = (
    Column("name", "Name", 8, grow=1),
    Column("rate", "Rate", 6, priority=2, align="right"),
    Column("note", "Note", 10, priority=5),
)


def rows(*keys):
    return tuple(ListRow(key, (Piece(key, "strong"), "1/s", (Piece("a"), Piece("b", "muted")))) for key in keys)


class ListStage(Stage):
    @on(KeyedList.CursorMoved)
    @on(KeyedList.Picked)
    def hear(self, message):
        self.heard.append((type(message).__qualname__, message.key))


async def test_rows_stand_in_columns():
    table = DataList(COLUMNS)
    async with Stage(table).run_test(size=(40, 6)) as pilot:
        table.rows = rows("alpha", "beta")
        await pilot.pause()
        assert text_of(table)[:3] == [
            "  Name                 Rate  Note",
            "▌ alpha                 1/s  ab",
            "  beta                  1/s  ab",
        ]


async def test_the_cursor_stays_with_its_key_and_its_height():
    table = DataList(COLUMNS)
    app = ListStage(table)
    async with app.run_test(size=(40, 6)) as pilot:
        table.rows = rows(*(f"r{n}" for n in range(20)))
        await pilot.press(*"jjjjjjjj")
        height = table.cursor_index - table.top
        assert table.cursor_key == "r8"
        app.heard.clear()
        table.rows = rows("new1", "new2", *(f"r{n}" for n in range(20)))
        await pilot.pause()
        assert table.cursor_key == "r8"
        assert table.cursor_index - table.top == height
        assert app.heard == []


async def test_a_cursor_whose_row_went_keeps_its_place():
    table = DataList(COLUMNS)
    app = ListStage(table)
    async with app.run_test(size=(40, 6)) as pilot:
        table.rows = rows("a", "b", "c")
        await pilot.press("j")
        table.rows = rows("a", "c")
        await pilot.pause()
        assert table.cursor_key == "c"
        table.rows = ()
        await pilot.pause()
        assert table.cursor_key is None
        assert app.heard[-1] == ("KeyedList.CursorMoved", None)
        assert "Nothing to show" in "\n".join(text_of(table))


async def test_keys_move_and_pick():
    table = DataList(COLUMNS)
    app = ListStage(table)
    async with app.run_test(size=(40, 11)) as pilot:
        table.rows = rows(*(f"r{n}" for n in range(100)))
        for keys, index in (
            (["G"], 99),
            (["g"], 0),
            (["pagedown"], 9),
            (["ctrl+d"], 14),
            (["ctrl+u"], 9),
            (["end"], 99),
            (["k"], 98),
            (["home"], 0),
        ):
            await pilot.press(*keys)
            assert table.cursor_index == index, keys
            assert table.top <= index < table.top + table.page
        await pilot.press("enter")
        assert app.heard[-1] == ("KeyedList.Picked", "r0")


async def test_the_mouse_selects_and_a_double_click_picks():
    table = DataList(COLUMNS)
    app = ListStage(table)
    async with app.run_test(size=(40, 8)) as pilot:
        table.rows = rows("a", "b", "c")
        await pilot.pause()
        await pilot.click(table, offset=(5, 2))
        assert table.cursor_key == "b"
        await pilot.double_click(table, offset=(5, 3))
        assert app.heard[-1] == ("KeyedList.Picked", "c")


async def test_marks_belong_to_keys():
    table = DataList(COLUMNS)
    async with Stage(table).run_test(size=(40, 8)) as pilot:
        table.rows = rows("a", "b", "c")
        await pilot.pause()
        table.toggle_mark()
        assert table.marks == {"a"}
        assert table.cursor_key == "b"
        table.rows = rows("z", "a", "b")
        await pilot.pause()
        assert text_of(table)[2].startswith(" ◆a") or text_of(table)[2].startswith(" ◆")


async def test_alerts_say_how_bad_and_who_has_them():
    table = AlertTable()
    async with Stage(table).run_test(size=(120, 10)) as pilot:
        table.rows = (
            AlertRow(
                id="1", severity="critical", state="firing", name="DiskFull", service="db", age="3m", value="97 %"
            ),
            AlertRow(id="2", severity="warning", state="pending", name="Lag", ack="acking"),
            AlertRow(id="3", severity="info", state="firing", name="Deploy", ack="acked", ack_text="mira"),
            AlertRow(id="4", severity="odd", state="resolved", name="Odd"),
        )
        await pilot.pause()
        lines = text_of(table)
        assert "▲ CRIT" in lines[1]
        assert "● WARN" in lines[2]
        assert "acking…" in lines[2]
        assert "✓ mira" in lines[3]
        assert "? ODD" in lines[4]


async def test_five_thousand_rows_draw_only_what_is_in_view():
    table = AlertTable()
    drawn = []
    async with Stage(table).run_test(size=(100, 30)) as pilot:
        plain_cells = table.row_cells
        table.row_cells = lambda row: drawn.append(row.key) or plain_cells(row)
        table.rows = alerts(5_000)
        await pilot.pause()
        assert 0 < len(set(drawn)) <= 30


def test_columns_go_by_priority_and_never_wrap():
    assert [COLUMNS[i].key for i, _ in fit_columns(COLUMNS, 60)] == ["name", "rate", "note"]
    assert [COLUMNS[i].key for i, _ in fit_columns(COLUMNS, 20)] == ["name", "rate"]
    assert [COLUMNS[i].key for i, _ in fit_columns(COLUMNS, 9)] == ["name"]
    for width in range(1, 200):
        fitted = fit_columns(COLUMNS, width)
        assert sum(cells for _, cells in fitted) + 2 * (len(fitted) - 1) <= max(width, 1)
