"""What people are told says nothing of what is inside; what the log is told says which rule it was."""

from threadly.core.security.outgoing import AddressRefused, AddressUnanswered, AnswerTooLarge, Reason


def test_an_address_that_is_refused_is_told_by_one_sentence_whatever_the_reason() -> None:
    assert {(str(AddressRefused(reason)), str(AddressRefused(reason).facts)) for reason in Reason} == {
        (AddressRefused.title, "{}")
    }
    assert [AddressRefused(reason).reason for reason in Reason] == list(Reason)


def test_each_is_a_refusal_of_what_somebody_wrote() -> None:
    assert {kind.status for kind in (AddressRefused, AddressUnanswered, AnswerTooLarge)} == {422}
