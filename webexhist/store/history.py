"""The history of snapshots: one goes in, the latest come out, event windows join without a gap."""

from webexhist.store.latest import latest
from webexhist.store.save import save
from webexhist.store.windows import event_windows

__all__ = ["event_windows", "latest", "save"]
