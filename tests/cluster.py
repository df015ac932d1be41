"""A Dask cluster of two workers that runs a command and loses one of them in the middle of it.

Run as `python cluster.py FOLDER PARTS COMMAND...`, in which @ADDRESS stands for the scheduler's
address. A worker is killed while it works, once so many parts stand below the folder.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from distributed import LocalCluster


def main(folder, parts, command):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        ended = threading.Event()
        killed = []

        def busy():
            for worker in cluster.workers.values():
                if cluster.scheduler.workers[worker.worker_address].processing:
                    return worker.process.pid
            return None

        def kill():
            while not ended.is_set():
                finished = len(list(folder.glob(".*-parts/[0-9]*.part")))
                if finished >= parts and (victim := busy()):
                    time.sleep(0.05)  # until it is well in the middle of it
                    os.kill(victim, signal.SIGKILL)
                    killed.append(finished)
                    return
                time.sleep(0.005)

        thread = threading.Thread(target=kill)
        thread.start()
        command = [part.replace("@ADDRESS", cluster.scheduler_address) for part in command]
        code = subprocess.run(command, check=False).returncode
        ended.set()
        thread.join()
        sys.stdout.write(f"killed after {killed[0]} parts\n" if killed else "too late\n")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
