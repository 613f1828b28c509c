"""A followed file gives each whole line once, whatever is done to it."""

import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.host import follow
from backend.host.follow import LEFT_ROUNDS, Follower, Position
from backend.host.followed_file import LINE_LIMIT, READ_LIMIT


def append(path, text):
    with path.open("ab") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def lines_of(follower, rounds=1):
    return [line for _ in range(rounds) for read in follower.read() for line in read.lines]


def stored(follower, rounds=1):
    """Read as the source does: what has been read counts as stored."""
    lines = []
    for _ in range(rounds):
        for read in follower.read():
            lines += read.lines
            follower.positions[read.inode] = Position(read.path, read.offset)
    return lines


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.log"


@pytest.fixture
def follower(tmp_path):
    found = Follower((str(tmp_path / "*.log"),))
    yield found
    found.close()


def test_new_lines_come_once(log, follower):
    append(log, "one\ntwo\n")
    assert lines_of(follower) == ["one", "two"]
    append(log, "three\n")
    assert lines_of(follower, 3) == ["three"]


def test_a_line_waits_for_its_end(log, follower):
    append(log, "half")
    assert lines_of(follower, 2) == []
    append(log, " and half\nmore")
    assert lines_of(follower, 2) == ["half and half"]


def test_rotation_by_renaming_loses_nothing(log, follower):
    append(log, "one\n")
    assert lines_of(follower) == ["one"]
    append(log, "two\nthree without its end")
    log.rename(log.with_suffix(".log.1"))
    append(log, "four\n")
    assert lines_of(follower) == ["two", "four"]
    assert lines_of(follower, LEFT_ROUNDS + 1) == ["three without its end"]


def test_what_the_writer_adds_after_the_rename_is_read_too(log, follower):
    with log.open("a") as writer:
        print("one", file=writer, flush=True)
        assert lines_of(follower) == ["one"]
        log.rename(log.with_suffix(".log.1"))
        append(log, "new one\n")
        assert lines_of(follower) == ["new one"]
        print("late", file=writer, flush=True)
        assert lines_of(follower) == ["late"]


def test_a_file_deleted_at_once_after_rotation_is_read_to_its_end(log, follower):
    append(log, "one\n")
    lines_of(follower)
    append(log, "two\n")
    log.unlink()
    append(log, "three\n")
    assert lines_of(follower) == ["two", "three"]


def test_a_file_renamed_within_the_patterns_is_not_read_again(tmp_path, log):
    follower = Follower((str(tmp_path / "app*"),))
    append(log, "one\n")
    assert lines_of(follower) == ["one"]
    for number in (3, 2, 1):
        append(log, f"old {number}\n")
        if (first := tmp_path / "app.log.1").exists():
            first.rename(tmp_path / "app.log.2" if number == 2 else tmp_path / f"app.log.{number + 2}")
        log.rename(tmp_path / "app.log.1")
        append(log, f"new {number}\n")
        assert sorted(lines_of(follower, 2)) == [f"new {number}", f"old {number}"]
    follower.close()


def test_two_names_of_one_file_are_read_as_one(log, follower):
    append(log, "one\n")
    log.with_name("current.log").symlink_to(log)
    assert lines_of(follower) == ["one"]


def test_truncation_begins_again(log, follower):
    append(log, "one, quite long\n")
    lines_of(follower)
    shutil.copy(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)
    append(log, "two\n")
    assert lines_of(follower, 2) == ["two"]


def test_a_file_that_comes_late_is_read_from_its_start(log, follower):
    assert lines_of(follower) == []
    append(log, "x" * 100_000 + "\nsecond\n")
    assert lines_of(follower) == ["x" * 100_000, "second"]


def test_of_a_large_file_found_at_start_only_the_end_is_read_from_a_whole_line(log, follower):
    append(log, "".join(f"line {number}\n" for number in range(20_000)))
    lines = lines_of(follower)
    assert lines[-1] == "line 19999"
    assert 0 < len(lines) < 10_000
    assert lines == [f"line {number}" for number in range(20_000 - len(lines), 20_000)]


def test_a_restart_goes_on_where_it_was(tmp_path, log, follower):
    append(log, "one\ntwo\nhal")
    assert stored(follower) == ["one", "two"]
    append(log, "f\nthree\n")
    again = Follower(follower.patterns, dict(follower.positions))
    assert stored(again, 2) == ["half", "three"]
    assert stored(Follower(follower.patterns, dict(again.positions)), 2) == []


def test_a_rotation_while_we_were_down_loses_nothing(log, follower):
    append(log, "one\n")
    assert stored(follower) == ["one"]
    append(log, "two\n")
    log.rename(log.with_suffix(".log.1"))
    append(log, "three\n")
    assert stored(Follower(follower.patterns, dict(follower.positions)), 2) == ["two", "three"]


def test_after_a_rotation_both_files_have_a_position(log, follower):
    append(log, "one\n")
    stored(follower)
    append(log, "two\n")
    log.rename(log.with_suffix(".log.1"))
    append(log, "three\n")
    assert stored(follower) == ["two", "three"]
    assert stored(Follower(follower.patterns, dict(follower.positions)), 2) == []


def test_a_file_that_shrank_while_we_were_down_begins_again(log, follower):
    append(log, "a long first life\n")
    stored(follower)
    os.truncate(log, 0)
    append(log, "short\n")
    assert stored(Follower(follower.patterns, dict(follower.positions)), 2) == ["short"]


def test_positions_of_files_that_are_gone_are_forgotten(log, follower):
    append(log, "one\n")
    stored(follower)
    log.unlink()
    stored(follower, LEFT_ROUNDS + 2)
    assert follower.positions == {}


def test_windows_line_ends_blank_lines_and_invalid_text(log, follower):
    append(log, b"one\r\n\r\n  \ncaf\xe9\nd\x00e\n\xff\xfe\n")
    assert lines_of(follower) == []
    assert follower.errors == {str(log): "not a text file"}
    log.unlink()
    append(log, b"one\r\n\r\n  \ncaf\xe9\n\xff\xfe\n")
    assert lines_of(follower, 2) == ["one", "caf\ufffd", "\ufffd\ufffd"]


def test_binary_and_unreadable_files_are_named_and_the_others_go_on(tmp_path, log, follower):
    (tmp_path / "binary.log").write_bytes(b"\x7fELF\x02\x00\x01 \n" * 10)
    (tmp_path / "memory.log").symlink_to("/proc/self/mem")
    (tmp_path / "loop.log").symlink_to(tmp_path / "loop.log")
    (tmp_path / "folder.log").mkdir()
    append(log, "fine\n")
    assert lines_of(follower) == ["fine"]
    assert {path.rpartition("/")[2] for path in follower.errors} == {"binary.log", "memory.log", "loop.log"}
    assert all(follower.errors.values())
    (tmp_path / "binary.log").write_text("text now\n")
    assert lines_of(follower) == ["text now"]
    assert str(tmp_path / "binary.log") not in follower.errors


def test_a_hole_left_by_copytruncate_does_not_make_a_log_binary(log, follower):
    with log.open("wb") as file:
        file.seek(4000)
        file.write(b"first\nsecond\n")
    assert lines_of(follower)[-1] == "second"
    assert follower.errors == {}


def test_packed_files_are_left_alone(tmp_path):
    (tmp_path / "app.log.gz").write_bytes(b"\x1f\x8b not lines\n")
    assert lines_of(Follower((str(tmp_path / "*"),))) == []


def test_a_line_of_megabytes_is_cut_and_does_not_stall(log, follower):
    append(log, b"before\n" + b"x" * (3 * READ_LIMIT) + b"\nafter\n")
    follower.positions[(0, 0)] = Position(str(log), 0)
    lines = lines_of(follower, 5)
    assert [line[:6] for line in lines] == ["before", "x" * 6, "after"]
    assert len(lines[1]) == LINE_LIMIT


def test_a_restart_within_a_monstrous_line_does_not_take_its_end_for_a_line(log, follower):
    assert stored(follower) == []
    append(log, b"x" * (2 * READ_LIMIT))
    assert len(stored(follower)) == 1
    append(log, b"tail of it\nafter\n")
    assert stored(Follower(follower.patterns, dict(follower.positions)), 4) == ["after"]


def test_more_files_than_the_bound_are_said(tmp_path, follower, monkeypatch):
    monkeypatch.setattr(follow, "MOST_FILES", 3)
    for number in range(5):
        append(tmp_path / f"{number}.log", f"{number}\n")
    assert lines_of(follower) == ["0", "1", "2"]
    assert follower.skipped_files == 2
    assert "2 more files" in "".join(follower.troubles().values())


TEXTS = st.lists(
    st.one_of(
        st.text(alphabet="aé€😀 \t\r=", max_size=12).map(str.encode),
        st.binary(max_size=6).map(lambda piece: piece.replace(b"\0", b"").replace(b"\n", b"")),
        st.just(b"y" * (LINE_LIMIT + 5)),
    ),
    max_size=8,
).map(b"\n".join)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, data=st.data())
def test_any_split_into_appends_gives_the_same_lines(tmp_path_factory, text, data):
    folder = tmp_path_factory.mktemp("split")
    follower = Follower((str(folder / "*.log"),))
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    (folder / "whole.log").touch()
    (folder / "parts.log").touch()
    assert lines_of(follower) == []
    got = {"whole.log": [], "parts.log": []}

    def collect():
        for read in follower.read():
            got[read.path.rpartition("/")[2]] += read.lines

    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        append(folder / "parts.log", text[start:end])
        collect()
    append(folder / "whole.log", text + b"\n")
    append(folder / "parts.log", b"\n")
    for _ in range(4):
        collect()
    follower.close()
    assert got["parts.log"] == got["whole.log"]
