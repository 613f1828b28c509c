"""Pictures of the gallery: `python -m tests.widgets.photograph folder [theme] [page] [width] [height]`."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.widgets.gallery import PAGES, Gallery


async def photograph(folder: Path, theme: str, page: str, width: int, height: int, keys: tuple[str, ...] = ()):
    app = Gallery(theme, page)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause(0.2)
        await pilot.press(*keys)
        await pilot.pause(0.2)
        svg = (
            app.export_screenshot(title="")
            .replace("Fira Code", "DejaVu Sans Mono")
            .replace("<svg ", '<svg xml:space="preserve" ', 1)
        )
    name = folder / f"{page}-{theme}-{width}x{height}"
    name.with_suffix(".svg").write_text(svg)
    subprocess.run(["rsvg-convert", "-o", name.with_suffix(".png"), name.with_suffix(".svg")], check=True)


def main(folder, theme="airis-dark", pages="all", width="120", height="40", *keys):
    Path(folder).mkdir(exist_ok=True, parents=True)
    for page in PAGES if pages == "all" else pages.split(","):
        asyncio.run(photograph(Path(folder), theme, page, int(width), int(height), keys))


if __name__ == "__main__":
    main(*sys.argv[1:])
