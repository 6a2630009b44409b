"""`python -m obligor` is the `obligor` command."""

from obligor.cli import main

main()
