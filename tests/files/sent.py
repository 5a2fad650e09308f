"""Files as people and attackers send them, made when asked for."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

GPS_CANARY = b"CANARY-camera"


def photo(size=(400, 300), colour="teal", form="JPEG", exif=None, **options) -> bytes:
    """A picture whose left half differs, so that turning it can be seen."""
    picture = Image.new("RGB", size, colour)
    picture.paste("white", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    if exif is not None:
        options["exif"] = exif
    picture.save(out, form, **options)
    return out.getvalue()


def photo_with_place(orientation=6) -> bytes:
    """A photo as a telephone takes it: where, with which camera, held upright."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = GPS_CANARY.decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (21.0, 8.0, 30.0), "W", (175.0, 12.0, 0.0)
    return photo(exif=exif, comment=b"CANARY-comment")


def png_bomb(width=50_000, height=50_000) -> bytes:
    """A PNG of some 300 KB that unpacks to gigabytes."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width + 1)) for _ in range(2000)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", rows) + part(b"IEND", b"")


def moving_picture() -> bytes:
    """A WebP with two pictures."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), c) for c in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def gif_script() -> bytes:
    """A GIF that a browser would also run as a script."""
    return b"GIF89a=1/*" + bytes(20) + b"*/;alert(1)//"


def svg() -> bytes:
    """A drawing with a program in it."""
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped() -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x" * 100)
    return out.getvalue()


def pdf(pages=1, change=None, password="") -> bytes:
    """A PDF with blank pages; ``change(writer)`` adds what an attacker would."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=300, height=400)
    if change:
        change(writer)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_script(writer: PdfWriter) -> None:
    """A program that runs when it is opened."""
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
    )


def with_open_action(kind: str):
    """An action of this kind when it is opened."""

    def change(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(
            DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("cmd.exe")})
        )

    return change


def with_attachment(writer: PdfWriter) -> None:
    """Another file inside."""
    writer.add_attachment("a.exe", b"MZ")


def with_link(writer: PdfWriter) -> None:
    """A link to a web address, as many honest papers have."""
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("https://x.example")}
    )
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])


def with_text(writer: PdfWriter) -> None:
    """A page that says something, packed."""
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf (certificate) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())
