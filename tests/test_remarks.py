"""What is there or done by the time that a command ends is said, whatever ends it."""

import signal
import threading

import pytest

from webexhist.errors import StoppedError, WebexhistError, remarks_on
from webexhist.remarks import remarked, remarking


def test_an_error_says_behind_what_is_wrong_what_is_done_in_the_order_in_which_it_was_done():
    with pytest.raises(WebexhistError) as failed, remarking() as remark, remarked("the folder is there"):
        remark("the copy is made")
        raise WebexhistError("no room", "free some")
    assert str(failed.value) == "no room; the folder is there; the copy is made: free some"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_ends_it_is_told_what_is_done(number, code):
    with pytest.raises(StoppedError) as stopped, remarking() as remark:
        remark("the copy is made")
        signal.raise_signal(number)
    assert (str(stopped.value), stopped.value.code) == ("stopped; the copy is made", code)


def test_where_nothing_is_to_be_said_an_interrupt_stays_what_it_is():
    with pytest.raises(KeyboardInterrupt), remarking():
        signal.raise_signal(signal.SIGINT)


def test_sigterm_does_what_it_did_before_when_the_work_is_over():
    with remarked("the copy is made"):
        assert callable(signal.getsignal(signal.SIGTERM))
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_handler_of_somebody_else_stays_in_its_place():
    def others(_number: int, _frame: object) -> None:
        """Another program's, which uses this one."""

    signal.signal(signal.SIGTERM, others)
    try:
        with remarked("the copy is made"):
            assert signal.getsignal(signal.SIGTERM) is others
        assert signal.getsignal(signal.SIGTERM) is others
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def test_on_another_thread_errors_are_remarked_and_signals_left_alone():
    found: list[object] = []

    def work() -> None:
        try:
            with remarked("the copy is made"):
                found.append(signal.getsignal(signal.SIGTERM))
                raise OSError("no room")
        except OSError as error:
            found.append(remarks_on(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL, ("the copy is made",)]
