"""Run a function elsewhere, by one interface: `Job` in, events and a result (or an error) out, commands to it meanwhile.

`InlineRunner` runs it here, `WarmWorker` in one long-lived process that keeps torch imported, `ProcessRunner` in a process of its own,
`hw2gui.jobs.cluster.RayRunner` on a Ray cluster, and `RelayRunner` there too, by a process that talks to it.
No Qt, no subject: the window brings its own ``deliver``, which carries callbacks to its thread.
"""

from hw2gui.jobs.inline import InlineRunner
from hw2gui.jobs.job import Failure, Job, Luggage, WorkerError
from hw2gui.jobs.latest import Latest
from hw2gui.jobs.mailbox import Commands
from hw2gui.jobs.process import ProcessRunner
from hw2gui.jobs.relay import RelayRunner
from hw2gui.jobs.runner import Deliver, Handle, Runner
from hw2gui.jobs.worker import WarmWorker

__all__ = [
    "Commands",
    "Deliver",
    "Failure",
    "Handle",
    "InlineRunner",
    "Job",
    "Latest",
    "Luggage",
    "ProcessRunner",
    "RelayRunner",
    "Runner",
    "WarmWorker",
    "WorkerError",
]
