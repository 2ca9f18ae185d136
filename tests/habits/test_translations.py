"""The translations are in step with what they translate."""

import pytest

from habits import translations
from habits.translations import Said
from habits.tree import ROOT


def test_sentences_are_found_wherever_they_stand() -> None:
    found = set(translations.sentences())

    assert Said("Skip to the content") in found  # a template
    assert Said("from", context="price") in found  # with its context
    assert Said("Price, low to high") in found  # Python
    assert Said("{count} day ago", "{count} days ago") in found  # that counts
    assert Said("Please sign in first.") in found  # a problem
    assert {Said("Women"), Said("Dresses"), Said("Navy"), Said("Cotton"), Said("One size")} <= found  # the catalogue
    assert Said("XXL") not in found  # which no language says otherwise


def test_sentences_stand_in_order_each_once() -> None:
    found = translations.sentences()

    assert len({(said.one, said.context) for said in found}) == len(found)
    assert list(found) == sorted(found, key=lambda said: (said.one.lower(), said.one, said.context or ""))


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_writing_a_file_anew_changes_nothing(language: str) -> None:
    file = ROOT / translations.FOLDER / f"{language}.po"

    assert translations.text(language) == file.read_text(encoding="utf-8")


def test_both_sides_of_a_conflict_are_put_together() -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    ours = 'msgid "Price"\nmsgstr "Цена"\n\n'
    theirs = 'msgid "Price"\nmsgstr ""\n\nmsgid "Pictures"\nmsgstr "Снимки"\n\n'
    content = f"{head}<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> 1234567 (Sell)\n"

    assert translations.known(content, "bg")["Price", None].string == "Цена"
    assert translations.known(content, "bg")["Pictures", None].string == "Снимки"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_sentence_can_be_read_in_every_language(language: str) -> None:
    lacking = translations.lacking(language)

    assert lacking == [], "\n".join(["say these in src/threadly/languages/translations:", *lacking])
