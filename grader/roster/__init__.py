"""Lists of people, as learning platforms export them or a person writes them; and who of a class is who on one.

table      the CSV: read as it is, and written back so
people     a result → its rows, where that is certain
layouts    the columns of Canvas, Moodle and others → a `Person` for each row
"""

from grader.roster.layouts import People, people
from grader.roster.people import Matches, Person, find
from grader.roster.table import Roster, read

__all__ = ["Matches", "People", "Person", "Roster", "find", "people", "read"]
