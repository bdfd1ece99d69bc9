"""One folder of generated files for the whole session: the workers of pytest-xdist compile each derivative once."""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

gc.set_threshold(100_000, 20, 20)  # syntax trees are many small objects: collecting seldom saves an eighth of the time
sys.path.insert(0, str(Path(__file__).parents[1]))  # `tests.programs`, also where pytest is not run with -m


def pytest_configure(config):
    """A temporary cache, unless the environment names one; workers inherit it from the process that starts them."""
    if "SCT_CACHE_DIR" not in os.environ:
        config.sct_cache = os.environ["SCT_CACHE_DIR"] = tempfile.mkdtemp(prefix="sct_tests_")


def pytest_unconfigure(config):
    """Remove what this process made."""
    made = getattr(config, "sct_cache", None)
    if made is not None:
        shutil.rmtree(made, ignore_errors=True)
        os.environ.pop("SCT_CACHE_DIR", None)
