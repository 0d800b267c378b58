"""Parts of the engine that many others may import, by the names of their layers."""

from __future__ import annotations

BOTTOM = {"errors", "lazy_sequences", "problems", "records", "syntax", "text", "values"}
#: What a student is told, from a result alone.
PAGE = {f"messages.{name}" for name in ("layout", "examples", "cost", "advice", "page", "repairs")}

#: part -> (parts of the engine, libraries beyond the standard one) that it may import.
Table = dict[str, tuple[set[str], set[str]]]
