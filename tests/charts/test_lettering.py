"""Text in a picture: fonts for every script, directions, and names for what no font has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from charts.fonts import FONT_FOLDERS, INCLUDED, can_shape, find_fonts
from charts.lettering import Lettering, isolate

_PAPER, _INK = "#ffffff", "#000000"

needs_shaping = pytest.mark.skipif(not can_shape(), reason="FriBidi is not on this machine")


def drawn(lettering: Lettering, text: str, *, size: int = 40) -> Image.Image:
    """Return a picture of a text."""
    image = Image.new("RGB", (600, 60), _PAPER)
    lettering.draw(image, text, (4, 45), size, _INK)
    return image


def ink_of(image: Image.Image) -> tuple[int, int]:
    """Return the left and the right edge of what is drawn."""
    box = image.convert("L").point(lambda light: 255 - light).getbbox()
    assert box
    return box[0], box[2]


def bitmap_font(folder: Path, *letters: str) -> Path:
    """Write a font of one size, as those of emoji are, whose letters are black blocks."""
    glyphs = [("A", 1), *((letter, 80) for letter in letters)]
    lines = [
        "STARTFONT 2.1",
        "FONT -Test-Test-Medium-R-Normal--109-1090-72-72-C-800-ISO10646-1",
        "SIZE 109 72 72",
        "FONTBOUNDINGBOX 80 109 0 0",
        "STARTPROPERTIES 5",
        "PIXEL_SIZE 109",
        'CHARSET_REGISTRY "ISO10646"',
        'CHARSET_ENCODING "1"',
        "FONT_ASCENT 109",
        "DEFAULT_CHAR 65",
        "ENDPROPERTIES",
        f"CHARS {len(glyphs)}",
    ]
    for letter, width in glyphs:
        lines += [
            f"STARTCHAR U+{ord(letter):04X}",
            f"ENCODING {ord(letter)}",
            "SWIDTH 800 0",
            "DWIDTH 80 0",
            f"BBX {width} 109 0 0",
            "BITMAP",
            *["FF" * ((width + 7) // 8)] * 109,
            "ENDCHAR",
        ]
    path = folder / "NotoEmoji.ttf"
    path.write_text("\n".join([*lines, "ENDFONT", ""]), "ascii")
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Letters", id="Latin"),
        pytest.param("Ёжик Їжак", id="Cyrillic"),
        pytest.param("Ελληνικά", id="Greek"),
        pytest.param("Հայերեն", id="Armenian"),
        pytest.param("ქართული", id="Georgian"),
        pytest.param("Tiếng Việt", id="Vietnamese"),
        pytest.param("ערוץ הנתונים", id="Hebrew", marks=needs_shaping),
        pytest.param("قناة البيانات", id="Arabic", marks=needs_shaping),
    ],
)
def test_the_included_font_has_many_scripts(text: str) -> None:
    """They are drawn on a machine without any font."""
    lettering = Lettering(folders=())

    assert lettering.can_draw(text)
    assert lettering.spell(text) == text
    left, right = ink_of(drawn(lettering, text))
    assert right - left == pytest.approx(lettering.measure(text, 40), abs=8)
    assert not lettering.lacking


@needs_shaping
def test_arabic_letters_are_joined() -> None:
    """A word takes less room than its letters one by one."""
    lettering = Lettering(folders=())
    word = "علم"

    assert lettering.measure(word, 40) < 0.9 * sum(lettering.measure(each, 40) for each in word)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        pytest.param("数据 и Ж", "[cjk] и Ж", id="a word is called by its script"),
        pytest.param("#한국어", "#[hangul]", id="a tag"),
        pytest.param("👍🏽🔥", "[thumbs up sign][fire]", id="emoji have names"),
        pytest.param("👨\u200d👩", "[man]", id="joined ones have that of the first"),
        pytest.param("\ue000", "[u+e000]", id="what has no name has a number"),
        pytest.param("a\nb", "a b", id="a line break is a space"),
    ],
)
def test_what_no_font_has_is_called_by_its_name(text: str, spelled: str) -> None:
    """Nothing becomes a hole or an empty box."""
    lettering = Lettering(folders=())

    assert lettering.spell(text) == spelled
    assert lettering.can_draw(spelled)


def test_what_is_lacking_is_told() -> None:
    """The characters that were asked for in vain are remembered."""
    lettering = Lettering(folders=())

    assert not lettering.can_draw("数Ж")
    assert lettering.can_draw("Ж")
    assert lettering.lacking == {"数"}
    assert lettering.measure("数数", 40) == 80


def test_letters_that_cannot_be_joined_are_not_drawn_apart() -> None:
    """Without FriBidi Arabic would be letters in the wrong order, so it is named."""
    lettering = Lettering(folders=(), shapes=False)

    assert lettering.spell("علم и Ж") == "[arabic] и Ж"
    assert ink_of(drawn(lettering, "Ж"))


def test_fonts_of_the_machine_have_the_rest(tmp_path: Path) -> None:
    """A font is found in a folder below, damaged ones and those that draw boxes are passed over."""
    (tmp_path / "deep").mkdir()
    for name in ("Broken.ttf", "readme.txt"):
        (tmp_path / name).write_bytes(b"no font")
    for name in ("LastResort.otf", "Sans-BoldItalic.ttf"):
        (tmp_path / name).write_bytes(INCLUDED.read_bytes())
    font = bitmap_font(tmp_path / "deep", "👍", "数")

    found = find_fonts("Ж👍数科 ", [tmp_path, tmp_path / "absent"], shapes=True)

    assert found == {"Ж": INCLUDED, " ": INCLUDED, "👍": font, "数": font}


def test_font_of_one_size_is_scaled(tmp_path: Path) -> None:
    """An emoji is as large as the letters beside it, and stands between them."""
    bitmap_font(tmp_path, "👍")
    lettering = Lettering([tmp_path])

    assert lettering.measure("👍", 40) == pytest.approx(80 * 40 / 109)
    assert lettering.measure("Ж👍", 40) == pytest.approx(
        lettering.measure("Ж", 40) + lettering.measure("👍", 40)
    )
    left, right = ink_of(drawn(lettering, "👍"))
    assert (left, right) == (4, 33)


@needs_shaping
@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("Ж👍", "right", id="to the right"),
        pytest.param("א👍", "left", id="to the left"),
        pytest.param(f"Ж {isolate('א👍')}", "middle", id="to the left within other words"),
        pytest.param("א \u2068Ж👍\u2069", "middle", id="to the right within words to the left"),
        pytest.param("א \u2068Ж👍", "middle", id="cut off"),
        pytest.param("א ЖЖЖ👍Ж", "middle", id="within words to the right"),
        pytest.param("ЖЖ 1 א👍א", "middle", id="within words to the left"),
        pytest.param("א 1👍", "left", id="after a number"),
    ],
)
def test_parts_follow_in_the_direction_of_the_text(tmp_path: Path, text: str, place: str) -> None:
    """Parts in other fonts stand where a reader of that script expects them."""
    bitmap_font(tmp_path, "👍")
    lettering = Lettering([tmp_path])
    image = drawn(lettering, text)
    left, right = ink_of(image)

    def is_block(x: int) -> bool:
        pixels = [image.getpixel((x, y)) for y in range(10, 44)]
        return all(pixel == (0, 0, 0) for pixel in pixels)

    block = [x for x in range(left, right) if is_block(x)]
    assert len(block) > 20
    expected = {
        "left": block[0] - left < 3,
        "right": right - block[-1] < 3,
        "middle": block[0] - left > 10 and right - block[-1] > 10,
    }
    assert expected[place]


def test_only_names_written_leftwards_are_isolated() -> None:
    """Other names stay as they are."""
    assert isolate("Ж 👍") == "Ж 👍"
    assert isolate("x א") == "\u2068x א\u2069"


def test_folders_of_all_systems_are_looked_into() -> None:
    """Those that are absent here do no harm."""
    assert len(FONT_FOLDERS) > 5
    Lettering().can_draw("数")
