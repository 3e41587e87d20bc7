"""What is started beside a command: nobody waits for it, and nothing is said of it."""

import gc
import subprocess
import sys
import warnings

import pytest

from webexhist.cli.beside import start_process

SLEEPS = [sys.executable, "-c", "import time; time.sleep(1)"]


def test_a_process_for_which_nobody_waits_is_let_go_without_a_word():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        start_process(SLEEPS, {}, None)
        with pytest.raises(subprocess.TimeoutExpired):
            start_process(SLEEPS, {}, 0.01)
        gc.collect()
    assert [str(each.message) for each in told] == []
