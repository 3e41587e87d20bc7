"""Polls on a timer of the host, for organizations that take longer than the agent waits."""

import shlex
import sys
from pathlib import Path
from string import Template

from webexhist.agent.install import owner_of
from webexhist.agent.takeover import Configuration
from webexhist.state.last_run import OUTLOOK_SECONDS

MINUTES = 5
GRACE_SECONDS = 30
"""What a poll may take beyond its budget, to start and to save; then it may wait for the outlook."""

SYSTEMD = Template("""\
# /etc/systemd/system/webexhist.service
[Unit]
Description=Poll Webex and keep a snapshot
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=$user
ExecStart=$command
TimeoutStartSec=$seconds
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=$folders

# /etc/systemd/system/webexhist.timer
[Unit]
Description=Poll Webex every $minutes minutes

[Timer]
OnCalendar=*:0/$minutes
RandomizedDelaySec=20

[Install]
WantedBy=timers.target

# Then: systemctl daemon-reload && systemctl enable --now webexhist.timer
""")

CRON = Template("""\
# /etc/cron.d/webexhist
*/$minutes * * * * $user $command
""")


def systemd_units(configuration: Configuration) -> str:
    """A service and a timer that poll as the owner of the configuration."""
    return SYSTEMD.substitute(
        user=owner_of(configuration.file),
        command=" ".join(systemd_word(word).replace("$", "$$") for word in poll_command(configuration.file)),
        seconds=f"{configuration.settings.budget_seconds + GRACE_SECONDS + OUTLOOK_SECONDS:g}",
        folders=" ".join(systemd_word(f"-{folder}") for folder in written_folders(configuration)),
        minutes=MINUTES,
    )


def cron_table(configuration: Configuration) -> str:
    """A line for cron that polls as the owner of the configuration."""
    command = shlex.join(poll_command(configuration.file)).replace("%", r"\%")
    return CRON.substitute(user=owner_of(configuration.file), command=command, minutes=MINUTES)


def poll_command(config: Path) -> list[str]:
    return [sys.executable, "-I", "-m", "webexhist", "poll", "--quiet", "--config", str(config)]


def systemd_word(text: str) -> str:
    """The text as one word of a unit file (systemd.syntax, "Quoting"; systemd.unit, "Specifiers")."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return f'"{escaped}"' if " " in text or escaped != text else text


def written_folders(configuration: Configuration) -> list[Path]:
    """Where a poll writes: the state folder, and the database's where that is another."""
    settings = configuration.settings
    folders = [settings.state_dir.absolute()]
    if "://" not in settings.database:
        folders.append(Path(settings.database).absolute().parent)
    return list(dict.fromkeys(folders))
