"""Lists of people, as learning platforms export them or a person writes them; and who of a class is who on one.

table      the CSV: read as it is, and written back so
people     a result → its rows, where that is certain
groups     Moodle's groups → their members
layouts    the columns of Canvas, Moodle and others → a `Person` for each row
"""

from grader.roster.groups import is_of_moodle, with_members
from grader.roster.layouts import People, people
from grader.roster.people import Matches, Person, find
from grader.roster.table import Roster, read

__all__ = ["Matches", "People", "Person", "Roster", "find", "is_of_moodle", "people", "read", "with_members"]
