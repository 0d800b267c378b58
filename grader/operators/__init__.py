"""Small edits of a program's tree that turn a wrong program into a right one, or a right one into a wrong one.

An operator looks at one node of a function and gives edits of the text; it knows Python and the names of array
libraries, and nothing of any course. `every.OPERATORS` is the list of all of
them, and `lots` makes their edits.
"""

from grader.operators.lots import Lot, Lots, edits
from grader.operators.outside import outside_values
from grader.operators.scope import Scope, scopes
from grader.operators.texts import Edit, Text

__all__ = ["Edit", "Lot", "Lots", "Scope", "Text", "edits", "outside_values", "scopes"]
