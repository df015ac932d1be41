"""A sheet in another language: the same numbers, and not a word of English on it."""

import ast
import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from io import BytesIO
from itertools import chain
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pages
import pikepdf
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from every_kind import FAMILIES, IN_TURN, LEVELS, identity, sheets
from marked import marking, slips, submission

from worksheets import cli, exercise, ids, language
from worksheets.course import build
from worksheets.course.plan import Course, Rung
from worksheets.engine.graph import Graph
from worksheets.exports.key_text import key_text
from worksheets.ids import Identity
from worksheets.layouts import store
from worksheets.layouts.specification import Specification
from worksheets.marking.answer import read_word, spellings
from worksheets.marking.feedback import _names, feedback
from worksheets.render.autolayout import pages as autolayout_pages
from worksheets.render.autolayout import plan as plans
from worksheets.render.page import filled
from worksheets.render.texts import texts
from worksheets.sentences import Sentences
from worksheets.sheet import make
from worksheets.verify import prove
from worksheets.views.page import Page
from worksheets.vocabulary.theme import built_in

MAKE_MESSAGES = run_path(str(language.FOLDER.parents[1] / "scripts" / "messages.py"))
DOMAINS = [language.MESSAGES, language.TOLD, MAKE_MESSAGES["PAGE"], *exercise.all_kinds()]
OTHERS = sorted(set(ids.LANGUAGES.values()) - {language.ENGLISH})
EACH_OTHER = pytest.mark.parametrize("other_language", OTHERS)
BRACES = re.compile(r"\{[^}]*\}")
# What no language translates.
FUNCTIONS = {"softmax", "log"}


def catalogue(name: str, domain: str) -> Catalog:
    with language.catalogue_of(name, domain).open("rb") as file:
        return read_po(file)


def catalogues(name: str) -> list[Catalog]:
    return [catalogue(name, domain) for domain in DOMAINS]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


# --- The catalogue ---


@pytest.mark.slow
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("name", [language.ENGLISH, *OTHERS])
def test_every_message_has_its_text_and_there_are_no_others(name: str, domain: str) -> None:
    wanted = {forms(one.id): one for one in MAKE_MESSAGES["wanted"](name, domain) if one.id}
    found = {forms(one.id): one for one in catalogue(name, domain) if one.id}
    assert found.keys() == wanted.keys(), "run `make messages`"
    left = [text for text, one in found.items() if one.fuzzy or not all(forms(one.string))]
    assert not left, f"{domain}.po of {name} lacks these"
    for text, one in found.items():  # a translator reads the sentence that there is now
        said = " ".join(wanted[text].auto_comments)
        assert " ".join(one.auto_comments) == said, "run `make messages`"


@pytest.mark.parametrize("name", [language.ENGLISH, *OTHERS])
def test_there_is_no_catalogue_of_nothing(name: str) -> None:
    found = {path.stem for path in language.catalogue_of(name).parent.iterdir()}
    assert found == set(DOMAINS)


@pytest.mark.parametrize("domain", DOMAINS)
@EACH_OTHER
def test_a_translation_keeps_what_is_put_into_it(other_language: str, domain: str) -> None:
    english = {one.id: one.string for one in catalogue(language.ENGLISH, domain)}
    for one in catalogue(other_language, domain):
        sources = forms(english.get(one.id, one.id))
        for text in forms(one.string) if one.id else ():
            kept = Counter(BRACES.findall(text))
            assert any(kept == Counter(BRACES.findall(source)) for source in sources), text
            assert re.match(r"[, ]*", text)[0] == re.match(r"[, ]*", sources[0])[0], text
            assert text.rstrip() + sources[0][len(sources[0].rstrip()) :] == text


def test_what_is_told_can_be_translated() -> None:
    """Each text stands in the call itself, or is one `to_tell`, and has all of its values."""
    known = {one.id for one in catalogue("es", language.TOLD)}
    count = 0
    for path in MAKE_MESSAGES["PACKAGE"].rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func) in ("told", "to_tell")):
                continue
            text, *others = call.args
            assert not others, ast.unparse(call)
            assert not isinstance(text, ast.JoinedStr), ast.unparse(call)
            if isinstance(text, ast.Constant):
                count += 1
                assert text.value in known, "run `make messages`"
                if "{" in text.value and ast.unparse(call.func) == "told":
                    parts = re.findall(r"\{(\w+)[^}]*\}", text.value)
                    assert set(parts) == {one.arg for one in call.keywords}, text.value
    assert count > 350


def test_a_step_has_a_note_for_a_level() -> None:
    lines = [exercise.graph("attention", level, "es").lines["weights"] for level in (1, 2, 3)]
    starts = [line.step.note[:12] for line in lines]
    assert starts == ["k es una ent", "M tiene 1 en", "M tiene 1 en"]


@pytest.mark.slow
def test_no_sentence_stands_in_code() -> None:
    texts = [text for _, text in MAKE_MESSAGES["of_programs"](MAKE_MESSAGES["PACKAGE"])]
    assert len(texts) > 60
    assert not [text for text in texts if str(text).endswith((".", "!"))]


def test_another_english_sentence_asks_for_another_translation(tmp_path: Path) -> None:
    old = language.catalogue_of("es", "matmul").read_text("utf-8")
    assert old.count("#. each row meets each column\n") == 1
    path = tmp_path / "matmul.po"
    path.write_text(old.replace("#. each row meets each column\n", "#. rows meet\n"), "utf-8")
    for _ in range(2):  # and it stays so until somebody has seen to it
        path.write_bytes(MAKE_MESSAGES["updated"](path, MAKE_MESSAGES["wanted"]("es", "matmul")))
        fuzzy = [one.id for one in read_po(BytesIO(path.read_bytes())) if one.fuzzy]
        assert fuzzy == ["goal: Multiply"]
    assert path.read_text("utf-8").replace("#, fuzzy\n", "") == old


def test_a_new_catalogue_has_all_messages_to_write(tmp_path: Path) -> None:
    shutil.copy(language.catalogue_of(language.ENGLISH), tmp_path)
    new = MAKE_MESSAGES["updated"](
        tmp_path / "matmul.po", MAKE_MESSAGES["wanted"](language.ENGLISH, "matmul")
    )
    catalogue = read_po(BytesIO(new))
    assert str(catalogue.locale) == language.ENGLISH
    assert {one.string for one in catalogue if one.id} == {""}
    assert "goal: Multiply" in catalogue


@EACH_OTHER
def test_numbers_of_things_have_their_form(other_language: str) -> None:
    every = chain.from_iterable(catalogues(other_language))
    plurals = [one for one in every if isinstance(one.id, tuple | list)]
    assert plurals
    for one in plurals:
        for count, form in ((1, 0), (2, 1), (0, 1)) if other_language == "es" else ():
            assert language.counted(other_language, *one.id, count) == one.string[form]


# --- Compiled catalogues ---

SUMMARY = "multiplicar filas por columnas, devolver una pendiente y hallar lo que falta"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for what is kept."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path / "kept"))
    yield tmp_path / "kept"
    forget()


def forget() -> None:
    language._catalogue.cache_clear()
    language.say_in.cache_clear()


def compiled_anew(monkeypatch: pytest.MonkeyPatch, text: str = SUMMARY) -> int:
    """How many catalogues a new process would compile to say this."""
    forget()
    seen, compiled = [], language._compiled
    with monkeypatch.context() as patch:
        patch.setattr(language, "_compiled", lambda source: seen.append(1) or compiled(source))
        assert Sentences("matmul", "es").summary == text
    return len(seen)


def test_a_catalogue_is_compiled_once(kept, monkeypatch) -> None:
    assert compiled_anew(monkeypatch) == 2  # with the English one, for what it may lack
    assert compiled_anew(monkeypatch) == 0
    assert len(list(kept.iterdir())) == 2


def swapped(old: bytes) -> bytes:
    assert old.count(b"multiplicar") == 1
    return old.replace(b"multiplicar", b"multiplicad")


@pytest.mark.parametrize("damage", [lambda old: old[:40], lambda old: b"", swapped])
def test_a_damaged_catalogue_is_replaced(kept, monkeypatch, damage) -> None:
    compiled_anew(monkeypatch)
    (file,) = (path for path in kept.iterdir() if b"multiplicar" in path.read_bytes())
    right = file.read_bytes()
    file.write_bytes(damage(right))
    assert compiled_anew(monkeypatch) == 1
    assert file.read_bytes() == right


def test_no_place_to_keep_catalogues_is_no_fault(kept, monkeypatch) -> None:
    kept.write_bytes(b"a file where the folder should be")
    assert compiled_anew(monkeypatch) == 2
    assert compiled_anew(monkeypatch) == 2


def test_a_changed_catalogue_is_read_anew(kept, monkeypatch, tmp_path) -> None:
    compiled_anew(monkeypatch)
    folder = shutil.copytree(language.FOLDER, tmp_path / "locale")
    monkeypatch.setattr(language, "FOLDER", folder)
    path = language.catalogue_of("es", "matmul")
    path.write_text(path.read_text("utf-8").replace("multiplicar", "MULTIPLICAR"), "utf-8")
    assert compiled_anew(monkeypatch, SUMMARY.replace("multiplicar", "MULTIPLICAR")) == 1


@pytest.mark.parametrize(("domain", "others"), [("matmul", 1), ("dpo", 0), ("messages", 1)])
def test_a_changed_catalogue_makes_other_layouts(monkeypatch, tmp_path, domain, others) -> None:
    """So that no page is kept that shows an old text; another kind's changes nothing."""
    folder = shutil.copytree(language.FOLDER, tmp_path / "locale")
    monkeypatch.setattr(language, "FOLDER", folder)
    before = store._kind.__wrapped__("matmul")
    file = folder / "es" / "LC_MESSAGES" / f"{domain}.po"
    file.write_text(f"{file.read_text('utf-8')}\n# other\n", "utf-8")
    assert (store._kind.__wrapped__("matmul") != before) == bool(others)


def test_what_is_not_translated_is_english_and_what_is_not_written_its_id(
    kept, monkeypatch, tmp_path
) -> None:
    forget()
    folder = shutil.copytree(language.FOLDER, tmp_path / "locale")
    monkeypatch.setattr(language, "FOLDER", folder)
    spanish, english = (language.catalogue_of(one, "matmul") for one in ("es", "en"))
    spanish.unlink()
    said = Sentences("matmul", "es")
    assert said.summary == "multiply rows by columns, send a slope back, and find what is missing"
    assert said.note("No such step", 1) == ""
    english.unlink()
    forget()
    assert said.summary == "summary"
    assert said.advice("factors swapped") == "advice: factors swapped"
    assert said.note("Rows by columns", 1) == ""


# --- Pages ---


def loudly(text: str) -> str:
    """Make every small letter the narrowest capital one, so that a page's plan holds it too."""
    return re.sub(r"(\{[^}]*\})|[a-z]", lambda one: one[1] or "I", text)


class Loud(NullTranslations):
    """A language of capital letters: what is written small on a page was never translated."""

    def __init__(self, english: NullTranslations) -> None:
        super().__init__()
        self.english = english

    def gettext(self, text: str) -> str:
        said = self.english.gettext(text)
        if said == text and text.startswith("note: "):  # there is none in any language
            return text
        return loudly(said)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> str:
    quiet = language._catalogue
    name = "loud"

    def catalogue(one: str, domain: str) -> NullTranslations:
        return Loud(quiet(language.ENGLISH, domain)) if one == name else quiet(one, domain)

    def english_plan(of: str, _: Graph) -> plans.Plan | None:
        kind, level, _, paper = of.split()
        english = plans.name_of(kind, int(level), language.ENGLISH, paper)
        return plans.kept(english, exercise.graph(kind, int(level)))

    monkeypatch.setitem(ids.LANGUAGES, "X", name)
    monkeypatch.setattr(language, "_catalogue", catalogue)
    # To search the pages of a language that nobody plans would take seconds each.
    monkeypatch.setattr(autolayout_pages, "kept", english_plan)
    return name


def small_words(page: str) -> set[str]:
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return set(re.findall(r"[a-z]{2,}", html.unescape(re.sub(r"<[^>]*>", " ", page))))


@pytest.mark.slow
@IN_TURN
@pytest.mark.parametrize("how", ["blank", "solved", "marked", "large"])
def test_every_text_of_a_page_is_translated(kind: str, level: int, how: str, loud: str) -> None:
    one = make([identity(kind, level, 1)])[0]
    names = [*texts(one, "Ada"), *_names(kind, level)]
    page = filled(
        one.kind,
        Identity(one.kind.CODE, level, 1, language=loud),
        dict.fromkeys(names, "9"),
        solved=how == "solved",
        marked=how == "marked",
        page=Page(large_print=how == "large"),
    )
    assert small_words(page) <= FUNCTIONS


def test_a_terminal_and_a_workbook_are_translated(loud: str) -> None:
    one = make([Identity("MATM", 3, 1, language=loud)])[0]
    assert not small_words(key_text(one))


def test_the_page_of_a_course_is_translated(loud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worksheets.render.pdf.own_styled_pdf", str)
    rungs = (
        Rung("attention", 2, Identity("ATTN", 2, 1), None),
        Rung("transformer", 1, Identity("TRAN", 1, 1, "continued"), None, after=1),
    )
    sets = [SimpleNamespace(kind=one.kind, level=one.level, minutes_median=5) for one in rungs]
    specification = Specification("attention", 2, solved=False, language=loud)
    order = SimpleNamespace(set_name="7", specification=specification)
    page = build.course_page(Course("A", rungs), order, sets)
    assert loudly("Transformer by hand") in page
    assert loudly(Sentences("attention").level(2)) in html.unescape(page)
    assert not small_words(page)


# --- Sheets ---


@pytest.mark.slow
@FAMILIES
@EACH_OTHER
def test_a_sheet_has_its_numbers_in_every_language(
    kind: str, level: int, edition: str, other_language: str
) -> None:
    some = sheets(kind, level, edition)[:10]
    others = make([replace(one.identity, language=other_language) for one in some])
    words = {line.name for line in some[0].graph.lines.values() if line.node.is_word}
    for english, sheet in zip(some, others, strict=True):
        assert sheet.indices == english.indices
        assert sheet.constants == english.constants
        for name in sheet.values.keys() - words:
            assert sheet.values[name] == english.values[name]
        for name in words:
            line = sheet.graph.lines[name]
            places = [
                [[one.choices(line).index(cell) for cell in row] for row in one.values[name]]
                for one in (english, sheet)
            ]
            assert places[0] == places[1]
        assert (sheet.theme and sheet.theme.name) == (english.theme and english.theme.name)


@LEVELS
@EACH_OTHER
def test_a_key_has_its_names_in_every_language(kind: str, level: int, other_language: str) -> None:
    code = exercise.find(kind).CODE
    english, key = (
        make([Identity(code, level, 1, language=one)])[0].key()
        for one in (language.ENGLISH, other_language)
    )
    assert key["language"] == other_language
    assert list(key) == list(english)
    assert key["words"].keys() == english["words"].keys()
    for line, one in zip(key["lines"], english["lines"], strict=True):
        for field in ("name", "step", "role", "decimals"):
            assert line[field] == one[field]
        for field in ("row_labels", "column_labels"):
            say = language.say_in(other_language)
            digits = [label.isdigit() for label in one[field]]
            assert [label.isdigit() for label in line[field]] == digits
            assert ("bias" in one[field]) == (say("bias") in line[field])


def test_a_verdict_is_a_word_of_the_language_and_is_proved() -> None:
    sheets = make([Identity("RLHF", 3, number, language="es") for number in range(40)])
    assert {sheet.values["generalised"][0][0] for sheet in sheets} == {"sí", "no"}
    for sheet in sheets[:5]:
        assert all(proof.agrees for proof in prove(sheet))


@pytest.mark.parametrize(
    ("written", "place"), [("sí", 1), ("si", 1), ("Sí", 1), ("SI.", 1), ("no", 0), ("yes", None)]
)
def test_accents_may_be_left_out_of_an_answer(written: str, place: int | None) -> None:
    assert read_word(written, spellings(["no", "sí"])).value == place


def test_an_accent_that_tells_two_words_apart_counts() -> None:
    indices = spellings(["el", "él"])
    assert [read_word(word, indices).value for word in ("el", "él")] == [0, 1]


# --- Themes ---


@EACH_OTHER
def test_every_theme_is_there_in_every_language(other_language: str) -> None:
    english, themes = built_in(), built_in(other_language)
    assert list(themes) == list(english)
    for name, theme in themes.items():
        assert (theme.name, theme.code) == (name, english[name].code)
        for field in ("title", "bias", "value", "teacher"):
            assert getattr(theme, field) != getattr(english[name], field)
        assert (theme.losing, theme.winning) != (english[name].losing, english[name].winning)


# --- A new language ---


@pytest.mark.slow
def test_a_new_language_needs_no_code(tmp_path: Path) -> None:
    """In a copy of the program that has its folders, and the letter of an edition."""
    root = language.FOLDER.parents[1]
    for folder in ("worksheets", "templates", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(root / "generator.py", tmp_path)
    themes = tmp_path / "worksheets" / "vocabulary" / "themes"
    (themes / "fr").mkdir()
    shutil.copy(themes / "es" / "doctor.toml", themes / "fr")  # the others stay English
    messages = tmp_path / "worksheets" / "locale" / "fr" / "LC_MESSAGES" / "messages.po"
    messages.parent.mkdir(parents=True)
    (messages.parents[1] / "letter").write_text("F\n")
    header = language.catalogue_of("es").read_text("utf-8").partition("\n\n")[0]
    messages.write_text(header.replace("Language: es", "Language: fr"), "utf-8")

    def run(*command: str) -> str:
        return subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    said = run("scripts/messages.py").splitlines()
    count = sum(len([one for one in found if one.id]) for found in catalogues("es"))
    assert f"fr: {count} messages, {count} to translate" in said
    kind = messages.with_name("matmul.po")
    text, empty = kind.read_text("utf-8"), 'msgid "level 1"\nmsgstr ""'
    assert text.count(empty) == 1
    kind.write_text(text.replace(empty, empty[:-1] + 'en avant"'), "utf-8")
    made = run("generator.py", "sheet", "rlhf", "--language", "fr", "--format", "json")
    assert made.startswith("RLHF-1F10F-0001-")
    asked = "from worksheets.sentences import Sentences as S; s = S('matmul', 'fr')"
    assert run("-c", f"{asked}; print(s.level(1), s.level(2), sep='\\n')").splitlines() == [
        "en avant",
        Sentences("matmul").level(2),
    ]


def test_every_language_has_a_letter_of_its_own() -> None:
    folders = {path.name for path in language.FOLDER.iterdir()}
    assert set(ids.LANGUAGES.values()) == folders
    assert len(ids.LANGUAGES) == len(folders)
    assert all(letter in ids.ALPHABET for letter in ids.LANGUAGES)


# --- Commands ---


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main([str(argument) for argument in arguments])
        return caught.value.code or 0, *capsys.readouterr()

    return run


def test_a_language_that_is_none_is_an_error(run, tmp_path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\n1,Ada\n")
    for command in (("sheet", "rlhf"), ("class", "rlhf", "roster.csv", "--set", "a")):
        code, _, said = run(*command, "--language", "tlh")
        assert code == 2
        assert said == "error: language 'tlh': sheets have the languages en, es\n"
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_an_id_has_its_language_in_it(run) -> None:
    code, printed, _ = run("sheet", "rlhf", "--language", "es", "--format", "json")
    assert (code, printed) == (0, Identity("RLHF", 1, 1, language="es").text + "\n")
    assert run("key", printed.strip())[1].splitlines()[0].endswith("nivel 1, edición libre")
    code, _, said = run("sheet", printed.strip(), "--language", "en")
    assert (code, said) == (
        2,
        "error: --language goes with one kind; an ID has its language in it\n",
    )


@pytest.mark.slow
def test_a_catalogue_is_compiled_once_for_all_keys(tmp_path: Path) -> None:
    """Babel takes a tenth of a key's time."""
    said = (
        "import sys; from worksheets.sheet import make; from worksheets.ids import Identity;"
        "[make([Identity('RLHF', 1, 1, language=one)])[0].key() for one in ('en', 'es')];"
        "print('babel' in sys.modules, 'jinja2' in sys.modules)"
    )
    for babel in (True, False):
        done = subprocess.run(
            [sys.executable, "-c", said],
            cwd=language.FOLDER.parents[1],
            env={**os.environ, "WORKSHEETS_CACHE": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == [str(babel), "False"]


@pytest.mark.slow
def test_a_class_set_speaks_its_language(run, tmp_path) -> None:
    rows = ["id,name,section", "1,Ada,7a", "2,Núria,7a", "3,Íñigo,7b"]
    (tmp_path / "roster.csv").write_text("\n".join(rows), encoding="utf-8")
    order = ["class", "rlhf", "roster.csv", "--set", "otoño", "--output", "set", "--covers"]
    code, _, said = run(*order, "--language", "es", "--single", "--fillable")
    assert code == 0, said
    keys = json.loads((tmp_path / "set" / "key.json").read_text(encoding="utf-8"))
    assert [key["language"] for key in keys] == ["es"] * 3
    with (tmp_path / "set" / "manifest.csv").open(encoding="utf-8-sig") as file:
        assert [row["id"][9] for row in csv.DictReader(file)] == ["S"] * 3

    def printed(name: str) -> str:
        characters = pages.characters((tmp_path / "set" / name).read_bytes())
        return "".join(one["text"] for one in characters if one["text"] not in " \xa0·")

    for words in ("Nombreynúmero", "Gradientedelapérdida", "Grupootoño", "2hojas", "1hoja"):
        assert words in printed("blanks-7a.pdf") + printed("blanks-7b.pdf"), words
    assert "recompensadelaperdedora" in printed("answers.pdf")
    form = next((tmp_path / "set" / "forms").glob("*-fillable.pdf")).read_bytes()
    with pikepdf.open(BytesIO(form)) as pdf:
        assert pdf.Root.Lang == "es"
        said = {str(one.TU) for one in pdf.Root.AcroForm.Fields if "/TU" in one}
    assert {"tu nombre y número", "fecha"} <= said


@pytest.mark.slow
def test_feedback_speaks_the_language_of_its_sheet() -> None:
    one = make([Identity("RLHF", 1, 32**4, language="es")])[0]
    marked = marking(submission(one, slips(one))).marked[0]
    characters = pages.characters(feedback("rlhf", 1, "a4", "es").pdf(marked))
    text = "".join(char["text"] for char in characters).replace(" ", "")
    advice = "Lafiladeunossecruzaconlacolumnagrisdelsesgo"
    for words in ("Quérevisar", "Sesgoolvidadoenlacapalineal", advice, "CORREGIDA", "enblanco"):
        assert words in text, words
