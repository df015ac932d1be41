"""Workers end with the process that started them, however it ended."""

import signal
import subprocess
import sys

import psutil
import pytest

# Two workers are at work for a day; their parent tells who they are and waits for them.
PARENT = """
import os, time
from worksheets.workers.processes import executor_of

def work(_):
    os.write(1, f"{os.getpid()}\\n".encode())  # at once: two processes write to one pipe
    time.sleep(86_400)

if __name__ == "__main__":
    with executor_of(None, 2) as executor:
        list(executor.map(work, range(2)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends them so")
def test_no_worker_outlives_a_killed_parent(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE) as parent:
        workers = [psutil.Process(int(parent.stdout.readline())) for _ in range(2)]
        assert {worker.ppid() for worker in workers} == {parent.pid}
        parent.send_signal(signal.SIGKILL)
    try:
        # A day is what they would go on for; the limit only ends a test that has failed.
        gone, alive = psutil.wait_procs(workers, timeout=60)
        assert not alive
        assert len(gone) == 2
    finally:
        for worker in workers:
            if worker.is_running():
                worker.kill()
