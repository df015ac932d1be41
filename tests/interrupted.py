"""Let a program hear Ctrl-C, whatever the tests themselves were started with."""

import signal


def hear() -> None:
    """Undo, between fork and exec, what a program inherits from `nohup`, `&` or a supervisor."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
