"""Finds theme files, ours and the user's, and reads one only when it is wanted."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from textual.theme import Theme

from themes.model import ThemeError, ThemeFile, parse

SHIPPED = Path(__file__).parent
DEFAULT = "airis-dark"


def available(user_folder: Path | None = None) -> dict[str, Path]:
    """Return the file of every theme by name; the user's file wins over ours of the same name."""
    folders = (SHIPPED, user_folder) if user_folder else (SHIPPED,)
    return {file.stem: file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.toml"))}


def read(file: Path) -> ThemeFile:
    """Return what a file holds, or raise `ThemeError` naming the file and the key."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemeError(f"{file.name}: {error}") from error
    theme = parse(document, file.name)
    if theme.name != file.stem:
        raise ThemeError(f"{file.name}: name must be {file.stem!r}, like the file")
    return theme


def load(name: str = DEFAULT, user_folder: Path | None = None) -> Theme:
    """Return one theme by name, or raise `ThemeError` naming those there are."""
    files = available(user_folder)
    if name not in files:
        raise ThemeError(f"no theme {name!r}; there are {', '.join(files)}")
    return read(files[name]).theme()


def load_all(user_folder: Path | None = None) -> Iterator[Theme | ThemeError]:
    """Yield every theme, or in its place the reason why it cannot be used."""
    for file in available(user_folder).values():
        try:
            yield read(file).theme()
        except ThemeError as error:
            yield error
