"""Run every benchmark, one after another, on one core."""

from benchmarks import cold_start, rejection, throughput
from benchmarks.measure import on_one_core


def main() -> None:
    """Measure and print."""
    on_one_core()
    rates = throughput.report()
    rejection.report(rates)
    cold_start.report()


if __name__ == "__main__":
    main()
