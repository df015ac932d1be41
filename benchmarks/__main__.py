"""Run every benchmark, one after another."""

from benchmarks import class_set, cold_start, marking, rejection, throughput
from benchmarks.measure import one_core


def main() -> None:
    """Measure and print."""
    with one_core():
        rates = throughput.report()
        rejection.report(rates)
    class_set.report()
    marking.report()
    cold_start.report()  # a page is rendered on two cores if there are two


if __name__ == "__main__":
    main()
