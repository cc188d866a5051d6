"""The narrow YAML that documents are written in: PyYAML's safe loader without the surprises of YAML 1.1."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import yaml


def short(value: object) -> str:
    """A value as an error shows it."""
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


class StrictLoader(yaml.SafeLoader):
    """SafeLoader without the surprises of YAML 1.1."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias; write the value out", mark)
        if getattr(event, "tag", None) is not None:
            raise yaml.composer.ComposerError(None, None, f"the tag {event.tag}", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                problem = f"key {short(key)} is not text (put it in quotes)"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _finite(loader: Any, node: Any) -> float:
    value = float(node.value.replace("_", ""))
    if not math.isfinite(value):
        raise yaml.constructor.ConstructorError(None, None, f"number {node.value} too large", node.start_mark)
    return value


# Resolvers are kept per class: an own table leaves PyYAML's loaders as they are.
StrictLoader.yaml_implicit_resolvers = {}
_RESOLVERS: Final = (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ("n", "~", "")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]{3})*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]{3})*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
)
for _tag, _pattern, _first in _RESOLVERS:
    StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )
StrictLoader.add_constructor("tag:yaml.org,2002:float", _finite)
