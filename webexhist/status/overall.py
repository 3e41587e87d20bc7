"""Everything that `webexhist status` shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from webexhist.config import Settings
from webexhist.state.clock_file import now_at_webex
from webexhist.status.agent import AgentStatus, agent_status
from webexhist.status.collectors import CollectorStanding, collector_standings
from webexhist.status.database import (
    DatabaseStatus,
    OrganizationStatus,
    OutlookStatus,
    PollStatus,
    outlook_status,
    poll_status,
    stored_status,
)
from webexhist.status.tokens import TokenStatus, token_status


@dataclass(frozen=True, slots=True)
class Status:
    """Whether everything works."""

    settings: tuple[str, ...]
    """Keys and variables that stay without effect, and which may be meant."""
    tokens: TokenStatus
    polls: PollStatus
    collectors: tuple[CollectorStanding, ...]
    organizations: tuple[OrganizationStatus, ...]
    """Those that are not polled any more."""
    database: DatabaseStatus
    outlook: OutlookStatus
    agent: AgentStatus

    @property
    def needs_a_person(self) -> bool:
        """Whether something will not get better by itself."""
        parts = (self.tokens, self.polls, self.database, self.outlook, self.agent)
        return (
            bool(self.settings)
            or any(part.to_do for part in parts)
            or bool(self.organizations)
            or any(standing.to_do for standing in self.collectors)
        )


def gather_status(settings: Settings, agent_dir: Path, now: datetime, max_age: timedelta) -> Status:
    """Looks at the state folder, the database and the agent's folder; a poll older than `max_age` is missing."""
    tokens = token_status(settings, now)
    webex_now = now_at_webex(settings.state_dir, now)
    stored = stored_status(settings, webex_now)
    return Status(
        settings=settings.unknown,
        tokens=tokens,
        polls=poll_status(settings, stored.database.last_snapshot_at, webex_now, max_age),
        collectors=collector_standings(stored.collectors, tokens.scopes),
        organizations=stored.silent,
        database=stored.database,
        outlook=outlook_status(settings),
        agent=agent_status(agent_dir, settings, now, max_age),
    )
