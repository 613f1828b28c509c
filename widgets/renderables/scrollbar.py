"""A scroll bar of one cell."""

THUMB = "┃"
TRACK = "│"


def thumb(y: int, page: int, top: int, total: int) -> str:
    """Return the character of line `y` of a bar beside `page` of `total` lines, the first of them `top`."""
    length = max(1, page * page // max(1, total))
    room = page - length
    furthest = max(1, total - page)
    start = min(room, (top * room + furthest // 2) // furthest)
    return THUMB if start <= y < start + length else TRACK
