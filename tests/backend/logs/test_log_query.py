import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_client.contract.problems import ErrorCode
from backend.errors import QueryInvalid
from backend.logs.query import And, Compare, Not, Or, Range, Regex, Term, Wildcard, parse


def test_terms_side_by_side_must_all_match():
    assert parse('level:error service:checkout "timed out" -healthz') == And(
        (Term("error", "level"), Term("checkout", "service"), Term("timed out"), Not(Term("healthz")))
    )


def test_and_binds_tighter_than_or_and_words_may_be_lower_case():
    assert parse("a or b and not c") == Or((Term("a"), And((Term("b"), Not(Term("c"))))))
    assert parse("(a OR b) c") == And((Or((Term("a"), Term("b"))), Term("c")))


def test_values_of_every_kind():
    assert parse("/conn(ection)?\\/ reset/") == Regex("conn(ection)?/ reset")
    assert parse("status:>=500") == Compare("status", ">=", 500.0)
    assert parse("level:>=warn") == Compare("level", ">=", 3.0)
    assert parse("status:[400 TO *]") == Range("status", "400", None)
    assert parse("host:web-*") == Wildcard(((False, "web-"), (True, "*")), "host")
    assert parse("a\\*b") == Term("a*b")
    assert parse('"x y":1') == Term("1", "x y")
    assert parse("host:(a OR b)") == Or((Term("a", "host"), Term("b", "host")))


def test_nothing_asks_for_everything():
    assert parse("") is None
    assert parse("  ") is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ('say "hello', 4, 10),
        ("a (b", 2, 3),
        ("a b)", 3, 4),
        ("level:loud", 0, 10),
        ("x:", 0, 2),
        ("a AND", 5, 5),
        ("status:>many", 7, 12),
        ("/abc", 0, 4),
        ("()", 0, 2),
        ("n:[1 2]", 2, 7),
    ],
)
def test_a_fault_is_shown_in_its_place(text, start, end):
    with pytest.raises(QueryInvalid) as found:
        parse(text)
    assert found.value.code == ErrorCode.SEARCH_QUERY_ERROR
    assert (found.value.details[0].start, found.value.details[0].end) == (start, end)


def test_depth_length_and_number_are_bounded():
    for text in ("(" * 500 + "a" + ")" * 500, "a" * 5000, "a " * 300, "NOT " * 600 + "a"):
        with pytest.raises(QueryInvalid):
            parse(text)


@given(st.text(alphabet=st.sampled_from('ab:"/\\()[]*?-! <>=ANDORT\t\né')))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_query_or_a_fault_within_it(text):
    try:
        parse(text)
    except QueryInvalid as error:
        detail = error.details[0]
        assert 0 <= detail.start <= (detail.end or 0) <= len(text)
