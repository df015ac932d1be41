"""Use a machine's compiled libraries and processes, or in a browser what stands in for them.

This is the one place that tells a browser, where Python is Pyodide, from any other machine. The
same values and pages come of both; a PDF's bytes differ, as other libraries compress it.
"""
