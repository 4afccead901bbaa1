#!/bin/sh
# Print the first of these minor versions of Python 3 that really runs: on PATH, below pyenv, or known to uv.
#   find_python.sh 13 12
# Nothing is printed, and the exit code is 1, if there is none.
runs() {
    "$1" -c "import sys; sys.exit(sys.version_info[:2] != (3, $2))" 2>/dev/null
}
for minor in "$@"; do
    for candidate in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python; do
        if runs "$candidate" "$minor"; then
            echo "$candidate"
            exit 0
        fi
    done
    known=$(.tools/uv/bin/uv python find --system --no-project --no-python-downloads "3.$minor" 2>/dev/null) || continue
    if runs "$known" "$minor"; then
        echo "$known"
        exit 0
    fi
done
exit 1
