"""The image's own install steps, run without a container, with the same locks and commands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"


@pytest.mark.skipif(not os.environ.get("BONGSU_TEST_IMAGE"), reason="installs 50 packages; set BONGSU_TEST_IMAGE=1")
@pytest.mark.timeout(600)
def test_the_steps_of_the_image_lead_to_a_daemon_that_knows_its_catalogue(tmp_path: Path) -> None:
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text(encoding="utf-8"))
    stage = text.split(" AS runtime")[0]
    source = tmp_path / "src"
    source.mkdir()
    for line in stage.splitlines():
        word, _, rest = line.partition(" ")
        if word == "COPY":
            *names, _ = rest.split()
            for name in names:
                _copy(ROOT / name, source / name)
        elif word == "RUN":
            _run(rest, tmp_path, source)
    bongsu = tmp_path / "opt" / "bongsu" / "bin" / "bongsu"
    done = subprocess.run([bongsu, "check", "--json"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{tmp_path}/opt/bongsu" in done.stdout
    assert not (bongsu.parent / "pip").exists()


def _copy(here: Path, there: Path) -> None:
    if here.is_dir():
        shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(here, there)


def _run(step: str, tmp_path: Path, source: Path) -> None:
    """Run a step with the image's folders moved below *tmp_path* and its Python being ours."""
    moved = re.sub(r"(?<![\w.])/(opt|wheels)\b", rf"{tmp_path}/\1", step).replace("${LOCK}", "runtime")
    moved = re.sub(r"(^|&& *)python ", rf"\1{sys.executable} ", moved)
    subprocess.run(["sh", "-euc", moved], cwd=source, check=True, stdout=subprocess.DEVNULL)
