"""Translations are read from .po files, or refused with the reason."""

from pathlib import Path

import pytest

from threadly.languages import Messages, TranslationMalformed, read

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {forms};\\n"\n\n'
TWO = "nplurals=2; plural=(n != 1)"
THREE = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"


def po(folder: Path, content: str, forms: str = TWO) -> Path:
    file = folder / "xx.po"
    file.write_text(HEADER.format(forms=forms) + content, encoding="utf-8")
    return file


def test_a_sentence_is_read_in_the_language_and_in_english_where_it_is_not_said(tmp_path: Path) -> None:
    messages = read(po(tmp_path, 'msgid "Price"\nmsgstr "Цена"\n\nmsgid "Size"\nmsgstr ""\n'), "bg")

    assert [messages.one(text) for text in ("Price", "Size", "Colour")] == ["Цена", "Size", "Colour"]


def test_a_fuzzy_translation_is_none(tmp_path: Path) -> None:
    messages = read(po(tmp_path, '#, fuzzy\nmsgid "Price"\nmsgstr "Размер"\n'), "bg")

    assert messages.one("Price") == "Price"


def test_a_word_has_its_own_translation_in_a_context(tmp_path: Path) -> None:
    content = 'msgid "from"\nmsgstr "von"\n\nmsgctxt "price"\nmsgid "from"\nmsgstr "ab"\n'
    messages = read(po(tmp_path, content), "de")

    assert (messages.one("from"), messages.one("from", "price")) == ("von", "ab")


@pytest.mark.parametrize(
    ("count", "said"), [(1, "%(n)s rzecz"), (3, "%(n)s rzeczy"), (5, "%(n)s sztuk"), (22, "%(n)s rzeczy")]
)
def test_a_number_takes_the_form_of_its_language(tmp_path: Path, count: int, said: str) -> None:
    content = (
        'msgid "%(n)s thing"\nmsgid_plural "%(n)s things"\n'
        'msgstr[0] "%(n)s rzecz"\nmsgstr[1] "%(n)s rzeczy"\nmsgstr[2] "%(n)s sztuk"\n'
    )
    messages = read(po(tmp_path, content, THREE), "pl")

    assert messages.counted("%(n)s thing", "%(n)s things", count) == said


def test_english_counts_by_itself() -> None:
    messages = Messages({}, lambda count: 0)

    assert [messages.counted("a day", "days", count) for count in (0, 1, 2)] == ["days", "a day", "days"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("No file of translations.", "Unknown or misformatted keyword"),
        ('msgid "Hi {name}"\nmsgstr "Здравей, {nane}"\n', "nane is not in the English"),
        ('msgid "Hi %(name)s"\nmsgstr "Здравей, %(nane)s"\n', "nane is not in the English"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(TranslationMalformed, match=reason):
        read(po(tmp_path, content), "bg")


def test_an_owners_words_go_before_ours(tmp_path: Path) -> None:
    ours = Messages({"Price": ("Preis",), "Size": ("Größe",)}, lambda count: int(count != 1))
    theirs = Messages({"Size": ("Grösse",)}, lambda count: 0)
    both = ours.overridden_by(theirs)

    assert (both.one("Price"), both.one("Size")) == ("Preis", "Grösse")
