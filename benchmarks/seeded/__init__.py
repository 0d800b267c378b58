"""Small faults, seeded into a copy of this checkout one at a time, and the tests that ought to notice them.

    python -m benchmarks.seeded             every fault; who noticed each; exit status 1 below 95 of 100
    python -m benchmarks.seeded --list      the faults there are
    python -m benchmarks.seeded --only ID   some of them

The faults are data, in faults/*.toml; `faults` reads them, `checkout` makes the copies, `run` seeds and asks.
"""
