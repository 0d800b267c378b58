"""What students are told: exceptions and problems as sentences, and the page of one student in words.

    lookup, forms       what a student's source says; which texts of exceptions may be shown
    causes/, likely     what beginners meet, and what to look at next
    explain             an exception → an Explanation; through_harness: one that came through the course's own code
    loaded, passed      what was passed over while a file was loaded
    page                a Result → the student's page, of examples, cost and advice, laid out by layout

The modules of the page see results alone, and follow statuses and kinds of problems (`grader/problems.py`). No module
here may decide anything by reading one of our own sentences.
"""
