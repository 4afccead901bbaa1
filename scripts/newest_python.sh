#!/bin/sh
# Run the unit and property tests on the newest supported Python, if there is one beside the first environment's.
#   newest_python.sh UV ENVIRONMENT FIRST_PYTHON
set -eu
uv=$1 environment=$2 first=$3

newest=
for minor in 14 13 12; do
    for candidate in "python3.$minor" "$HOME"/.pyenv/versions/3."$minor".*/bin/python; do
        if [ -z "$newest" ] && "$candidate" -c "import sys; sys.exit(sys.version_info[:2] != (3, $minor))" 2>/dev/null; then
            newest=$candidate
        fi
    done
done
if [ -z "$newest" ]; then
    echo "skipped: unit and property tests on a newer Python, because only $("$first" --version) is here"
    exit 0
fi
UV_PROJECT_ENVIRONMENT=$environment "$uv" sync --quiet --frozen --python "$newest"
echo "unit and property tests on $("$environment/bin/python" --version)"
"$environment/bin/pytest" -n 2 -q -rs tests/unit tests/properties
