"""A job runs once, tells how far it is, and can be stopped."""

import threading
from concurrent.futures import CancelledError

import pytest

from studio.jobs import N_KEPT, JobQueue, Progress


@pytest.fixture
def queue():
    queue = JobQueue()
    yield queue
    queue.close()


def test_a_job_gives_its_result_and_its_progress(queue):
    def work(progress: Progress) -> int:
        progress(0.5, "half way")
        return 42

    job = queue.submit("a", work)
    assert job.result(5) == 42
    assert (job.progress.share, job.progress.text) == (0.5, "half way")


def test_the_same_key_is_worked_on_once(queue):
    runs = []
    gate = threading.Event()

    def work(progress: Progress) -> None:
        runs.append(1)
        gate.wait(5)

    jobs = {id(queue.submit("a", work)) for _ in range(5)}
    gate.set()
    queue.find("a").result(5)
    assert len(jobs) == 1
    assert len(runs) == 1


def test_a_cancelled_job_stops_at_its_next_word(queue):
    started, go_on = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        go_on.wait(5)
        progress(0.9)

    job = queue.submit("a", work)
    started.wait(5)
    job.cancel()
    go_on.set()
    with pytest.raises(CancelledError):
        job.result(5)


def test_a_failed_job_may_be_tried_again(queue):
    def fail(progress: Progress) -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        queue.submit("a", fail).result(5)
    assert queue.submit("a", lambda progress: 1).result(5) == 1


def test_old_finished_jobs_are_forgotten(queue):
    for i in range(N_KEPT + 20):
        queue.submit(str(i), lambda progress: None).result(5)
    assert len(queue._jobs) <= N_KEPT + 1


def test_an_errand_can_be_run_again_but_not_twice_at_once(queue):
    gate = threading.Event()
    first = queue.restart("a", lambda progress: gate.wait(5))
    assert queue.restart("a", lambda progress: 2) is first
    gate.set()
    assert first.result(5)
    assert queue.restart("a", lambda progress: 2).result(5) == 2


def test_jobs_are_stopped_and_forgotten_by_a_part_of_their_key(queue):
    job = queue.submit("map-me-abc", lambda progress: 1)
    queue.submit("map-me-xyz", lambda progress: 2)
    job.result(5)
    queue.forget("abc")
    assert queue.find("map-me-abc") is None
    assert queue.find("map-me-xyz").result(5) == 2
