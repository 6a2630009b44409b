"""A contract does not change unseen: the published page and schemas are what the code says."""

from shared.contracts.documentation import PAGE, SCHEMAS, event_schemas, events_page


def test_the_schemas_are_those_that_were_published() -> None:
    """A difference here changes what readers get: is it a new field, or does it need a new version?"""
    assert SCHEMAS.read_text() == event_schemas(), "run `make docs` if the change is meant"


def test_the_page_of_events_is_up_to_date() -> None:
    assert PAGE.read_text() == events_page(), "run `make docs`"
