"""``bongsu init``: a configuration folder of one's own from the shipped catalogue."""

import shutil
from pathlib import Path

import click

from monitor.errors import ConfigError
from monitor.settings import SHIPPED, load

SLUGS = {
    "서울": "seoul",
    "부산": "busan",
    "대구": "daegu",
    "인천": "incheon",
    "광주": "gwangju",
    "대전": "daejeon",
    "울산": "ulsan",
    "세종": "sejong",
    "경기": "gyeonggi",
    "강원": "gangwon",
    "충북": "chungbuk",
    "충남": "chungnam",
    "전북": "jeonbuk",
    "전남": "jeonnam",
    "경북": "gyeongbuk",
    "경남": "gyeongnam",
    "제주": "jeju",
}
"""Short name of a 시도 → the folder of its outlets."""
EVERYWHERE = ("national", "government")
"""Wires, national dailies and ministries report on every region, so they come with each."""


@click.command()
@click.option("--region", "regions", multiple=True, help="광주, 전남 … or gwangju, jeonnam …; several may be given")
@click.option("--config", "target", default="config", show_default=True, help="folder to write")
@click.option("--yes", is_flag=True, help="ask nothing")
def init(regions: tuple[str, ...], target: str, yes: bool) -> None:
    """Write a configuration folder: settings, receivers, routes and the outlets of your regions."""
    folder = Path(target)
    if (folder / "monitor.toml").exists():
        raise ConfigError((f"{folder}/monitor.toml: there is a configuration already; choose another --config",))
    asked = regions or (() if yes else _ask())
    slugs = [_slug(region) for region in asked]
    _write(folder, slugs)
    settings = load(str(folder))
    click.echo(f"설정을 만들었습니다: {folder} (매체 {len(settings.outlets)}곳)")
    click.echo(f"다음: bongsu check --config {folder} && bongsu run --config {folder}")


def _ask() -> tuple[str, ...]:
    answer = click.prompt("지역 (쉼표로 여럿, 비우면 전국)", default="", show_default=False)
    return tuple(part.strip() for part in answer.split(",") if part.strip())


def _slug(region: str) -> str:
    if region in SLUGS.values():
        return region
    short = next((name for name in SLUGS if region.startswith(name)), "")
    if not short:
        raise click.UsageError(f"{region!r}: no such region; known: {', '.join(SLUGS)}")
    return SLUGS[short]


def _write(folder: Path, slugs: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("monitor.toml", "receivers.toml", "routes.toml", "watch.toml"):
        shutil.copyfile(SHIPPED / name, folder / name)
    for source in sorted((SHIPPED / "outlets").iterdir()):
        if source.is_dir() and (not slugs or source.name in (*slugs, *EVERYWHERE)):
            shutil.copytree(source, folder / "outlets" / source.name, dirs_exist_ok=True)
