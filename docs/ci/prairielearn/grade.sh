#!/usr/bin/env bash
# PrairieLearn runs this for every submission, as `entrypoint` in the question's info.json:
#
#   grade.sh ASSIGNMENT [OPTION...]      options of `grader grade`, such as --allow-unsafe landlock
#
# Whatever is in /grade/student is one student's. When the grader could not judge it, no results.json is written:
# PrairieLearn then reports a failed grading job, and the student gets no zero.
set -euo pipefail
GRADE=${GRADE:-/grade}
COURSE=${COURSE:-/course}
VENV=${VENV:-/venv}
assignment=${1:?which assignment? In info.json: "entrypoint": ["/course/grade.sh", "birnn"]}
shift
results=$(mktemp -d)
trap 'rm -rf -- "$results"' EXIT

"$VENV/bin/grader" grade "$GRADE/student" --student student \
    --course "$COURSE" --assignment "$assignment" --workers 1 --out "$results" "$@" \
    >"$results/log" 2>&1 || {
    cat -- "$results/log"
    exit 1
}
mkdir -p -- "$GRADE/results"
"$VENV/bin/grader" export "$results" --format prairielearn --to "$GRADE/results/results.json"
