"""A path → what each student handed in.

    files, zips   everything below the path, as items that refuse what must not be opened
    lms           the naming patterns of learning platforms
    layouts       items → one group per student
    filenames, candidates   a group → the one file that is the answer
    modules       a group → the other .py files, which the answer may import
    reading       a file → its chunks, through python_source and notebooks (with magics and syntax_errors)
    names         names of students: their order, and safe file names

Standard library only, no numpy, no torch; nothing is run, unpacked to disk or written. What is wrong with one
student's files becomes that student's `Submission.problem` and never stops the others.
"""

from grader.submissions.names import natural_key, safe_name
from grader.submissions.read import read_submission, read_submissions

__all__ = ["natural_key", "read_submission", "read_submissions", "safe_name"]
