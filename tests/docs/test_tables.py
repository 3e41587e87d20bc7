"""The documentation's tables of counts and settings are those of the program."""

import pytest
from generated_tables import TABLES, parts


@pytest.mark.parametrize(("page", "mark"), TABLES)
def test_a_table_says_what_the_program_has(page, mark):
    assert parts(page, mark)[1] == TABLES[page, mark](), "write it anew: python tests/support/generated_tables.py"
