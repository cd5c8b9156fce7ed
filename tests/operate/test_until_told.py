"""Being told to end, also twice at once."""

import os
import signal
import threading
import time

import pytest

from plugin.operate.until_told import until_told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_waiting_and_is_given_back_afterwards(number):
    before = signal.getsignal(number)

    with until_told() as told:
        assert not told.wait(0)
        os.kill(os.getpid(), number)
        assert told.wait(5)

    assert signal.getsignal(number) is before


def test_a_storm_of_signals_does_not_stand_in_its_own_way():
    over = threading.Event()

    def storm() -> None:
        while not over.wait(0.0001):
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)

    with until_told() as told:
        threading.Thread(target=storm, daemon=True).start()
        began = time.monotonic()
        while time.monotonic() - began < 1:
            told.wait(0.01)
        over.set()
        time.sleep(0.05)

    assert told.to_end
