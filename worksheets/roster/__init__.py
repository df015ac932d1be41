"""A class list as a teacher has it, CSV or XLSX, read into students or refused in words."""
