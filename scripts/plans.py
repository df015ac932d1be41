"""The plans of all kinds' pages, searched on every core and kept beside the program.

How many cells the English ones on A4 ask to copy is kept as well: a sheet's minutes count them.
"""

import json
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from worksheets import exercise, minutes
from worksheets.ids import LANGUAGES, Identity
from worksheets.language import ENGLISH
from worksheets.render.autolayout import plan
from worksheets.render.autolayout.frame import plan_of
from worksheets.render.autolayout.pages import reader_of
from worksheets.render.autolayout.search import search
from worksheets.render.page import html
from worksheets.sheet import make
from worksheets.views.page import A4, PAPERS

Job = tuple[str, int, str, str]  # kind, level, language and paper
COPIED = re.compile(r'<td class="[^"]*\bcopy\b')


def main() -> None:
    """Search every plan and write the files anew."""
    jobs = [
        (kind, level, language, paper)
        for kind, record in exercise.all_kinds().items()
        for level in record.LEVELS
        for language in sorted(set(LANGUAGES.values()))
        for paper in PAPERS
    ]
    with ProcessPoolExecutor() as executor:
        found = list(tqdm(executor.map(planned, jobs), total=len(jobs), unit="plan"))
    plans = {
        plan.name_of(*job): (exercise.graph(*job[:3]), one)
        for job, one in zip(jobs, found, strict=True)
    }
    path = Path(plan.__file__).with_name(plan.FILE)
    path.write_text(plan.written(plans))
    copies = {
        f"{kind} {level}": count
        for kind, level, language, paper in tqdm(jobs, unit="page")
        if (language, paper) == (ENGLISH, A4.paper) and (count := copied(_blank(kind, level)))
    }
    path = Path(minutes.__file__).with_name(minutes.FILE)
    path.write_text(json.dumps(copies, indent=1) + "\n")


def planned(job: Job) -> plan.Plan:
    """Search one plan."""
    *which, paper = job
    return plan_of(search(reader_of(*which), paper))


def copied(blank: str) -> int:
    """Count the cells that a blank sheet's HTML asks to write a second time."""
    return len(COPIED.findall(blank))


def _blank(kind: str, level: int) -> str:
    (sheet,) = make([Identity(exercise.find(kind).CODE, level, 1)])
    return html(sheet, solved=False)


if __name__ == "__main__":
    main()
