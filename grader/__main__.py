"""`python -m grader`: the same command line as `grader`."""

from grader.safe_path import leave_current_folder

leave_current_folder()

from grader.entry import main  # noqa: E402 (what it imports must not come from the current folder)

if __name__ == "__main__":
    main()
