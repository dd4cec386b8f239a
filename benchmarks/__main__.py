"""`python -m benchmarks`: all of them, or the one that is named."""

import sys

from benchmarks import desk, letters, lineups, matrix, overlaps, punctuality, reminders, slack

ALL = {
    "desk": desk.main,
    "reminders": reminders.main,
    "punctuality": punctuality.main,
    "slack": slack.main,
    "letters": letters.main,
    "lineups": lineups.main,
    "matrix": matrix.main,
    "overlaps": overlaps.main,
}

if __name__ == "__main__":
    name, *options = sys.argv[1:] or [""]
    if name in ALL:
        ALL[name](options)
    elif name:
        sys.exit(f"There is no benchmark {name}. There are: {', '.join(ALL)}.")
    else:
        for run in ALL.values():
            run([])
            print()
