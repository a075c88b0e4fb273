"""What the tests of the command, of diagnoses and of writes share: an office of each module's own."""

from collections.abc import Iterator

import pytest

from tests.cli.office import Office, opened


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A sandbox without causes that the tests of one module share."""
    with opened(tmp_path_factory.mktemp("home")) as office:
        yield office
