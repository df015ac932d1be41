"""The plans of all kinds' pages, searched on every core and kept beside the program."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from worksheets import exercise
from worksheets.ids import LANGUAGES
from worksheets.render.autolayout import plan
from worksheets.render.autolayout.frame import plan_of
from worksheets.render.autolayout.pages import reader_of
from worksheets.render.autolayout.search import search

Job = tuple[str, int, str]


def main() -> None:
    """Search every plan and write the file anew."""
    jobs = [
        (kind, level, language)
        for kind, record in exercise.all_kinds().items()
        for level in record.LEVELS
        for language in sorted(set(LANGUAGES.values()))
    ]
    with ProcessPoolExecutor() as executor:
        found = list(tqdm(executor.map(planned, jobs), total=len(jobs), unit="plan"))
    plans = {
        " ".join(map(str, job)): (exercise.graph(*job), one)
        for job, one in zip(jobs, found, strict=True)
    }
    path = Path(plan.__file__).with_name(plan.FILE)
    path.write_text(plan.written(plans))


def planned(job: Job) -> plan.Plan:
    """Search one plan."""
    return plan_of(search(reader_of(*job)))


if __name__ == "__main__":
    main()
