"""Services that limit how much is asked of them, each by another rule.

Each says how long to wait when it is asked too much at a moment (seconds on one clock), and None where it answers.
"""

import math
from collections import deque


class Bucket:
    """Fills by `rate` a second up to `most`; each request takes one."""

    def __init__(self, rate, most):
        self.rate, self.most, self.level, self.at = rate, most, most, 0.0

    def wait(self, now):
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1 - 1e-9:
            self.level -= 1
            return None
        return (1 - self.level) / self.rate


class FixedWindow:
    """So many requests in each span of the clock."""

    def __init__(self, most, seconds):
        self.most, self.seconds, self.window, self.count = most, seconds, None, 0

    def wait(self, now):
        window = math.floor(now / self.seconds)
        if window != self.window:
            self.window, self.count = window, 0
        if self.count < self.most:
            self.count += 1
            return None
        return (window + 1) * self.seconds - now


class SlidingWindow:
    """So many requests in any span of so many seconds."""

    def __init__(self, most, seconds):
        self.most, self.seconds, self.answered = most, seconds, deque()

    def wait(self, now):
        while self.answered and self.answered[0] <= now - self.seconds:
            self.answered.popleft()
        if len(self.answered) < self.most:
            self.answered.append(now)
            return None
        return self.answered[0] + self.seconds - now


class Unlimited:
    def wait(self, now):
        return None


class Closed:
    """Answers nothing, and asks to wait so long each time."""

    def __init__(self, seconds):
        self.seconds = seconds

    def wait(self, now):
        return self.seconds


class Penalty:
    """Once a limit is exceeded it answers nothing for so many seconds, and each request prolongs that."""

    def __init__(self, limiter, seconds):
        self.limiter, self.seconds, self.until = limiter, seconds, 0.0

    def wait(self, now):
        if now < self.until or self.limiter.wait(now) is not None:
            self.until = now + self.seconds
            return self.seconds
        return None
