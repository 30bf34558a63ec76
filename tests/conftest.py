"""What every test may ask for on the command line."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--save-golden", action="store_true", help="rewrite the golden files instead of comparing")
