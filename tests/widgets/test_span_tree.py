from hypothesis import given
from hypothesis import strategies as st

from widgets.renderables.span_tree import SpanRow, build_tree
from widgets.renderables.waterfall import TimeWindow, bar_pieces, ruler, service_inks


def span(name, parent="", at=0.0, length=10.0, error=False):
    return SpanRow(name, parent, "shop", f"do {name}", at, length, error)


def shape(tree):
    return [("  " * depth) + row.id for row, depth in zip(tree.spans, tree.depths, strict=True)]


def test_children_stand_below_their_parent_by_time():
    tree = build_tree([span("b", "a", 5), span("c", "a", 2), span("a"), span("d", "c", 3, error=True)])
    assert shape(tree) == ["a", "  c", "    d", "  b"]
    assert tree.sizes == (4, 2, 1, 1)
    assert tree.errors_below(0) == 1


def test_a_missing_parent_makes_a_root_that_says_so():
    tree = build_tree([span("a"), span("x", "gone", 3)])
    assert shape(tree) == ["a", "x"]
    assert tree.orphans == {"x"}


def test_a_circle_is_cut_at_its_earliest_span_and_doubles_are_counted():
    tree = build_tree([span("a", "c", 1), span("b", "a", 2), span("c", "b", 3), span("s", "s"), span("b", "a", 2)])
    assert shape(tree) == ["s", "a", "  b", "    c"]
    assert tree.doubles == 1


def test_folding_hides_all_that_is_below():
    tree = build_tree([span("a"), span("b", "a", 1), span("c", "b", 2), span("d", "a", 3)])
    assert [tree.spans[place].id for place in tree.visible(frozenset({"b"}))] == ["a", "b", "d"]


ids = st.sampled_from([f"s{n}" for n in range(12)])


@given(
    st.lists(
        st.builds(
            SpanRow,
            ids,
            st.one_of(ids, st.just("")),
            st.just("x"),
            st.just("y"),
            st.floats(0, 100),
            st.floats(0, 100),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_every_span_is_shown_once_whatever_the_parents(spans):
    tree = build_tree(spans)
    assert sorted(row.id for row in tree.spans) == sorted({row.id for row in spans})
    assert len(tree.spans) + tree.doubles == len(spans)
    for place, (depth, parent) in enumerate(zip(tree.depths, tree.parents, strict=True)):
        assert depth == (0 if parent == -1 else tree.depths[parent] + 1)
        assert parent < place
    roots = [place for place, parent in enumerate(tree.parents) if parent == -1]
    assert sum(tree.sizes[place] for place in roots) == len(tree.spans)
    assert sum(tree.errors[place] for place in roots) == sum(row.error for row in tree.spans)


def test_a_chain_of_a_hundred_thousand_is_no_trouble():
    chain = [span("0")] + [span(str(n), str(n - 1), n) for n in range(1, 100_000)]
    tree = build_tree(chain)
    assert tree.depths[-1] == 99_999
    assert tree.sizes[0] == 100_000


def text(pieces):
    return "".join(piece.text for piece in pieces)


def test_bars_lie_on_the_axis():
    window = TimeWindow(0, 100)
    assert text(bar_pieces(span("a", at=0, length=50), window, 20, "service-1", frozenset())) == "━━━━━━━━━━ 50 ms    "
    assert text(bar_pieces(span("a", at=97.5, length=2.5), window, 20, "service-1", frozenset())).endswith("╺")
    assert text(bar_pieces(span("a", at=200, length=50), window, 10, "service-1", frozenset())) == "         ›"
    assert text(bar_pieces(span("a", at=0, length=100), window, 20, "service-1", frozenset())) == "━━ 100 ms ━━━━━━━━━━"


@given(st.floats(-50, 200), st.floats(0, 200), st.integers(1, 80))
def test_a_bar_takes_exactly_its_cells(at, length, width):
    assert (
        len(text(bar_pieces(span("a", at=at, length=length), TimeWindow(0, 100), width, "service-1", frozenset({0}))))
        == width
    )


def test_the_ruler_and_the_window():
    line, cells = ruler(TimeWindow(0, 1000), 60)
    assert line.startswith("0 s")
    assert cells
    closer = TimeWindow(0, 100).zoomed(0.5, 80)
    assert (closer.start_ms, closer.end_ms) == (40, 90)
    assert TimeWindow(-20, 30).within(0, 100) == TimeWindow(0, 50)


def test_services_keep_their_colour_and_do_not_share():
    inks = service_inks(["a", "b", "c", "d", "e", "f"])
    assert len(set(inks.values())) == 6
    assert service_inks(["a"]) == service_inks(["a", "a"])
