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


def test_all_that_cannot_be_filled_is_told_by_file_line_and_english(tmp_path: Path) -> None:
    content = 'msgid "Sign in"\nmsgstr "100 % einfach"\n\nmsgid "Size"\nmsgstr "Größe"\n\nmsgid "Sell"\nmsgstr "{"\n'
    with pytest.raises(TranslationMalformed) as refusal:
        read(po(tmp_path, content), "de")

    assert [told.partition("”:")[0] for told in refusal.value.faults] == [
        "xx.po, line 6, “Sign in",
        "xx.po, line 12, “Sell",
    ]


@pytest.mark.parametrize(
    ("forms", "reason"),
    [
        ("nplurals=2; plural=1/0", "division or modulo by zero"),
        ("nplurals=2; plural=1/(n-1000)", "divides by something else than a number"),
        ("nplurals=2; plural=rm(n)", "invalid token"),
        ("nplurals=2; plural=" + "n+" * 3000 + "n", "too long"),
        ("nplurals=2; plural=" + "(" * 450 + "n" + ")" * 450, "too complex"),
        ("nplurals=9999999999; plural=0", "nplurals has more than one figure"),
        ("nplurals=" + "9" * 5000 + "; plural=0", "nplurals has more than one figure"),
    ],
)
def test_plural_forms_that_say_nothing_are_refused(tmp_path: Path, forms: str, reason: str) -> None:
    with pytest.raises(TranslationMalformed, match=f"xx.po: Plural-Forms: .*{reason}"):
        read(po(tmp_path, 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', forms), "de")


def test_a_form_below_the_first_is_the_first(tmp_path: Path) -> None:
    content = 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'
    messages = read(po(tmp_path, content, "nplurals=2; plural=n-9"), "de")

    assert [messages.counted("a", "b", count) for count in (1, 9, 10, 99)] == ["c", "c", "d", "d"]


@pytest.mark.parametrize("charset", ["klingon", "rot13", "ascii", "utf-16"])
def test_a_file_in_another_encoding_than_it_says_is_refused(tmp_path: Path, charset: str) -> None:
    file = po(tmp_path, 'msgid "Size"\nmsgstr "Größe"\n')
    file.write_text(file.read_text(encoding="utf-8").replace("charset=utf-8", f"charset={charset}"), encoding="utf-8")

    with pytest.raises(TranslationMalformed, match=r"xx\.po: "):
        read(file, "de")


def test_a_percent_sign_is_one_where_no_template_says_it(tmp_path: Path) -> None:
    messages = read(po(tmp_path, 'msgid "Wool"\nmsgstr "100 %% Wolle"\n'), "de")

    assert (messages.plain("Wool"), messages.plain("100 %% wool")) == ("100 % Wolle", "100 %% wool")


def test_an_owners_words_go_before_ours(tmp_path: Path) -> None:
    ours = Messages({"Price": ("Preis",), "Size": ("Größe",)}, lambda count: int(count != 1))
    theirs = Messages({"Size": ("Grösse",)}, lambda count: 0)
    both = ours.overridden_by(theirs)

    assert (both.one("Price"), both.one("Size")) == ("Preis", "Grösse")
