"""A Dask cluster of two workers that runs a command and loses one of them in the middle of it.

Run as `python cluster.py SECONDS COMMAND...`, in which @ADDRESS stands for the scheduler's address.
"""

import os
import signal
import subprocess
import sys
import threading
import time

from distributed import LocalCluster


def main(seconds, command):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).process.pid

        def kill():
            time.sleep(seconds)
            os.kill(victim, signal.SIGKILL)

        threading.Thread(target=kill).start()
        command = [part.replace("@ADDRESS", cluster.scheduler_address) for part in command]
        code = subprocess.run(command, check=False).returncode
        sys.stdout.write("too late\n" if _runs(victim) else "killed while it ran\n")
    return code


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
