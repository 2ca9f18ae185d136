"""How each way to go wrong is answered: by a refusal, or as what nobody foresaw; jobs and logs are not answered."""

from typing import Final

from tests.observability.paths import JOBS

_BY_STATUS: Final[dict[tuple[int, ...], str]] = {
    (200, 431): "long_headers",
    (201, 500): "request_integer request_chained",
    (303,): "unknown_session odd_headers odd_ids",
    (400,): "unknown_field field_twice broken_form unknown_parameter bad_price bad_cursor profile_refused broken_upload"
    " wrong_type unknown_key broken_json api_parameter api_cursor api_draft",
    (400, 409): "draft_refused",
    (400, 414): "long_address",
    (401,): "api_sign_in unknown_bearer basic",
    (403,): "cross_site",
    (404,): "no_category no_member no_asset no_picture no_page_of_the_owner no_sitemap no_such_address api_id",
    (404, 405): "wrong_method",
    (413, 422): "huge_form",
    (415,): "odd_media_type",
    (400, 421): "odd_host",
    (422,): "wrong_password unknown_name sign_up_refused password_not_changed no_picture_at_all api_sign_up",
    (500,): " ".join(f"request_{how}" for how in JOBS if how not in {"integer", "chained"}),
}
STATUSES: Final = {way: set(statuses) for statuses, ways in _BY_STATUS.items() for way in ways.split()}
"""Where there are two, the secret decides: by its length, by a slash, or because it is a number."""
