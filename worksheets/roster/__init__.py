"""Read a class list as a teacher has it, CSV or XLSX, into students, or refuse it in words."""
