"""Templates speak a language, and what they put into a sentence stays text."""

import pytest
from jinja2 import Environment

from threadly.languages import Language, Messages
from threadly.languages.spoken import locale_of
from threadly.web import speech

SAID = {
    "Price": ("Preis",),
    "Hello <b>%(name)s</b>": ("Hallo <b>%(name)s</b>",),
    "%(count)s day": ("%(count)s Tag", "%(count)s Tage"),
    "100%%": ("100 %%",),
    "price\x04from": ("ab",),
}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('{{ _("Price") }} {{ _("Price") }}', "Preis Preis"),
        ('{{ _("Hello <b>%(name)s</b>", name="<i>") }}', "Hallo <b>&lt;i&gt;</b>"),
        ('{% trans name="<i>" %}Hello <b>{{ name }}</b>{% endtrans %}', "Hallo <b>&lt;i&gt;</b>"),
        ("{% trans count=1 %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}", "1 Tag"),
        ("{% trans count=3 %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}", "3 Tage"),
        ("{% trans %}100%{% endtrans %}", "100 %"),
        ('{{ pgettext("price", "from") }} {{ _("from") }}', "ab from"),
        ('{{ npgettext("price", "%(num)s thing", "%(num)s things", 2) }}', "2 things"),
    ],
)
def test_a_template_says_it_in_the_language(template: str, said: str) -> None:
    messages = Messages(SAID, lambda count: int(count != 1))
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    speech.install(environment, Language("de", at="/de", locale=locale_of("de", "DE"), messages=messages))

    assert environment.from_string(template).render() == said
