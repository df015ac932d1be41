"""What a Python program calls, as `import worksheets as ws`; the package's root hands it on."""
