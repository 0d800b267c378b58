"""A graded class as web pages: one folder that opens from disk, without network, build step or server.

    measures    numbers of a class: scores, difficulty and discrimination of tests, mistakes
    outlines    of each result what the page of the class asks
    roll        who is who on a roster, and who handed nothing in
    grid        a counterexample's answer over time, entry by entry
    code        a submitted program, its lines marked
    pages       records → HTML, through the templates beside it
    site        which pages there are, what they are called, and how a folder is replaced

It reads results.json and what is kept beside it, and must never load a course, a suite or a submission.
"""

from grader.report.roll import Roll, call
from grader.report.site import WrittenSite, write_site

__all__ = ["Roll", "WrittenSite", "call", "write_site"]
