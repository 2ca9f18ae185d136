"""What is to be done behind the scenes has names that last."""

from uuid import uuid4

import msgspec

from threadly.marketplace.search import RefreshTerms, RewriteDocuments


def test_their_names_stay_as_they_are_since_yesterdays_are_still_under_way() -> None:
    assert (RefreshTerms.name, RewriteDocuments.name) == ("search.refresh_terms", "search.rewrite_documents")


def test_where_rewriting_has_got_to_travels_with_it() -> None:
    job = RewriteDocuments(after=uuid4())
    assert msgspec.convert(msgspec.to_builtins(job), RewriteDocuments) == job
