"""Entries of the journal become records, however odd they are."""

import orjson
import pytest

from backend.host.journal import journal_columns

NOW = 1_768_478_400 * 10**9


def one(**entry):
    columns = journal_columns([entry], NOW)
    assert columns.rows == 1
    return {name: getattr(columns, name)[0] for name in columns.__slots__}


@pytest.mark.parametrize(
    ("priority", "level"),
    [("0", 5), ("1", 5), ("2", 5), ("3", 4), ("4", 3), ("5", 2), ("6", 2), ("7", 1), (4, 3), ("", 0), (None, 0)],
)
def test_priorities_are_levels(priority, level):
    assert one(MESSAGE="quiet words", PRIORITY=priority)["level"] == level


@pytest.mark.parametrize("priority", ["8", "67", "01", "-1", "x", "٣", ["3", "4"], [255], {"a": 1}])
def test_a_priority_that_there_is_not_gives_no_level(priority):
    assert one(MESSAGE="quiet words", PRIORITY=priority)["level"] == 0


def test_a_level_in_the_text_counts_where_the_priority_is_the_default():
    assert one(MESSAGE="level=error msg=boom", PRIORITY="6")["level"] == 4
    assert one(MESSAGE="level=error msg=boom", PRIORITY="4")["level"] == 3
    assert one(MESSAGE="level=error msg=boom")["level"] == 4


def test_a_message_of_bytes_is_decoded():
    assert one(MESSAGE=list("café".encode()))["body"] == "café"
    assert one(MESSAGE=[0x61, 0xFF, 0x62])["body"] == "a\ufffdb"
    assert one(MESSAGE=[300, -1])["body"] == ""
    assert one(MESSAGE=None)["body"] == ""


def test_a_repeated_field_keeps_all_its_values():
    assert one(MESSAGE=["first", "second"])["body"] == "first\nsecond"


def test_an_empty_entry_is_a_record_of_now():
    record = one()
    assert (record["ts_ns"], record["service"], record["level"], record["body"]) == (NOW, "journal", 0, "")


@pytest.mark.parametrize("time", ["0", "-5", "abc", "9" * 18, "9" * 40, ["1", "2"], None, 1.5, True, "²"])
def test_an_absurd_time_becomes_that_of_arrival(time):
    assert one(MESSAGE="x", __REALTIME_TIMESTAMP=time)["ts_ns"] == NOW


def test_the_time_of_the_sender_comes_first():
    micros = NOW // 1000 - 5_000_000
    assert one(MESSAGE="x", __REALTIME_TIMESTAMP=str(micros))["ts_ns"] == micros * 1000
    both = one(MESSAGE="x", _SOURCE_REALTIME_TIMESTAMP=str(micros - 1), __REALTIME_TIMESTAMP=str(micros))
    assert both["ts_ns"] == (micros - 1) * 1000
    wrong = one(MESSAGE="x", _SOURCE_REALTIME_TIMESTAMP="soon", __REALTIME_TIMESTAMP=str(micros))
    assert wrong["ts_ns"] == micros * 1000


def test_fields_keep_their_names_and_the_identifier_is_the_service():
    record = one(
        MESSAGE='{"msg": "hello", "user": "ada", "level": "warn"}',
        SYSLOG_IDENTIFIER="shop",
        _SYSTEMD_UNIT="shop.service",
        _PID="17",
        _HOSTNAME="h1",
    )
    assert (record["service"], record["body"], record["level"], record["source"]) == ("shop", "hello", 3, "journal")
    attributes = orjson.loads(record["attributes"])
    assert attributes == {"user": "ada", "systemd.unit": "shop.service", "process.pid": "17"}
    assert orjson.loads(record["resource"]) == {"host.name": "h1"}
    assert one(MESSAGE="x", _SYSTEMD_UNIT="shop.service")["service"] == "shop.service"
