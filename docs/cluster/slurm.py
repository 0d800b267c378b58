"""A Dask scheduler and Slurm jobs with its workers, for `grader grade --cluster`. Ends with Ctrl-C, and its jobs too.

    python slurm.py --jobs 8 --cores 16 --hours 2 --partition cpu

Run it where jobs are submitted, with the grader and its extra `cluster` in the same environment on all nodes.
"""

import argparse
import signal

from dask_jobqueue import SLURMCluster

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--jobs", type=int, default=1)
parser.add_argument("--cores", type=int, default=8, help="of each job; as many workers")
parser.add_argument("--memory", default="24GB", help="of each job; a worker and its child need up to 3 GB")
parser.add_argument("--hours", type=int, default=1)
parser.add_argument("--partition", default=None)
parser.add_argument("--port", type=int, default=8786)
options = parser.parse_args()

with SLURMCluster(
    queue=options.partition,
    cores=options.cores,
    processes=options.cores,  # one thread each: a worker grades one submission at a time
    memory=options.memory,
    walltime=f"{options.hours:02d}:00:00",
    scheduler_options={"port": options.port, "dashboard_address": None},
) as cluster:
    cluster.scale(jobs=options.jobs)
    print(f"grader grade … --cluster {cluster.scheduler_address}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
