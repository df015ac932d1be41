"""List what the page says; its language's catalogue has the translations."""

from __future__ import annotations

from worksheets.language import message

TEXTS = (
    message("Worksheets"),
    message("Every sheet is different, and each has its key. Nothing leaves this computer."),
    message("Language"),
    message("Choose a sheet"),
    message("Each stands above those that it builds on."),
    message("Level"),
    message("Level {level}: {does}"),
    message("about {minutes} minutes"),
    message("Theme"),
    message("any"),
    message("Paper"),
    message("US Letter"),
    message("Look"),
    message("usual"),
    message("one cell left to do"),
    message("one matrix left to do"),
    message("every other step shown"),
    message("large print"),
    message("Sheet’s ID"),
    message("Show it"),
    message("Another one"),
    message("Blank"),
    message("Solved"),
    message("Download the blank sheet"),
    message("Download the solved sheet"),
    message("Print the blank sheet"),
    message("Page before"),
    message("Page after"),
    message("page {page} of {pages}"),
    message("{name}, page {page} of {pages}"),
    message("Python is loading."),
    message("The program is loading."),
    message("Ready."),
    message("The sheet is being made."),
    message("The sheet {id} is ready."),
    message("Something failed: {error}"),
)
