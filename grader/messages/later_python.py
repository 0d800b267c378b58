"""Names that a later Python than the one that grades has in its own modules: right code of somebody who has it."""

from __future__ import annotations

import re
import sys

RUNNING = (sys.version_info[0], sys.version_info[1])

#: The names that students' programs use, by the version that brought them.
_SINCE = {
    (3, 11): {
        "typing": "Self Never LiteralString Required NotRequired Unpack TypeVarTuple assert_never assert_type "
        "reveal_type dataclass_transform clear_overloads get_overloads",
        "enum": "StrEnum ReprEnum EnumCheck verify member nonmember global_enum",
        "datetime": "UTC",
        "math": "cbrt exp2",
        "operator": "call",
        "contextlib": "chdir",
        "asyncio": "TaskGroup Runner timeout",
    },
    (3, 12): {
        "typing": "override TypeAliasType",
        "itertools": "batched",
        "math": "sumprod",
        "collections.abc": "Buffer",
        "calendar": "Month Day",
    },
    (3, 13): {
        "typing": "TypeIs ReadOnly NoDefault get_protocol_members is_protocol",
        "warnings": "deprecated",
        "copy": "replace",
        "math": "fma",
    },
    (3, 14): {"typing": "evaluate_forward_ref", "functools": "Placeholder"},
}
_VERSIONS = {
    (module, name): version
    for version, modules in _SINCE.items()
    for module, names in modules.items()
    for name in names.split()
}
_MISSING = re.compile(r"cannot import name '(\w{1,60})' from '([\w.]{1,60})'")


def needed(text: str) -> str:
    """What to say of an ImportError: "this needs Python 3.12, and 3.11 grades"; "" if no later version helps."""
    match = _MISSING.match(text)
    version = _VERSIONS.get((match[2], match[1])) if match else None
    if version is None or version <= RUNNING:
        return ""
    return f"this needs Python {version[0]}.{version[1]}, and {RUNNING[0]}.{RUNNING[1]} grades"
