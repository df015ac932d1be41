"""Serve Python programs, as `import worksheets as ws`; the package's root hands it on."""
