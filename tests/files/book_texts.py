"""Text files: encodings of the world, separators, quotes, ends of lines, and signs no keyboard types."""

import codecs

from tests.files.casebook import bytes_case, case, plain_book, text_case

PACIFIC = "Worker ID,Family name,Given names,Village\nTEX-1,Fōtu,Haʻunga,Kolovai\nTEX-2,Tāufa,Mele,Ha‘apai\n"
WESTERN = "Worker ID;Nom;Prénoms;Commune\nTEX-1;Kaló;Jean-Noël;Épinal\nTEX-2;Bœuf;Zoé;Sainte-Hélène d’Or\n"
VIETNAMESE = (
    "Worker ID,Family name,Given names,Province\nTEX-1,Nguyễn,Thị Ánh,Nghệ An\nTEX-2,Trần,Văn Đức,Hà Tĩnh\n"
    "TEX-3,Phạm,Quỳnh,Thanh Hóa\n"
)
THAI = "Worker ID,Family name,Given names,Province\nTEX-1,ใจดี,สมชาย,ขอนแก่น\nTEX-2,แสนสุข,มาลี,อุดรธานี\n"
JAPANESE = "Worker ID,Family name,Given names,Village\nTEX-1,山田,太郎,東京都\nTEX-2,鈴木,一郎,大阪府\n"
CHINESE = "Worker ID,Family name,Given names,Village\nTEX-1,王,小明,成都\nTEX-2,李,娜,重庆\n"
KOREAN = "Worker ID,Family name,Given names,Village\nTEX-1,김,민수,부산\nTEX-2,이,서연,대구\n"
CYRILLIC = "Worker ID;Family name;Given names;Village\nTEX-1;Каримов;Азиз;Бухара\nTEX-2;Юсупова;Лола;Самарканд\n"
ARABIC = "Worker ID,Family name,Given names,Village\nTEX-1,علي,محمد,بيروت\nTEX-2,خان,فاطمة,صور\n"
POLISH = "Worker ID;Family name;Given names;Village\nTEX-1;Wałęsa;Bożena;Łódź\nTEX-2;Kočí;Jiří;Plzeň\n"
OFFERED = ({}, {"encoding": "cp1252"})


def vietnamese_bytes() -> bytes:
    """cp1258 writes the vowel's own mark with the letter and the tone behind it, so the letters are taken apart first."""
    import unicodedata

    out = bytearray()
    for sign in VIETNAMESE:
        try:
            out += sign.encode("cp1258")
            continue
        except UnicodeEncodeError:
            pass
        base, *marks = unicodedata.normalize("NFD", sign)
        tone = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        letter = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tone))
        out += (letter + "".join(tone)).encode("cp1258")
    return bytes(out)


bytes_case("text_utf8.csv", "UTF-8 without a mark, names of the Pacific.", PACIFIC.encode())
bytes_case(
    "text_utf8_marked.csv", "UTF-8 with a mark in front, as Excel writes it.", codecs.BOM_UTF8 + PACIFIC.encode()
)
bytes_case("text_cp1252.csv", "Western European, semicolons, as a French Excel writes it.", WESTERN.encode("cp1252"))
bytes_case(
    "text_utf16_little.csv", "UTF-16 as Excel's “Unicode text”.", codecs.BOM_UTF16_LE + PACIFIC.encode("utf-16-le")
)
bytes_case("text_utf16_big.csv", "UTF-16 the other way round.", codecs.BOM_UTF16_BE + PACIFIC.encode("utf-16-be"))
bytes_case("text_utf16_unmarked.csv", "UTF-16 that lost its mark.", PACIFIC.encode("utf-16-le"))
bytes_case(
    "text_cp1258_vietnamese.csv",
    "Vietnamese of an old Windows: read as Western it would be garbage, so the encoding is asked.",
    vietnamese_bytes(),
    runs=({}, {"encoding": "cp1258"}),
)
bytes_case(
    "text_tis620_thai.csv", "Thai of an old Windows: asked.", THAI.encode("tis-620"), runs=({}, {"encoding": "tis_620"})
)
bytes_case("text_shift_jis.csv", "Japanese: asked.", JAPANESE.encode("shift_jis"), runs=({}, {"encoding": "shift_jis"}))
bytes_case("text_gb18030.csv", "Chinese: asked.", CHINESE.encode("gb18030"), runs=({}, {"encoding": "gb18030"}))
bytes_case("text_euc_kr.csv", "Korean: asked.", KOREAN.encode("euc_kr"), runs=({}, {"encoding": "euc_kr"}))
bytes_case("text_cp1251.csv", "Cyrillic: asked.", CYRILLIC.encode("cp1251"), runs=({}, {"encoding": "cp1251"}))
bytes_case("text_cp1256.csv", "Arabic: asked.", ARABIC.encode("cp1256"), runs=({}, {"encoding": "cp1256"}))
bytes_case("text_cp1250.csv", "Central European: asked.", POLISH.encode("cp1250"), runs=({}, {"encoding": "cp1250"}))
bytes_case(
    "text_cp850.csv",
    "Western European of DOS: asked.",
    WESTERN.encode("cp850", "replace"),
    runs=({}, {"encoding": "cp850"}),
)
bytes_case("text_mac_roman.csv", "Western European of an old Macintosh: asked.", WESTERN.encode("mac_roman"), runs=({}, {"encoding": "mac_roman"}))  # fmt: skip
bytes_case(
    "text_wrong_choice.csv",
    "The sender chooses an encoding that does not fit: said, and asked again.",
    THAI.encode(),
    runs=({"encoding": "shift_jis"}, {"encoding": "cp1252"}, {}),
)

text_case(
    "separator_tab.tsv", "Tabs, with commas inside the cells.", PACIFIC.replace(",", "\t").replace("Mele", "Mele, Ana")
)
text_case("separator_pipe.csv", "Upright strokes.", PACIFIC.replace(",", "|"))
text_case(
    "separator_named.csv",
    "A first line names the separator.",
    "sep=;\n" + PACIFIC.replace(",", ";").replace("Mele", "Mele, Ana"),
)
text_case(
    "separator_tabs_named_xls.xls",
    "Text with tabs under a workbook's name, as many systems export.",
    PACIFIC.replace(",", "\t"),
)
text_case(
    "separator_unsure.csv",
    "Commas and semicolons do equally well: asked.",
    "Worker ID,Family;name,Given;names\nTEX-1,Vaka;a,Ana;b\nTEX-2,Moala;c,Sela;d",
    runs=({}, {"separator": ","}),
)
text_case("separator_missing.csv", "One column only.", "Worker ID\nTEX-1\nTEX-2", runs=({}, {"separator": ","}))

text_case(
    "quotes_around_and_inside.csv",
    "Cells in quotation marks with commas, marks and blanks inside.",
    '"Worker ID","Family name","Given names","Village"\n"TEX-1","Vaka","Sione ""Lu"" Fotu","Kolovai, Tongatapu"\n'
    "TEX-2,O\"Brien,Ana,\" Neiafu \"\n'TEX-3','Moala','Ana','Neiafu'",
)
text_case(
    "quotes_never_closed.csv",
    "A quotation mark is opened and never closed: the rest of the list would be one cell.",
    'Worker ID,Family name,Village\nTEX-1,Vaka,"Kolovai\nTEX-2,Moala,Neiafu\nTEX-3,Fonua,Neiafu\nTEX-4,Tau,Neiafu',
)
text_case(
    "commas_not_quoted.csv",
    "A comma inside a cell without quotation marks moves everything behind it: that row is refused, not recorded askew.",
    "Worker ID,Family name,Given names,Sex,Village\nTEX-1,Vaka,Ana,F,Kolovai\nTEX-2,Moala, Jr,Tevita,M,Neiafu\n"
    "TEX-3,Fonua,Ana,F,Kolovai,\nTEX-4,Tau,Ofa",
)
text_case(
    "lines_inside_cells.csv",
    "Addresses in two lines: one cell, one row.",
    'Worker ID,Family name,Village\nTEX-1,Vaka,"Kolovai\nTongatapu"\nTEX-2,Moala,Neiafu\nTEX-3,Fonua,"Pangai\n\nHaʻapai"',
)
bytes_case(
    "line_ends_mixed.csv",
    "Lines ended in three ways, and none at the end.",
    b"Worker ID,Family name,Village\r\nTEX-1,Vaka,Kolovai\nTEX-2,Moala,Neiafu\rTEX-3,Fonua,Neiafu\r\n\r\nTEX-4,Tau,Pangai",
)
bytes_case("line_ends_old_macintosh.csv", "Lines ended by carriage returns only.", PACIFIC.replace("\n", "\r").encode())
bytes_case(
    "nul_bytes.csv",
    "Noughts between the letters: no text file.",
    b"Worker ID,Family name,Village\r\nTEX-1,Va\x00ka,Kolovai\r\nTEX-2,\x00\x00,Neiafu\r\n",
)
bytes_case(
    "end_mark_of_dos.csv",
    "The mark with which DOS ended its files.",
    b"Worker ID,Family name\r\nTEX-1,Vaka\r\nTEX-2,Moala\r\n\x1a",
)
text_case(
    "title_and_total_around.csv",
    "A title with one cell above, a note below: the share of lines decides, not every line.",
    "Worker list of January 2026\n\nWorker ID,Family name,Village\nTEX-1,Vaka,Kolovai\nTEX-2,Moala,Neiafu\nTEX-3,Fonua,Neiafu\n"
    "TEX-4,Tau,Pangai\nTotal,4,",
)
text_case("only_blanks.csv", "Blanks and ends of lines.", "   \n\n  ")
text_case(
    "signature_below.csv",
    "Somebody signed below the list.",
    "Worker ID,Family name,Village\nTEX-1,Vaka,Kolovai\n\nPrepared by: Ana,,\nDate: 12 Jan 2026,,",
)


@case("cell_of_a_million_letters.xlsx", "A cell holds a million letters.", record=True)
def million(path):
    plain_book(path, [["Worker ID", "Family name", "Village"], ["TEX-1", "Vaka", "Kolovai"]])
    from tests.files.book_workbooks import rewritten

    rewritten(
        path, {"xl/sharedStrings.xml": lambda text: text.replace("<t>Kolovai</t>", f"<t>{'Kolovai ' * 131_072}</t>")}
    )


@case("text_under_a_workbooks_name.xlsx", "Plain text called .xlsx: what a file is is decided by its content.")
def misnamed(path):
    path.write_bytes(PACIFIC.encode())
