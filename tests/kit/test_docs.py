"""Every page of documentation: its links lead somewhere, and its files, commands and options are there."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import typer

from grader import cli

from .loading import ROOT

WHERE = (
    *("README.md", "CONTRIBUTING.md", "docs/**/*.md", "assignments/*/README.md", "tests/hidden/**/*.md"),
    *("tests/kit/*/*.md", "tests/sample_class/*.md"),
)
PAGES = sorted(page for pattern in WHERE for page in ROOT.glob(pattern))
#: A page of decisions tells of what was there and is not any more.
NOW = [page for page in PAGES if page.name != "decisions.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?<=\n\n)((?:    .*\n)+)")
INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
#: Words in commands that stand for something of the reader's.
PLACEHOLDER = re.compile(r"…|\.\.\.|<|\bSTYLE\b|\[")
#: What commands and assignments of examples make: no part of the repository.
MADE = re.compile(
    r"leaky_sum|smoothing|gru_cell|<|…|\*|\{|^(results|course|submissions|handed_in|similar|graded|feedback|DIR|\.github)/"
)


def name_of(page: Path) -> str:
    """A page by its path from the root."""
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """What a link into a page can name: its headings, as GitHub writes them in addresses."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path, text: str) -> list[str]:
    """The links of a page's text to files or headings that are not there."""
    broken = []
    for link in LINK.findall(INLINE.sub("", FENCE.sub("", text))):
        if link.startswith(("http://", "https://", "mailto:", "attachment:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


def commands(page: Path) -> list[str]:
    """The commands in the blocks of a page, without prompts and comments."""
    text = page.read_text(encoding="utf-8")
    blocks = [*FENCE.findall(text), *INDENTED.findall(text)]
    return _commands(line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines())


def mentions(page: Path) -> list[str]:
    """The commands that sentences of a page name, with or without what is typed behind them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return _commands(" ".join(code.split()) for code in INLINE.findall(text))


def _commands(lines: Iterable[str]) -> list[str]:
    texts = (line.partition("  #")[0].strip() for line in lines if line.startswith(("grader ", "python -m ")))
    return [text for text in dict.fromkeys(texts) if not PLACEHOLDER.search(text)]


def on_pages(read: Callable[[Path], list[str]], start: str) -> list[tuple[str, str]]:
    """(page, command) for each command that begins so."""
    return [(name_of(page), line) for page in NOW for line in read(page) if line.startswith(start)]


def command_named(words: list[str]) -> tuple[Any, list[str]]:
    """The command of the grader that these words name, and what is typed behind it."""
    command, left = typer.main.get_command(cli.app), [*words]
    while left and hasattr(command, "commands"):
        assert left[0] in command.commands, f"there is no grader {' '.join(words)}"
        command = command.commands[left.pop(0)]
    return command, left


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_and_headings_that_are_there(page):
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_the_decisions_begin_with_a_table_of_their_parts():
    text = next(page for page in PAGES if page.name == "decisions.md").read_text(encoding="utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    assert re.findall(r"^\| \[(.*?)\]\(#", head, re.MULTILINE) == [part.partition("\n")[0] for part in parts]


def test_a_dead_link_is_noticed():
    page = ROOT / "README.md"
    assert broken_links(page, "[a](docs/nowhere.md) [b](docs/scale.md#nowhere)") == [
        "docs/nowhere.md",
        "docs/scale.md#nowhere",
    ]
    assert broken_links(page, "[a](docs/scale.md#slurm) [b](https://example.org) `[c](d.md)`") == []


@pytest.mark.parametrize("page", NOW, ids=name_of)
def test_files_that_are_named_are_there(page):
    paths = {
        code
        for code in INLINE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if re.fullmatch(r"[\w.-]+(/[\w.<>*-]+)+(\.(py|md|toml|yml|yaml|svg|json)|/)", code)
        and not MADE.search(code)
    }
    roots = [
        ROOT,
        page.parent,
        ROOT / "grader",
        ROOT / "tests",
        ROOT / "tests" / "kit",
        ROOT / "tests" / "hidden",
    ]
    assert sorted(code for code in paths if not any((root / code).exists() for root in roots)) == []


@pytest.mark.parametrize(("page", "command"), on_pages(commands, "grader "))
def test_a_command_is_understood_as_it_is_written(page, command):
    named, arguments = command_named(shlex.split(command)[1:])
    named.make_context(command, arguments).close()  # parses, and runs nothing


@pytest.mark.parametrize(("page", "command"), on_pages(mentions, "grader "))
def test_a_command_that_a_sentence_names_is_there_with_its_options(page, command):
    named, arguments = command_named(shlex.split(command)[1:])
    options = {option for parameter in getattr(named, "params", ()) for option in parameter.opts}
    assert {word.partition("=")[0] for word in arguments if word.startswith("-")} <= options


@pytest.mark.parametrize("command", cli.EXAMPLES, ids=lambda command: command.__name__)
def test_what_help_shows_is_understood_as_it_is_written(command):
    for words in cli.EXAMPLES[command]:
        named, arguments = command_named([command.__name__, *shlex.split(words)])
        named.make_context(command.__name__, arguments).close()
        assert f"grader {command.__name__} {words}".strip() in named.epilog


@pytest.mark.parametrize(
    ("command", "arguments", "missing", "example"),
    [
        ("grade", [], "SUBMISSIONS", "grader grade submissions -a week3 --out results/week3"),
        ("grade", ["submissions"], "'--assignment' / '-a'", "grader grade submissions -a week3 --out"),
        ("new", [], "NAME", "grader new week4"),
    ],
)
def test_who_leaves_something_out_is_shown_what_is_typed(command, arguments, missing, example):
    named, left = command_named([command, *arguments])
    with pytest.raises(Exception) as refused:
        named.make_context(command, left)
    message = refused.value.format_message()
    assert missing in message
    assert f"Such as: {example}" in message


class Parsed(Exception):
    """Raised in place of a benchmark, once its arguments are read."""


@pytest.mark.parametrize(
    ("page", "command"),
    [*on_pages(commands, "python -m benchmarks."), *on_pages(mentions, "python -m benchmarks.")],
)
def test_a_benchmark_takes_the_arguments_that_are_written(page, command, monkeypatch):
    name, *arguments = shlex.split(command)[2:]
    parse = argparse.ArgumentParser.parse_args

    def parse_and_stop(parser, words=None, namespace=None):
        raise Parsed(parse(parser, words, namespace))

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse_and_stop)
    monkeypatch.setattr("sys.argv", [name, *arguments])
    package = importlib.import_module(name)
    module = importlib.import_module(f"{name}.__main__") if hasattr(package, "__path__") else package
    with pytest.raises(Parsed):
        module.main()


def test_commands_are_read_from_blocks_and_sentences(tmp_path):
    page = tmp_path / "page.md"
    text = "```\n$ grader a b  # c\nls\n```\n\n    python -m d\n\nType `grader\n  e f` now.\n"
    page.write_text(text, encoding="utf-8")
    assert commands(page) == ["grader a b", "python -m d"]
    assert mentions(page) == ["grader e f"]
    assert len(on_pages(commands, "grader ")) > 40


def block_with(page: Path, text: str) -> list[str]:
    """The lines of the one block of a page that holds a text, without comments."""
    (block,) = [block for block in FENCE.findall(page.read_text(encoding="utf-8")) if text in block]
    return [line.partition("  #")[0].strip() for line in block.splitlines()]


def test_the_hidden_tests_run_by_hand_as_the_readme_writes_it(warm):
    on_a_file, on_the_reference = block_with(ROOT / "README.md", "--submission")
    failed = warm.run(*shlex.split(on_a_file)[1:], module="pytest")
    assert failed.returncode == 1
    assert "backward" in failed.stdout
    passed = warm.run(*shlex.split(on_the_reference)[1:], "-k", "gradients", module="pytest")
    assert passed.returncode == 0, passed.stdout


def test_an_assignment_is_begun_as_the_readme_writes_it(warm, tmp_path):
    """`validate` is left out: tests of `grader new` have it."""
    for folder in ("solutions", "tests/hidden", "assignments"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    new, edit, build, by_hand, validate = block_with(ROOT / "README.md", "grader new")
    for command in (new, build):
        done = warm.run(*shlex.split(command)[1:], cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert [path.is_file() for path in tmp_path.glob(edit.split()[1])] == [True]
    assert (tmp_path / "assignments" / "gru_cell" / "README.md").is_file()
    done = warm.run(*shlex.split(by_hand)[1:], module="pytest", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert validate == "grader validate gru_cell"
