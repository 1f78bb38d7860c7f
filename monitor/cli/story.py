"""``bongsu story split | join``: which articles tell one story, said by a person; it holds for every later copy."""

import click

from monitor.cli.on_store import on_store
from monitor.clock import utc_now
from monitor.jobs.correct import named_article, named_story
from monitor.jobs.correct import split as part
from monitor.model import StoryId
from monitor.settings import load
from monitor.store import Store

WHO = "cli"


@click.group()
def story() -> None:
    """이야기 · which articles tell one story."""


@story.command()
@click.argument("url")
@click.option("--config", default=None, help="configuration folder")
def split(url: str, config: str | None) -> None:
    """Let the article at URL be the first telling of a story of its own."""

    async def act(store: Store) -> str:
        told = await named_article(store, url)
        if told is None:
            raise click.UsageError(f"{url}: no such article; look for it with: bongsu search")
        own = await part(store, told, WHO, utc_now())
        return f"나누었습니다: {own}" if own else f"이미 혼자인 이야기입니다: {told.story}"

    click.echo(on_store(load(config), act))


@story.command()
@click.argument("keep")
@click.argument("other")
@click.option("--config", default=None, help="configuration folder")
def join(keep: str, other: str, config: str | None) -> None:
    """Make OTHER part of the story KEEP; each is a story's id, its page, or an article's address."""

    async def act(store: Store) -> str:
        first, second = await known_story(store, keep), await known_story(store, other)
        joined = await store.join_stories(first, second, WHO, utc_now())
        return f"합쳤습니다: {first}" if joined else f"이미 한 이야기입니다: {first}"

    click.echo(on_store(load(config), act))


async def known_story(store: Store, name: str) -> StoryId:
    """Return the story that a person names.

    Raises:
        click.UsageError: there is none.
    """
    found = await named_story(store, name)
    if found is None:
        raise click.UsageError(f"{name}: no such story; look for it with: bongsu search")
    return found
