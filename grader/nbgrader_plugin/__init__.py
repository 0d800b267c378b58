"""Grading through nbgrader: the only part of the kit that imports it.

    course         `grader nbgrader init`: an nbgrader course with our assignments in it
    cells          the grade cells: their ids and sources, and what is written under them
    notebook       an assignment's source notebook, and a student's notebook whatever state it is in
    handins        whoever handed in something that nbgrader's own search passes over
    preprocessors  what nbgrader runs in the place of its own: our jail instead of a kernel
    gradebook      results into nbgrader's gradebook, without nbgrader's autograde
    need           nbgrader itself, which takes seconds to import and may not be installed

Late days, penalties, manual grades and comments are nbgrader's; nothing here decides about them. Whoever imports
nbgrader calls `need.need_nbgrader` first.
"""
