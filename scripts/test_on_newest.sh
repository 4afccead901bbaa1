#!/bin/sh
# Run the unit and property tests on the newest supported Python here, in an environment of their own.
#   test_on_newest.sh ENVIRONMENT OLDEST
# The oldest holds each law with all its examples; here a share of them shows whether the other Python differs.
# Where no Python is newer than the oldest environment's there is nothing to run; the closing report says so.
set -eu
environment=$1 oldest=$2

newest=$(scripts/find_python.sh 14 13 12) || newest=$oldest
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
if [ "$(version "$newest")" = "$(version "$oldest")" ]; then
    rm -rf "$environment"
    exit 0
fi
UV_PROJECT_ENVIRONMENT=$environment .tools/uv/bin/uv sync --quiet --frozen --python "$newest"
echo "unit and property tests on $("$environment/bin/python" --version)"
"$environment/bin/pytest" -n 2 -q -rs --hypothesis-profile=again tests/unit tests/properties
