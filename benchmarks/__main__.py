"""Run every benchmark, one after another."""

from benchmarks import cold_start, rejection, throughput
from benchmarks.measure import one_core


def main() -> None:
    """Measure and print."""
    with one_core():
        rates = throughput.report()
        rejection.report(rates)
    cold_start.report()  # a page is rendered on two cores if there are two


if __name__ == "__main__":
    main()
