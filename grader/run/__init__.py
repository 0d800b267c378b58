"""The main path of a run: submissions in, results out. Begin with `path.py`, and read from top to bottom.

`path` is the run; `pool` has the processes, and `trusted` speaks to them; `session` is a worker's life; `judge` grades
one submission; `digests` say what a result depends on; `store` and `earlier_results` hold the results; `standby` keeps
a pool warm for nbgrader.
"""
