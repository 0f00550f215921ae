"""The person at the keyboard, for tests of signing in: what was said to them, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Said:
    """Answers in the order in which it is asked; where it has none left, takes what is proposed."""

    answers: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    browsed: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.heard.append(text)

    def ask(self, question: str, *, default: str | None = None, secret: bool = False) -> str:
        self.heard.append(question)
        if self.answers:
            return self.answers.pop(0)
        assert default is not None, f"nobody answers: {question}"
        return default

    def confirm(self, question: str, *, default: bool) -> bool:
        self.heard.append(question)
        return self.answers.pop(0) == "y" if self.answers else default

    def browse(self, url: str) -> bool:
        self.browsed.append(url)
        return True
