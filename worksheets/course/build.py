"""Make a course: a class set a rung, and the page that shows the ladder."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from worksheets import exercise
from worksheets.class_set import build as class_set
from worksheets.class_set.order import Order
from worksheets.class_set.papers import Certificate
from worksheets.class_set.standing import standing_in
from worksheets.course.folders import move, places_of, refuse_apart, refuse_changes
from worksheets.course.plan import Course, Rung
from worksheets.course.story import story
from worksheets.errors import InputError
from worksheets.files import prepare, write_all
from worksheets.language import say_in, told
from worksheets.layouts.specification import Specification
from worksheets.lock import locked
from worksheets.machine.executors import BROWSER
from worksheets.render import ladder
from worksheets.render.grey import in_grey
from worksheets.render.ladder import Picture
from worksheets.render.page import PAPERS, template
from worksheets.render.speech import speech
from worksheets.sentences import Sentences
from worksheets.sheet import read_id
from worksheets.views.page import Page

PAGE = "course.html" if BROWSER else "course.pdf"  # a browser has no renderer, and prints it itself
# In mm: how wide the page's content is, the margins above and below, what its head, story and
# headings and a rung take, the least height that a ladder is drawn in, and what its caption takes;
# how much larger letters may be.
WIDTH, MARGIN, HEAD, RUNG, LEAST, CAPTION = 180.0, 18.0, 106.0, 13.5, 75.0, 11.0
LARGEST = 1.5


def build(
    course: Course,
    order: Order,
    output: Path,
    executor: Executor,
    *,
    workers: int,
    force: bool = False,
    progress: Callable[[int], None] = lambda sheets: None,
    tell: Callable[[str], None] = lambda note: None,
) -> list[tuple[str, Certificate]]:
    """Write every rung's class set into a folder of its own, then the page; say what was made.

    `order` is that of any class set for this class: its paper, its set's code, its students.

    Raises:
        InputError: if a folder holds something else, cannot be written, or another run writes into
            it.
    """
    prepare(output)
    with locked(output):
        return _build(course, order, output, executor, workers, force, progress, tell)


def _build(
    course: Course,
    order: Order,
    output: Path,
    executor: Executor,
    workers: int,
    force: bool,
    progress: Callable[[int], None],
    tell: Callable[[str], None],
) -> list[tuple[str, Certificate]]:
    """Write everything into a folder that nobody else writes into."""
    names = [rung.folder(place, len(course.rungs)) for place, rung in enumerate(course.rungs, 1)]
    orders = [_order_of(rung, order) for rung in course.rungs]
    folders = [output / name for name in names]
    places = places_of(orders, folders, force=force)
    again = any(path.exists() for path in places)
    if (output / PAGE).exists() and not again and not force:
        raise InputError(
            told("{output} exists and belongs to something else", output=output / PAGE), "force"
        )
    refuse_changes(course, orders, places, force=force)
    try:
        move(places, folders)
    except OSError as error:
        raise InputError(
            told(
                "cannot write into {output}: {reason}",
                output=output,
                reason=error.strerror or error,
            )
        ) from None
    made = []
    for own, folder in zip(orders, folders, strict=True):
        done = class_set.build(
            own, folder, executor, workers=workers, force=force, progress=progress, tell=tell
        )
        made.append((folder.name, done))
    sheets = [
        [read_id(one, rung.own_theme) for one in standing_in(folder).sheets]
        for rung, folder in zip(course.rungs, folders, strict=True)
    ]
    refuse_apart(course, sheets)
    page = course_page(course, order, [one for _, one in made])
    write_all(output, {PAGE: page}, force=force or again)
    return made


def _order_of(rung: Rung, order: Order) -> Order:
    """Return a rung's class set."""
    specification = replace(
        order.specification,
        kind_name=rung.kind,
        level=rung.level,
        edition=rung.identity.edition,
        page=replace(order.specification.page, fade=rung.fade),
    )
    return replace(
        order,
        specification=specification,
        set_name=rung.set_name(order.set_name),
        identity=rung.identity,
        own_theme=rung.own_theme,
    )


def course_page(course: Course, order: Order, sets: list[Certificate]) -> bytes:
    """Return the page before the course, as PDF, or in a browser as HTML."""
    width, height = PAPERS[order.specification.page.paper]
    language = order.specification.language
    say = say_in(language)
    rungs = [
        {
            "title": say(exercise.find(one.kind).TITLE),
            "level": one.level,
            "does": Sentences(one.kind, language).level(one.level),
            "minutes": f"{one.minutes_median:g}",
            "after": rung.after,
            "faded": bool(rung.fade),
        }
        for rung, one in zip(course.rungs, sets, strict=True)
    ]
    page = order.specification.page
    form = ladder.LARGE if page.large_print else ladder.USUAL
    results = [
        (course.rungs[rung.after - 1].kind, rung.kind) for rung in course.rungs if rung.after
    ]
    picture = ladder.picture((rung.kind for rung in course.rungs), language, form, results)
    html = template("course.html.jinja").render(
        **speech(language),
        language=language,
        title=course.title,
        story=story(course, language),
        set=order.set_name,
        rungs=rungs,
        minutes=f"{sum(one.minutes_median for one in sets):g}",
        picture=picture,
        scale=_scale(picture, height, len(rungs)),
        large_print=page.large_print,
        inked=in_grey if page.grey else str,
        width=WIDTH,
        margin=MARGIN,
        paper_width=width,
        paper_height=height,
    )
    if BROWSER:
        return html.encode()
    from worksheets.render.pdf import own_styled_pdf

    return own_styled_pdf(html)


def _scale(picture: Picture, paper: float, rungs: int) -> float:
    """Return the factor that a ladder is drawn at: on a page of its own if there is no room."""
    page = paper - 2 * MARGIN - CAPTION * bool(picture.results)
    below = page - HEAD - rungs * RUNG
    room = below if below >= min(LEAST, picture.height) else page - 20
    largest = LARGEST * picture.form.size / picture.size
    return min(largest, WIDTH / (picture.width + 2), room / (picture.height + 2))


def order_of(course: Course, page: Page) -> Specification:
    """Return what all rungs' pages have in common, as the specification of the first rung."""
    first = course.rungs[0]
    return Specification(
        first.kind,
        first.level,
        solved=False,
        page=page,
        language=first.identity.language,
    )
