"""Databases with a gradebook of nbgrader, SQLite and PostgreSQL, and what stands in them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.nbgrader_plugin.need import need_nbgrader
from tests.kit.processes import GUARD

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, on a socket in a temporary folder."""
    program = shutil.which("initdb") or (str(POSTGRES[-1]) if POSTGRES else None)
    if program is None:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    pytest.importorskip(
        "psycopg", reason="the driver of PostgreSQL is not installed: pip install 'psycopg[binary]'"
    )
    folder = Path(tempfile.mkdtemp(prefix="grader-pg-"))
    as_user: dict[str, Any] = {}
    if os.getuid() == 0:  # it refuses to be run by root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    command = [program, "-D", str(data), "-U", "tester", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_user)
    control = [str(Path(program).parent / "pg_ctl"), "-D", str(data), "-w", "-t", str(int(GUARD))]
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    # -w: it comes back when the server is ready, or has ended.
    start = subprocess.run(
        [*control, "-l", str(folder / "log"), "-o", options, "start"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        check=False,
        **as_user,
    )
    try:
        assert start.returncode == 0, (folder / "log").read_text()
        yield f"postgresql+psycopg://tester@/{{}}?host={folder}"
    finally:
        if start.returncode == 0:
            stop = [*control, "-m", "fast", "stop"]
            subprocess.run(stop, check=True, capture_output=True, cwd=folder, **as_user)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The pattern of URLs of a server whose database `template` is an empty gradebook."""
    for pattern in server():
        create(pattern, "template")
        opened(pattern.format("template")).close()
        yield pattern


def create(pattern: str, name: str, of: str = "") -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(pattern.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{of}"' if of else ""))
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty gradebook."""
    path = tmp_path_factory.mktemp("template") / "gradebook.db"
    opened(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty gradebook; nbgrader takes seconds to make a new one, so it is a copy."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite"), tmp_path / "gradebook.db")
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    pattern: str = request.getfixturevalue("postgres")
    name = "db_" + "".join(filter(str.isalnum, tmp_path.name.lower()))[-50:]
    create(pattern, name, of="template")
    return pattern.format(name)


def opened(url: str) -> Any:
    need_nbgrader()
    from nbgrader.api import Gradebook

    return Gradebook(url)


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        scores = {}
        for table in sorted(sqlalchemy.inspect(engine).get_table_names()):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').fetchall()
            scores[table] = sorted((tuple(row) for row in rows), key=repr)
    engine.dispose()
    return scores


def scores(url: str, name: str) -> dict[str, dict[str, float]]:
    with opened(url) as book:
        return {
            submission.student.id: {grade.name: grade.auto_score for grade in submission.notebooks[0].grades}
            for submission in book.assignment_submissions(name)
        }
