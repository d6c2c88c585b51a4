"""What was measured: the values of each contender, and how they compare."""
import collections
import json
import statistics


# The case of an error that is a whole suite's.
ALL = "all"


class Measures:
    """Values by suite, case, Java and contender; a list of them for each run."""

    def __init__(self):
        self.runs = collections.defaultdict(list)
        self.errors = {}

    def add(self, java, result):
        """Takes a result: a dictionary with suite, case, contender, and values or an error."""
        key = (result["suite"], result["case"], java, result["contender"])
        if "error" in result:
            self.errors.setdefault(key, result["error"])
        else:
            self.runs[key].append(result["values"])

    def cases(self, suite):
        """The (case, java) of a suite, in the order measured."""
        keys = list(self.runs) + list(self.errors)
        return list(dict.fromkeys((key[1], key[2]) for key in keys if key[0] == suite))

    def contenders(self, suite):
        keys = list(self.runs) + list(self.errors)
        return list(dict.fromkeys(key[3] for key in keys if key[0] == suite))

    def medians(self, *key):
        """The median of each run."""
        return [statistics.median(values) for values in self.runs.get(key, [])]

    def quartiles(self, ours, theirs):
        """The quartiles of the ratios of two contenders' values, round by round, of their first runs."""
        rounds = zip(self.runs[ours][0], self.runs[theirs][0])
        ratios = [our / their for our, their in rounds if their]
        return statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3

    def median(self, *key):
        """The median of the runs' medians, or None."""
        medians = self.medians(*key)
        return statistics.median(medians) if medians else None

    def json(self):
        names = ("suite", "case", "java", "contender")
        return [dict(zip(names, key), runs=runs) for key, runs in self.runs.items()] + [
            dict(zip(names, key), error=error) for key, error in self.errors.items()
        ]

    def write(self, path, **about):
        path.write_text(json.dumps({**about, "measures": self.json()}, indent=1) + "\n")
