"""Which folders of a mailbox are read, in which order, and what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recipflow.errors import RecipflowError
from recipflow_connectors import labels
from recipflow_connectors.microsoft.failures import Gone
from recipflow_connectors.microsoft.graph import Graph, Json, listed

#: https://learn.microsoft.com/graph/api/resources/mailfolder#well-known-folder-names
SENT, INBOX = "sentitems", "inbox"
DRAFTS = "drafts"
LEFT_OUT = (
    "deleteditems",
    "junkemail",
    DRAFTS,
    "outbox",
    "conversationhistory",
    "recoverableitemsdeletions",
    "scheduled",
    "searchfolders",
    "syncissues",
)
_SELECT = "id,displayName,parentFolderId,childFolderCount"
_SEARCH = "#microsoft.graph.mailSearchFolder"
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is read."""

    id: str
    label: str  #: canonical: sent, inbox, or its name in lower case


class Folders:
    """The folders of one mailbox, looked up anew whenever asked: users make them at any time."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, str] | None = None
        self._labels: dict[str, str] = {}

    def read(self) -> list[Folder]:
        """Sent mail first, so that people are known before their mail is judged; then the inbox, then the rest."""
        known = self._well_known()
        own = {known.get(SENT): "sent", known.get(INBOX): "inbox"}
        found = [
            Folder(one["id"], own.get(one["id"]) or labels.canonical(str(one.get("displayName") or "")))
            for one in self._all(frozenset(known[name] for name in LEFT_OUT if name in known))
        ]
        kept = [one for one in found if one.label not in labels.LEFT_OUT]
        self._labels = {one.id: one.label for one in kept}
        return sorted(kept, key=lambda one: (("sent", "inbox", one.label).index(one.label), one.label))

    def label(self, folder: str) -> str:
        """What the folder of that id is for; "" when it is not read."""
        if folder not in self._labels:
            self.read()
            self._labels.setdefault(folder, "")
        return self._labels[folder]

    def _well_known(self) -> dict[str, str]:
        """The ids of the folders every mailbox has, as far as this one has them; they never change."""
        if self._known is None:
            names = (SENT, INBOX, *LEFT_OUT)
            answers = self._graph.batch(
                [self._graph.url("me", "mailFolders", name, select="id") for name in names]
            )
            self._known = {
                name: str(whole(answer)["id"])
                for name, answer in zip(names, answers, strict=True)
                if not isinstance(answer, Gone)
            }
        return self._known

    def _all(self, without: frozenset[str]) -> Iterator[Json]:
        """Every visible folder but those, and what lies in them."""
        level = list(self._pages([self._graph.url("me", "mailFolders", select=_SELECT, top=100)]))
        for _ in range(_DEEPEST):
            level = [one for one in level if one["id"] not in without and one.get("@odata.type") != _SEARCH]
            yield from level
            parents = [one["id"] for one in level if one.get("childFolderCount")]
            if not parents:
                return
            level = list(self._pages([self._children(one) for one in parents]))

    def _children(self, folder: str) -> str:
        return self._graph.url("me", "mailFolders", folder, "childFolders", select=_SELECT, top=100)

    def _pages(self, urls: list[str]) -> Iterator[Json]:
        while urls:
            answers = self._graph.batch(urls) if len(urls) > 1 else [self._graph.get(urls[0])]
            urls = []
            for answer in answers:
                if isinstance(answer, Gone):  # deleted since its parent was looked at
                    continue
                page = whole(answer)
                yield from (one for one in listed(page) if one.get("id"))
                urls += [page["@odata.nextLink"]] if "@odata.nextLink" in page else []


def whole(answer: Json | RecipflowError) -> Json:
    """The answer; what went wrong with it is raised."""
    if isinstance(answer, RecipflowError):
        raise answer
    return answer
