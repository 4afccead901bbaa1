"""`python -m hedgehog_gitops`."""

import sys

from hedgehog_gitops.cli.main import main

sys.exit(main())
