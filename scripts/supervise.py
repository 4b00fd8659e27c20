"""Several processes as one: they start together and end together, whoever ends first."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from subprocess import Popen
from types import FrameType

from scripts.shell import end, follow_make, ignore_signals, say, start

# A job that runs gets this long to finish; what is left undone is found again by the next sweep.
GRACE = 8.0


class Supervisor:
    def __init__(self) -> None:
        self.children: dict[str, Popen[str]] = {}
        self.asked_to_stop = False
        follow_make()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self.stop)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def start(self, commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> None:
        for name, command in commands.items():
            self.children[name] = start(command, env)

    def ended(self) -> str | None:
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def run(self, answers: Callable[[], bool], welcome: Callable[[], None], patience: float = 60) -> int:
        """Watch until somebody stops us (0) or a child ends on its own (1)."""
        deadline, welcomed = time.monotonic() + patience, False
        try:
            while not self.asked_to_stop:
                if name := self.ended():
                    say(f"\n{name} ended on its own ({self.children[name].returncode}), so everything stops.")
                    return 1
                if not welcomed and answers():
                    welcome()
                    welcomed = True
                if not welcomed and time.monotonic() > deadline:
                    say(f"\nThe server did not answer within {patience:.0f} seconds, so everything stops.")
                    return 1
                time.sleep(0.2)
            say("\nStopping ...")
            return 0
        finally:
            ignore_signals()
            end(list(self.children.values()), GRACE)
