"""A picture decoded whole and drawn anew. Runs in the examiner's child only; free of Django."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from workers.sheets.archive import Refused

from .limits import JPEG, LONGEST_SIDE, PIXELS, PNG, SHORTEST_SIDE, WEBP

FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
QUALITY = 85


def draw_anew(content: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    """(width, height) of what is kept, and its JPEG; Refused for what is too large, moving, broken or not a picture.

    The points are copied into a fresh picture, turned upright; nothing else is taken over, so no EXIF, no place, no
    comment, no colour profile and no preview of an earlier state goes on. What is see-through stands on white.
    """
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            _check(picture, kind)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded smaller
            picture.load()
            fresh = _upright(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels", limit=PIXELS // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise Refused("damaged") from error
    except (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, ZeroDivisionError) as error:
        # What Pillow's readers raise for pictures that are cut off or were made to confuse them.
        raise Refused("damaged") from error
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, subsampling=2 if kind == JPEG else 0)
    return {"width": fresh.width, "height": fresh.height}, out.getvalue()


def _check(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    if width * height > PIXELS:
        raise Refused("too_many_pixels", limit=PIXELS // 1_000_000)
    if min(width, height) < SHORTEST_SIDE:
        raise Refused("too_small", limit=SHORTEST_SIDE)
    # Telephones add a second, smaller picture to a JPEG; only the first is taken. A film is no proof of anything.
    if kind != JPEG and getattr(picture, "n_frames", 1) > 1:
        raise Refused("moving")


def _upright(picture: Image.Image) -> Image.Image:
    """The points as a person held the camera, at most ``LONGEST_SIDE`` long, in a picture of their own."""
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new("RGB", turned.size, "white")
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        layer = turned.convert("RGBA")
        fresh.paste(layer, mask=layer.getchannel("A"))
    else:
        fresh.paste(turned.convert("RGB"))
    return fresh
