"""Switched off, in doubt or after an error, the layer hands Textual's own frames on untouched."""

import logging

import pytest
from textual.app import App
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.widgets import Static

from console.display import hooks, layer
from console.display.layer import DisplayLayer


class Hello(DisplayLayer):
    def compose(self):
        yield Static("hello")


@pytest.fixture
def frames(monkeypatch):
    """What Textual is given to draw; the driver passes for a terminal's."""
    given = []
    monkeypatch.delenv("AIRIS_PLAIN_DISPLAY", raising=False)
    monkeypatch.setattr(hooks, "terminal_driver", lambda app: app._driver)
    monkeypatch.setattr(App, "_display", lambda app, screen, renderable: given.append(renderable))
    return given


async def frames_of(app):
    async with app.run_test() as pilot:
        app.refresh(layout=True)
        await pilot.pause()


def is_ours(frame):
    return isinstance(frame, hooks.Written)


async def test_switched_on_it_writes_its_own_frames(frames):
    await frames_of(Hello())
    assert any(is_ours(frame) for frame in frames)


async def test_switched_off_it_hands_everything_on(frames):
    app = Hello()
    app.use_display_layer = False
    await frames_of(app)
    assert frames
    assert not any(is_ours(frame) for frame in frames)


async def test_the_environment_switches_it_off(frames, monkeypatch):
    monkeypatch.setenv("AIRIS_PLAIN_DISPLAY", "1")
    await frames_of(Hello())
    assert not any(is_ours(frame) for frame in frames)


async def test_without_a_terminal_it_stands_aside(frames, monkeypatch):
    monkeypatch.setattr(hooks, "terminal_driver", lambda app: None)
    app = Hello()
    await frames_of(app)
    assert not any(is_ours(frame) for frame in frames)
    assert app.use_display_layer


async def test_another_shape_of_textual_switches_it_off_with_one_word(frames, monkeypatch, caplog):
    monkeypatch.setattr(hooks, "misfit", lambda app: "App._display")
    with caplog.at_level(logging.WARNING):
        await frames_of(Hello())
    assert not any(is_ours(frame) for frame in frames)
    assert [record.getMessage() for record in caplog.records if "display layer" in record.getMessage()] == [
        "display layer switched off: App._display of Textual is not as expected"
    ]


async def test_an_error_switches_it_off_for_good_and_loses_no_frame(frames, monkeypatch, caplog):
    def broken(*arguments, **options):
        raise KeyError("broken")

    monkeypatch.setattr(layer, "encode", broken)
    app = Hello()
    await frames_of(app)
    assert frames
    assert not any(is_ours(frame) for frame in frames)
    assert not app.use_display_layer
    assert len([record for record in caplog.records if "display layer" in record.getMessage()]) == 1


async def test_textual_is_as_expected():
    app = Hello()
    async with app.run_test():
        assert hooks.misfit(app) == ""


async def test_a_changed_signature_is_noticed(monkeypatch):
    app = Hello()
    monkeypatch.setattr(hooks, "_SHAPES", ((App._begin_batch, ("self", "more")),))
    assert hooks.misfit(app) == "App._begin_batch"


async def test_answers_reach_textual_too():
    app = Hello()
    async with app.run_test() as pilot:
        app.post_message(TerminalSupportsSynchronizedOutput())
        await pilot.pause()
        assert app._sync_available
