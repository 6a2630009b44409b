"""`obligor keys`: who may come in."""

from datetime import datetime
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from obligor.commands.terminal import console, platform
from obligor.remote import SERVICES

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
Service = Annotated[
    list[str] | None, typer.Option(help="Of these services; of all five if left out.")
]


class Key(msgspec.Struct, frozen=True):
    """A key without its secret."""

    key_id: str
    person: str
    name: str
    roles: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def state(self) -> str:
        """Open, or since when it is not."""
        if self.revoked_at:
            return f"revoked {self.revoked_at:%Y-%m-%d}"
        return f"until {self.expires_at:%Y-%m-%d}" if self.expires_at else "open"


class NewKey(msgspec.Struct, frozen=True):
    """A key just made, with its secret."""

    key_id: str
    key: str


@app.command("create")
def create(
    person: Annotated[str, typer.Option(help="Whose key it is; a program's has a person, too.")],
    role: Annotated[list[str], typer.Option(help="What it may do; may be given again.")],
    *,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    expires: Annotated[datetime | None, typer.Option(help="When it ends (UTC).")] = None,
    service: Service = None,
) -> None:
    """Make a key at each service; the secrets are shown this once."""
    wish: dict[str, object] = {"person": person, "name": name, "roles": role}
    if expires is not None:
        wish["expires_at"] = f"{expires.isoformat()}Z"
    remote = platform()
    for each in service or SERVICES:
        made = remote.post(f"/{each}/v1/keys", NewKey, msgspec.json.encode(wish))
        console.print(f"{each:<11}{made.key}", highlight=False, soft_wrap=True)


@app.command("list")
def list_keys(*, service: Service = None) -> None:
    """List keys, revoked and expired ones included."""
    remote = platform()
    table = Table("service", "key", "person", "for", "roles", "made", "state")
    for each in service or SERVICES:
        for key in remote.pages(f"/{each}/v1/keys", Key):
            table.add_row(
                each,
                key.key_id,
                escape(key.person),
                escape(key.name),
                ", ".join(key.roles),
                f"{key.created_at:%Y-%m-%d}",
                key.state,
            )
    console.print(table if table.row_count else "no keys yet; the administrator's token is not one")


@app.command("revoke")
def revoke(
    service: Annotated[str, typer.Argument(help="Whose key it is.")],
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID")],
) -> None:
    """Revoke a key of one service; it opens nothing from now on."""
    key = platform().delete(f"/{service}/v1/keys/{key_id}", Key)
    console.print(f"{key.key_id} of {escape(key.person)} is {key.state}")
