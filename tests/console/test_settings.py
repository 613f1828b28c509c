"""The configuration file is typed; what is wrong with it is said with file and key."""

import pytest

from console.commands.registry import ALL
from console.settings import Settings, SettingsInvalid, load


@pytest.fixture
def said(tmp_path):
    def write(text):
        file = tmp_path / "config.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(file)

    return write


def test_no_file_says_nothing(tmp_path):
    assert load(tmp_path / "absent.toml") == Settings()


def test_an_empty_file_says_nothing(said):
    assert said("") == Settings()


def test_everything_that_can_be_said(said):
    found = said(
        'theme = "x"\nmouse = false\nutc = true\nrange = "1h"\ngateway = "unix:/a"\ntoken_file = "~/t"\n'
        'read_only = true\ndisplay_layer = false\nfollow = ["/a/*.log", "/b"]\n[keys]\nhelp = "f1"\n'
    )
    assert found == Settings("x", {"help": "f1"}, False, True, "1h", "unix:/a", "~/t", True, False, ("/a/*.log", "/b"))


@pytest.mark.parametrize(
    "text",
    ['[keys]\nalerts.ack = "f2"', '[keys.alerts]\nack = "f2"', '[keys]\n"alerts.ack" = "f2"', 'keys.alerts.ack = "f2"'],
)
def test_keys_may_be_written_as_toml_allows(said, text):
    assert said(text).keys == {"alerts.ack": "f2"}


def test_every_command_can_be_given_a_key(said):
    lines = "\n".join(f'"{command.id}" = "f5"' for command in ALL)
    assert said(f"[keys]\n{lines}").keys == {command.id: "f5" for command in ALL}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = 5", ("theme", "a string", "5")),
        ("theme = true", ("theme", "a string", "True")),
        ("mouse = 1", ("mouse", "must be true or false", "1")),
        ('utc = "yes"', ("utc", "must be true or false", "'yes'")),
        ('keys = "f1"', ("keys", "a table")),
        ('follow = "a.log"', ("follow", "a list of strings")),
        ("follow = [1]", ("follow", "a list of strings")),
        ("[keys]\nhelp = 5", ("keys.help", "f5")),
        ('[keys]\nhelp = ""', ("keys.help",)),
        ("[keys.alerts]\nack = [1]", ("keys.", "ack")),
        ('colour = "red"', ("colour", "is not a setting", "theme, keys, mouse")),
        ("theme = \nmouse = true", ("line 1",)),
        (b"\xff\xfe", ("utf-8",)),
    ],
)
def test_an_error_names_the_file_and_the_key(said, text, words):
    with pytest.raises(SettingsInvalid) as raised:
        said(text)
    for word in ("config.toml", *words):
        assert word in str(raised.value)


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    with pytest.raises(SettingsInvalid, match=str(tmp_path)):
        load(tmp_path)
