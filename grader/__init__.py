"""An autograder for recurrent-network exercises: student code answers in numbers, and only in numbers.

This package file stays empty of imports so that every command pays only for what it uses.
The main path is `grader.run.path`; read it top to bottom.
"""

__version__ = "0.1.0"
