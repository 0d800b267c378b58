"""A path → what each student handed in.

    files, own              everything below the path, as items that refuse what must not be opened
    junk                    what systems and tools leave behind, passed over
    archives, zips, tars, packed    the same of what is in an archive
    downloads               the archive of a class, whose damages cost no student
    lms, dates, gradescope  how learning platforms name, date and describe what they pack
    foldernames, flat       what other names of folders and files say
    layouts, classes, active  items → one group per student
    filenames, answers, choice   a group → the one file that is the answer
    modules                 a group → the other .py files, which the answer may import
    reading                 a file → its chunks, through python_source and notebooks (with magics and syntax_errors)
    handout                 what of it is the student's own work
    missing                 the sentence where there is no answer
    unclaimed               what to tell of a class: what is nobody's, names that look alike
    names                   names of students: their order, and safe file names

No numpy, no torch; nothing is run, unpacked to disk or written. What is wrong with one
student's files becomes that student's `Submission.problem` and never stops the others.
"""

from grader.submissions.handout import Handout
from grader.submissions.names import natural_key, safe_name
from grader.submissions.read import modules_beside, read_submission, read_submissions

__all__ = ["Handout", "modules_beside", "natural_key", "read_submission", "read_submissions", "safe_name"]
