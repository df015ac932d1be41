"""What the program tells is in the language that is spoken: the page's, or English."""

import json
from csv import DictReader
from io import BytesIO
from zipfile import ZipFile

import pytest

from worksheets.errors import InputError
from worksheets.ids import Identity, parse
from worksheets.language import speaking, told
from worksheets.page import classes, desk, marks
from worksheets.sheet import make
from worksheets.workers.processes import executor_of

FAULTY = "Matrícula;Nombre\n0071;Ada\n;Grace\n=2;Alan\n"
CLASS = "Matrícula;Nombre;Grupo\n" + "".join(
    f"{100 + one};Pat {one};{'AB'[one % 2]}\n" for one in range(6)
)


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """Ask a question of the page's, in Spanish if nothing else is said."""
    for module, names in {
        classes: ("LIST", "SETS", "SECRETS"),
        marks: ("HANDED_IN", "EXPORT", "MARKS"),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, tmp_path / name.lower())

    def answer(question, spoken="es", parts=None, **asked):
        def send(news):
            if parts is not None and "part" in news:
                parts.append(news["part"])
            return True

        return desk.answer(question, {**asked, "spoken": spoken}, send)

    return answer


@pytest.fixture
def spanish():
    with speaking("es"):
        yield


def test_the_faults_of_a_list_are_told_in_spanish_and_then_in_english(asked):
    given = {"name": "lista.csv", "content": FAULTY.encode()}
    said = asked("roster", **given)
    assert said["error"].splitlines() == [
        "lista.csv fila 3: columna A ('Matrícula'): '' está vacía; cada estudiante necesita un "
        "identificador; rellénela, o borre la fila si no es un estudiante",
        "lista.csv fila 4: columna A ('Matrícula'): '=2' empieza por '=', que una hoja de cálculo "
        "toma por una fórmula; quítelo",
        "si otra columna identifica a los estudiantes, diga cuál",
    ]
    assert (said["remedy"], said["values"]) == ("columns", ["id=HEADING"])
    english = asked("roster", spoken="", **given)["error"].splitlines()
    assert english[1:] == [
        "lista.csv row 4: column A ('Matrícula'): '=2' starts with '=', which a spreadsheet takes "
        "for a formula; leave that out",
        "if another column identifies the students, say which",
    ]


def test_what_was_decided_about_a_list_is_told_in_spanish(asked):
    content = b"Lista de clase\nNr;Name;Nota\n1;Ada;x\n2;Alan;\n;;\nTotal;2;\n"
    assert asked("roster", name="lista.csv", content=content)["notes"] == [
        "lista.csv: los encabezados son los de la fila 2; pasadas por alto encima: fila 1 "
        "('Lista de clase')",
        "lista.csv: los nombres identifican a los estudiantes, ya que columna A ('Nr') solo numera "
        "las filas; un nombre que se corrige después recibe otra hoja, así que es mejor una "
        "columna de ID o de correos",
        "lista.csv: pasadas por alto, por ser un total o una observación, y no un estudiante: "
        "fila 6 ('Total')",
        "lista.csv: no se usan: columna A ('Nr'), columna C ('Nota')",
    ]


@pytest.mark.slow
def test_a_class_set_and_its_marking_are_told_in_spanish(asked):
    parts = []
    of_set = {"kind": "matmul", "level": 1, "set": "otoño", "language": "es", "proved": True}
    made = asked("class_set", parts=parts, name="lista.csv", content=CLASS.encode(), **of_set)
    assert made["notes"] == [
        "lista.csv: las secciones se juntan, cada una donde está su primer estudiante"
    ]
    with ZipFile(BytesIO(b"".join(parts))) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    one = json.loads(files["certificate.json"])
    text = f"""Certificado del grupo otoño: matmul, nivel 1

6 hojas, cada una sorteada solo con el código del grupo y el identificador del estudiante.
Cada respuesta se ha calculado con números exactos. Además, cada respuesta de cada hoja se demostró
con la ley del tipo, que formula el método por separado y deriva las pérdidas.
Distintas: 6 de 6 tienen datos propios, y 6 de 6 respuestas propias.
Equitativas: {one["effort_median"]:g} operaciones en la mediana, de {one["effort_least"]} a \
{one["effort_most"]};
{one["within_fair_percent"]} de 6 dentro del 15 % de lo habitual del nivel, 37.
Tiempo: unos {one["minutes_median"]} minutos, de {one["minutes_least"]} a {one["minutes_most"]}.
Reveladoras: cada uno de los 6 errores habituales se nota en al menos una celda de cada hoja.
"""
    assert made["certificate"] == text
    assert files["certificate.txt"].decode() == text
    ids = [row["id"] for row in DictReader(files["manifest.csv"].decode("utf-8-sig").splitlines())]
    other = f"id,line,row,column,value\n{ids[0]},nichts,1,1,2\n".encode()
    handed_in = {
        "foto.png": b"\x89PNG\r\n",
        "vacio.csv": b"\n",
        "ajena.json": b'{"id": "MATM-1F100-0001-Z", "cells": {}}',
        "otra.csv": other,
    }
    found = asked(
        "mark",
        files={name: (content, 1000) for name, content in handed_in.items()},
        manifest=files["manifest.json"],
        **dict.fromkeys(("secret", "gradebook", "export", "item", "feedback")),
    )
    reasons = dict(found["aside"])
    assert reasons["foto.png"] == (
        "esto es una imagen; se leen PDF para rellenar, hojas de respuestas XLSX, CSV y JSON"
    )
    assert reasons["vacio.csv"] == "el archivo está vacío"
    assert reasons["ajena.json"] == (
        "ID 'MATM-1F100-0001-Z': el idioma 0 no es uno de E, S; el carácter de control Z no "
        "corresponde a lo que va delante; hay un carácter mal escrito, o dos cambiados de sitio"
    )
    assert reasons["otra.csv"] == (
        "fila 2: no se conoce la celda 'nichts.r1.c1'; la más parecida es product.r1.c1"
    )


def test_processes_speak_the_language_of_whoever_started_them(spanish):
    with executor_of(None, 1) as executor:
        assert executor.submit(told, "the file is empty").result() == "el archivo está vacío"


def test_values_stand_where_the_translation_has_them(spanish):
    said = told("code {code!r} is no kind's; codes are {codes}", code="X", codes="RLHF, DPO")
    assert said == "el código 'X' no es de ningún tipo; los códigos son RLHF, DPO"


def test_a_language_without_the_text_leaves_it_in_english():
    with speaking("tlh"):
        assert told("the file is empty") == "the file is empty"


def test_numbers_do_not_depend_on_what_is_spoken():
    """Not those of words either, which are drawn by a text of their own."""
    identity = Identity("RLHF", 3, 7)
    english = make([identity])[0].key()
    with speaking("es"):
        assert make([identity])[0].key() == english
        with pytest.raises(
            InputError, match="no empieza por ningún tipo conocido; los tipos son A"
        ):
            parse("X", {"A": (1,)})
