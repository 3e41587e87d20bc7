"""`python -m webexhist`."""

import sys

from webexhist.cli.ends import BENEATH, end_with

if __name__ == "__main__":
    try:
        from webexhist.cli.main import main
    except BENEATH as failure:
        end_with(failure, sys.argv[1:])
    main()
