import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from printed import OUTSIDE

_slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", max_examples=60, deadline=None, suppress_health_check=_slow)
settings.register_profile("ci", parent=settings.get_profile("dev"), max_examples=100, derandomize=True)
settings.register_profile("quick", parent=settings.get_profile("ci"), max_examples=20)
settings.register_profile("explicit", parent=settings.get_profile("ci"), phases=[Phase.explicit])
settings.register_profile("thorough", parent=settings.get_profile("dev"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_DESELECTED = pytest.StashKey[int]()


def pytest_configure(config):
    config.addinivalue_line("markers", f"outside: reads a table in the folder that {OUTSIDE} names")


def pytest_collection_modifyitems(config, items):
    """Deselect what reads a table that stays outside of the project, where no folder is named."""
    if os.environ.get(OUTSIDE):
        return
    left = [item for item in items if item.get_closest_marker("outside")]
    items[:] = [item for item in items if item not in left]
    config.stash[_DESELECTED] = len(left)
    config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter, config):
    count = config.stash.get(_DESELECTED, 0)
    if count:
        terminalreporter.write_line(
            f"{count} tests over whole tables are deselected: {OUTSIDE} names no folder"
        )
