"""The words that head a roster's columns, in sixteen languages."""

from __future__ import annotations

from unicodedata import normalize

# Letters that lose no accent when they are decomposed, though people leave it out.
PLAIN = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe"})


def key(heading: str) -> str:
    """A heading without case, accents, spaces and punctuation: equal keys are one heading."""
    letters = normalize("NFKD", heading).casefold().translate(PLAIN)
    return "".join(letter for letter in normalize("NFKD", letters) if letter.isalnum())


# Role by role, the headings that claim it, a better claim first: where two columns of one file
# claim a role, the earlier line wins, and two of the same line are refused as ambiguous.
WORDS: dict[str, tuple[str, ...]] = {
    "id": (
        # What a school numbers its students by.
        "sis user id, sis id, org defined id, student id, student identifier, student number, "
        "student no, student nr, student code, matriculation number, matriculation no, matric no, "
        "registration number, enrollment number, enrolment number, roll number, roll no, "
        "admission number, university id, school id, campus id, "
        "matrikelnummer, matrikelnr, matrikel nr, matrikel, schülernummer, schüler id, "
        "studentennummer, numéro étudiant, numéro d’étudiant, no étudiant, n° étudiant, "
        "code étudiant, identifiant étudiant, ine, matricule, code permanent, "
        "número de estudiante, número de alumno, número de matrícula, nº de matrícula, matrícula, "
        "código de estudiante, id de estudiante, id del estudiante, expediente, legajo, "
        "número de aluno, número do aluno, nº de aluno, id do aluno, registro acadêmico, "
        "matricola, numero di matricola, numero matricola, codice studente, "
        "leerlingnummer, studentnummer, numer albumu, nr albumu, numer studenta, numer ucznia, "
        "mã số sinh viên, mã sinh viên, mssv, mã số học sinh, mã học sinh, mshs, "
        "öğrenci numarası, öğrenci no, okul numarası, okul no, номер студента, "
        "номер студенческого билета, студенческий билет, номер зачетной книжки, "
        "номер зачётной книжки, табельный номер, id студента, رقم الطالب, الرقم الجامعي, "
        "رقم القيد, معرف الطالب, رقم الهوية, छात्र संख्या, छात्र आईडी, अनुक्रमांक, रोल नंबर, "
        "नामांकन संख्या, विद्यार्थी संख्या, 学号, 學號, 学生证号, 學生證號, 学生编号, 學生編號, "
        "学籍番号, 学生番号, 生徒番号, 학번, 학생 번호, 학생 id",
        # An ID that does not say whose.
        "id, identifier, id number, id no, user id, person id, external id, kennung, "
        "ausweisnummer, identifiant, identificador, identificación, id utilisateur, código, "
        "id utente, identificativo, codice, identyfikator, mã, mã số, kimlik, kimlik no, numara, "
        "идентификатор, код, المعرف, معرف, पहचान संख्या, आईडी, 编号, 編號, 識別子, 번호, 아이디",
        # What a student logs in with.
        "username, user name, user, login, login id, login name, sis login id, net id, uid, "
        "account, benutzername, benutzerkennung, anmeldename, nom d’utilisateur, usuario, "
        "nombre de usuario, usuário, nome de usuário, nome de utilizador, utilizador, nome utente, "
        "utente, gebruikersnaam, nazwa użytkownika, tên đăng nhập, kullanıcı adı, логин, "
        "имя пользователя, اسم المستخدم, उपयोगकर्ता नाम, 用户名, 使用者名稱, 账号, 帳號, "
        "ユーザー名, ユーザ名, 사용자 이름, 사용자명",
        # It may only count the rows.
        "number, no, nr, num, n°, nº, №, nummer, numéro, número, numero, numer, stt, số thứ tự, "
        "sıra no, sıra, номер, № п/п, الرقم, رقم, क्रमांक, क्रम संख्या, 序号, 序號, 番号, 出席番号, "
        "연번",
    ),
    "name": (
        "full name, student name, student full name, name of student, name of the student, "
        "first and last name, last first, last name first name, surname first name, "
        "vollständiger name, vor und nachname, nachname vorname, name vorname, name des schülers, "
        "schülername, nom complet, nom et prénom, prénom et nom, nom prénom, "
        "nom de l’étudiant, nom de l’élève, nombre completo, nombre y apellidos, "
        "apellidos y nombre, apellidos y nombres, nombre del alumno, nombre del estudiante, "
        "nome completo, nome do aluno, nome do estudante, nome e cognome, cognome e nome, "
        "nome dello studente, volledige naam, naam leerling, naam student, imię i nazwisko, "
        "nazwisko i imię, họ và tên, họ tên, tên học sinh, tên sinh viên, ad soyad, adı soyadı, "
        "öğrenci adı, öğrenci adı soyadı, tam ad, фио, фио студента, полное имя, имя и фамилия, "
        "фамилия и имя, фамилия имя отчество, фамилия имя, الاسم الكامل, اسم الطالب, "
        "الاسم بالكامل, पूरा नाम, छात्र का नाम, विद्यार्थी का नाम, 姓名, 学生姓名, 學生姓名, 氏名, "
        "生徒氏名, 学生氏名, フルネーム, 성명, 학생 이름, 학생명",
        "name, student, learner, pupil, schüler, schülerin, student in, studierende, nom, élève, "
        "étudiant, nombre, nombres, alumno, alumna, estudiante, aluno, aluna, estudante, "
        "studente, nome, naam, leerling, uczeń, tên, học sinh, sinh viên, öğrenci, isim, ad, adı, "
        "имя, студент, ученик, учащийся, الاسم, اسم, الطالب, नाम, छात्र, विद्यार्थी, 名字, 学生, "
        "學生, 名前, お名前, 生徒, 이름, 학생",
        "display name, preferred name, sortable name, nickname, anzeigename, nom affiché, "
        "nombre para mostrar, nome visualizzato, weergavenaam, nazwa wyświetlana, "
        "tên hiển thị, görünen ad, отображаемое имя, 显示名称, 顯示名稱, 表示名",
    ),
    "first": (
        "first, first name, first names, firstname, given name, given names, given, forename, "
        "forenames, vorname, vornamen, rufname, prénom, prénoms, primer nombre, "
        "nombre de pila, primeiro nome, nome próprio, nome di battesimo, voornaam, voornamen, "
        "roepnaam, imię, imiona, tên gọi, ilk ad, ön ad, имя студента, الاسم الأول, "
        "पहला नाम, प्रथम नाम, 名, 下の名前",
    ),
    "last": (
        "last, last name, last names, lastname, family name, surname, surnames, family, nachname, "
        "familienname, zuname, nom de famille, apellido, apellidos, primer apellido, sobrenome, "
        "apelido, apelidos, último nome, nome de família, cognome, achternaam, familienaam, "
        "nazwisko, họ, họ đệm, họ và tên đệm, họ và đệm, soyad, soyadı, soyisim, фамилия, "
        "اسم العائلة, اللقب, الكنية, उपनाम, कुलनाम, अंतिम नाम, 姓, 姓氏, 苗字, 성, 성씨",
    ),
    "email": (
        "student email, school email, university email, student e-mail, schul e-mail",
        "email, e-mail, email address, e-mail address, mail, mail address, emailadresse, "
        "e-mail-adresse, mailadresse, courriel, adresse courriel, adresse e-mail, adresse mail, "
        "adresse électronique, correo, correo electrónico, dirección de correo, "
        "dirección de correo electrónico, endereço de email, endereço de e-mail, "
        "correio eletrônico, correio eletrónico, indirizzo email, indirizzo e-mail, "
        "posta elettronica, e-mailadres, adres e-mail, adres email, poczta, địa chỉ email, "
        "thư điện tử, e-posta, eposta, e-posta adresi, почта, электронная почта, эл. почта, "
        "адрес электронной почты, البريد الإلكتروني, البريد, ईमेल, ई-मेल, ईमेल पता, 邮箱, "
        "电子邮箱, 电子邮件, 邮件, 電子郵件, 電郵, 信箱, 電子信箱, メール, メールアドレス, "
        "eメール, 電子メール, 이메일, 전자우편, 메일",
    ),
    "section": (
        "section, class section, section name, class, class name, klasse, sección, seção, secção, "
        "sezione, sectie, klas, klasa, oddział, lớp, lớp học, sınıf, şube, класс, الفصل, الصف, "
        "الشعبة, शाखा, अनुभाग, कक्षा, 班级, 班級, 班, クラス, 組, 학급, 반, classe, clase, turma",
        "group, group name, gruppe, groupe, grupo, gruppo, groep, grupa, nhóm, grup, группа, "
        "المجموعة, समूह, 组, 小组, 小組, グループ, 그룹, 조, period, tutorial, tutorium, übung, "
        "übungsgruppe, td",
        "course, course name, kurs, cours, curso, corso, cursus, khóa học, ders, курс, المقرر, "
        "पाठ्यक्रम, 课程, 課程, コース, 과정",
    ),
}
# Each heading's role, and how good its claim is: 0 is best.
CLAIMS: dict[str, tuple[str, int]] = {
    key(word): (role, rank)
    for role, lines in WORDS.items()
    for rank, line in enumerate(lines)
    for word in line.split(", ")
}
# A column of a plain "name" is one part of it where another column holds the other part. In these
# languages it is then surely the family name, or surely the given one ("Nom" beside "Prénom",
# "Nome" beside "Cognome"); an English "Name" beside "Surname" may be either, and is asked about.
FAMILY_BESIDE_GIVEN = {key(word) for word in ("nom", "naam")}
GIVEN_BESIDE_FAMILY = {
    key(word)
    for word in (
        *("nome", "nombre", "nombres", "tên", "isim", "ad", "adı", "имя"),
        *("الاسم", "اسم", "नाम", "名字", "名前", "이름"),
    )
}
GERMAN_GIVEN = {key(word) for word in ("vorname", "vornamen", "rufname")}
PLAIN_NAMES = FAMILY_BESIDE_GIVEN | GIVEN_BESIDE_FAMILY | {"name"}
