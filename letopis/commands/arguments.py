"""Arguments that several commands share."""

from typing import Annotated

import typer

from letopis.completion import offer_channels, offer_posts

Json = Annotated[bool, typer.Option("--json")]
PostNumber = Annotated[int, typer.Argument(autocompletion=offer_posts)]
ChannelName = Annotated[str | None, typer.Option(autocompletion=offer_channels)]
