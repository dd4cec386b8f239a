"""`python -m benchmarks`: all of them."""

from benchmarks.desk import main

main()
