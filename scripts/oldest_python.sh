#!/bin/sh
# Print the oldest supported Python that really runs: on PATH, below pyenv, else the one that is given.
for candidate in python3.11 "$HOME"/.pyenv/versions/3.11.*/bin/python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
done
echo "$1"
