"""What a wheel carries besides the program: the layouts, made when it is built."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KINDS = "WORKSHEETS_LAYOUTS"  # which, as scripts/layouts.py has it; all where it is not set


class Layouts(BuildHookInterface):
    """Make the layouts for a wheel; an editable install lays out what it needs."""

    folder = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make them, and say where they go."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        self.folder = tempfile.mkdtemp(prefix="worksheets-layouts-")
        script, kinds = root / "scripts" / "layouts.py", os.environ.get(KINDS, "").split()
        line = [sys.executable, str(script), self.folder, *kinds]
        subprocess.run(line, cwd=root, check=True, env={**os.environ, "PYTHONPATH": self.root})
        build_data["force_include"][self.folder] = "worksheets/_layouts"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away what has gone into the wheel."""
        if self.folder:
            shutil.rmtree(self.folder)
