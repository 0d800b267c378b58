"""Loads exercise files (references, skeletons, alternatives) as fresh modules, for the tests of the kit."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def load_module(path: Path) -> ModuleType:
    """Run the file as a module, known to sys.modules (dataclasses look there) by a name no other file has."""
    name = "exercise_" + "_".join(path.with_suffix("").parts[-3:])
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
