"""Proves that hostile files are attacks: with what stops it taken away, each of tests/kit/hostile gets somewhere.

    python -m benchmarks.attacks                 every file; exit status 1 when one that is listed as proved is not
    python -m benchmarks.attacks --only NAME     some of them, by the beginning of their names
    python -m benchmarks.attacks --list          what each is proved by, or why it cannot be proved here

A file that scores nothing proves nothing about the sandbox unless it would have scored without it. table.toml says
for each file what is taken away (`without`) and what it gets then (`gets`). Everything is bounded: in time, memory and
processor seconds, to this machine; what is started is ended by its number.
"""
