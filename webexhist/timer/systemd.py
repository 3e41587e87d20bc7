"""Units for systemd: a service and a timer for each job."""

import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from types import MappingProxyType

from webexhist.timer.jobs import HOSTS_STATE, Host, Job
from webexhist.user_folders import user_home

SERVICE = Template("""\
[Unit]
Description=$purpose
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=$command
TimeoutStartSec=$seconds
NoNewPrivileges=yes
$settings""")

TIMER = Template("""\
[Unit]
Description=$purpose, $words

[Timer]
OnCalendar=$calendar
RandomizedDelaySec=20
Persistent=true

[Install]
WantedBy=timers.target
""")


def units(host: Host, jobs: tuple[Job, ...]) -> Mapping[Path, str]:
    """Returns the text of every unit file by its path."""
    folder = units_folder(for_this_user=host.for_this_user)
    files = {}
    for job in jobs:
        files[folder / f"{job.name}.service"] = SERVICE.substitute(
            purpose=job.purpose,
            command=command_line(host.command_of(job)),
            seconds=f"{job.seconds:g}",
            settings=settings_of_service(host, job),
        )
        schedule = job.schedule
        files[folder / f"{job.name}.timer"] = TIMER.substitute(
            purpose=job.purpose, words=schedule.words, calendar=schedule.calendar
        )
    return MappingProxyType(files)


def units_folder(*, for_this_user: bool) -> Path:
    """Returns where systemd looks for units of a user or of the host; raises ConfigError where he has no home."""
    return user_home() / ".config/systemd/user" if for_this_user else Path("/etc/systemd/system")


def stamps_folder(*, for_this_user: bool) -> Path:
    """Returns where systemd keeps when a timer of a user or of the host ran last (systemd.timer, Persistent=)."""
    return user_home() / ".local/share/systemd/timers" if for_this_user else Path("/var/lib/systemd/timers")


def settings_of_service(host: Host, job: Job) -> str:
    """Returns what keeps a service of the host within its folders. A user's manager may not shut anything out."""
    lines = [] if host.is_settled else [f"Environment={unit_word(f'WEBEXHIST_STATE_DIR={host.state_dir}')}"]
    if not host.for_this_user:
        folders = [*host.written_folders, *job.folders]
        lines += [f"User={host.user.replace('%', '%%')}", "ProtectSystem=strict", "ProtectHome=read-only"]
        if not any(map(is_temporary, (host.config, Path(sys.executable), *folders))):
            lines.append("PrivateTmp=yes")
        if HOSTS_STATE in folders:
            lines += ["StateDirectory=webexhist", "StateDirectoryMode=0700"]
            folders.remove(HOSTS_STATE)
        if folders:
            lines.append("ReadWritePaths=" + " ".join(unit_word(f"-{folder}") for folder in folders))
    return "".join(f"{line}\n" for line in lines)


def is_temporary(path: Path) -> bool:
    """Whether a path lies where PrivateTmp= shows other folders."""
    return any(path.is_relative_to(folder) for folder in ("/tmp", "/var/tmp"))  # noqa: S108  (nothing is written)


def command_line(words: list[str]) -> str:
    """Returns a command as ExecStart has it: a dollar sign is written twice, but not in the path of the program.

    Where that has one, env starts it.
    """
    started = words if "$" not in words[0] else ["/usr/bin/env", *words]
    return " ".join(unit_word(word).replace("$", "$$") for word in started)


def unit_word(text: str) -> str:
    """Returns the text as one word of a unit file (systemd.syntax, "Quoting"; systemd.unit, "Specifiers")."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return f'"{escaped}"' if " " in text or "'" in text or escaped != text else text
