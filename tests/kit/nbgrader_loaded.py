"""nbgrader, imported as the grader imports it: takes seconds, so one warm process does it for all tests."""

from grader.nbgrader_plugin.need import need_nbgrader

need_nbgrader()

from nbgrader.apps import NbGraderApp  # noqa: E402

__all__ = ["NbGraderApp"]
