"""`python -m recipflow`, for where the script is not on the path."""

from recipflow.cli import main

main()
