"""Starting and ending processes, so that nothing is left behind however the run ends."""

import contextlib
import ctypes
import os
import pwd
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    sys.exit(f"\n{text}")


def stop_with_parent(stop: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For preexec_fn: the kernel sends `stop` to the child when we die, even by SIGKILL."""
    parent = os.getpid()

    def ask_the_kernel() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(stop))
        if os.getppid() != parent:  # we died between the fork and the line above
            os._exit(1)

    return ask_the_kernel


def follow_make() -> None:
    """End when make ends, even by SIGKILL. Started by hand, a script may outlive the shell that started it."""
    if "MAKELEVEL" in os.environ:
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def exit_on_signals() -> None:
    """A request to stop unwinds the stack like any exception, so that every `finally` runs."""
    follow_make()

    def leave(number: int, frame: object) -> NoReturn:
        # Once is enough: a second one would cut short the cleaning up.
        ignore_signals()
        sys.exit(128 + number)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)


def ignore_signals() -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


def start(
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
    cwd: Path = ROOT,
    user: str | None = None,
    stdout: int | None = None,
) -> subprocess.Popen[str]:
    """Start a process at the head of its own group: a terminal's Ctrl-C reaches us only, and we end it in order."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout else None,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=stop_with_parent(stop),  # safe here: we start no threads before our children
    )


def end(processes: Sequence[subprocess.Popen[str]], seconds: float, stop: signal.Signals = signal.SIGTERM) -> None:
    """Ask all, wait, then kill what is left of each group: a leader that ended may have left children."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(stop)
    deadline = time.monotonic() + seconds
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None, quiet: bool = False) -> str:
    """Run to the end; where it fails, so do we, with all it said. Returns what it printed if it ran quietly."""
    process = start(command, env, stdout=subprocess.PIPE if quiet else None)
    try:
        output, _ = process.communicate()
    finally:
        end([process], seconds=5)
    if process.returncode:
        fail(f"{output or ''}\nThis failed ({process.returncode}): {shlex.join(str(part) for part in command)}")
    return output or ""
