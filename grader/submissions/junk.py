"""Names that systems and tools leave behind, so that no student means them as an answer; what to call them. Pure text.

The list is closed. A name that merely begins with a dot is read like any other: a folder `.ada` is Ada's.
"""

from __future__ import annotations

import re

COPIES = "Jupyter's own copies"
COURSE = "what tools of a course add"
_MAC = "what macOS adds to files"
_WINDOWS = "what Windows adds to folders"
_OPEN = "what a program leaves while a file is open"
_GIT = "files of a version control system"
_TRASH = "a waste-paper basket"
_LIBRARIES = "installed libraries"
_MADE = "what Python makes of files"
_TOOL = "settings or copies of a tool"

_NAMES = {
    COPIES: ".ipynb_checkpoints",
    _MAC: "__macosx .ds_store .appledouble .lsoverride .spotlight-v100 .fseventsd .temporaryitems .localized "
    ".documentrevisions-v100 .volumeicon.icns .apdisk .com.apple.timemachine.donotpresent",
    _WINDOWS: "thumbs.db ehthumbs.db desktop.ini .directory",
    _GIT: ".git .gitignore .gitattributes .gitkeep .gitmodules .github .gitlab-ci.yml .hg .hgignore .svn .bzr .cvs "
    ".keep",
    _TRASH: ".trash .trashes $recycle.bin recycler .dropbox.cache",
    _LIBRARIES: "venv .venv .virtualenv .conda node_modules site-packages dist-packages .eggs .npm .cargo .rustup",
    _MADE: "__pycache__ .pytest_cache .mypy_cache .ruff_cache .hypothesis .tox .nox .coverage .pytype .numba_cache",
    _TOOL: ".idea .vscode .vs .vscode-server .settings .project .pydevproject .spyproject .spyderproject .history "
    ".devcontainer .jupyter .ipython .virtual_documents .cache .config .local .matplotlib .keras .kaggle .nv .ssh "
    ".gnupg .docker .dockerignore .editorconfig .env .envrc .flake8 .pylintrc .python-version .python_history "
    ".pre-commit-config.yaml .travis.yml .bash_history .bash_logout .bashrc .profile .bash_profile .zshrc "
    ".zsh_history .viminfo .vimrc .emacs.d .lesshst .wget-hsts .dropbox .dropbox.attr .sync .tmp.drivedownload "
    ".tmp.driveupload .obsidian .cursor .sudo_as_admin_successful",
    COURSE: "expected.json timestamp.txt",
    "a folder of the file system": "lost+found .snapshot .snapshots .zfs",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_KINDS["system volume information"] = _WINDOWS
_PATTERNS = (
    (re.compile(r"\._"), _MAC),
    (
        re.compile(
            r"~\$|\.~|\.#|\..*\.(?:sw[a-p]|un~|kate-swp)\Z|\.nfs[0-9a-f]+\Z|\.fuse_hidden|\.goutputstream-"
        ),
        _OPEN,
    ),
    (re.compile(r"\.trash-\d+\Z"), _TRASH),
)


def junk(name: str) -> str:
    """What kind of thing is left behind under this name: "Jupyter's own copies"; "" if it may be somebody's work."""
    lower = name.casefold()
    kind = _KINDS.get(lower, "")
    return kind or next((of_pattern for pattern, of_pattern in _PATTERNS if pattern.match(lower)), "")
