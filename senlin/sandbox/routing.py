# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.
"""A router: path segments down a tree, ``{name}`` standing for any one segment."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """One entry of a service's route table.

    ``template`` is relative to the service's prefix, e.g.
    ``/servers/{server_id}``; ``authenticated`` False lets calls without a token
    in (a token that is there is still looked up).
    """

    method: str
    template: str
    handler: typing.Callable
    authenticated: bool = True


class _Node:
    __slots__ = ("children", "wild", "methods")

    def __init__(self):
        self.children = {}
        self.wild = None
        self.methods = {}


class Router:
    """Finds the route of a path and method."""

    def __init__(self):
        self._root = _Node()

    def add(self, route):
        """Add one route.

        :raises ValueError: when the method and template are there already.
        """
        node = self._root
        names = []
        for segment in _segments(route.template):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                if node.wild is None:
                    node.wild = _Node()
                node = node.wild
            else:
                node = node.children.setdefault(segment, _Node())
        if route.method in node.methods:
            raise ValueError(f"Two routes for {route.method} {route.template}.")
        node.methods[route.method] = (route, tuple(names))

    def find(self, method, path):
        """Give (route, params) or, without a match, (None, allowed methods).

        The allowed methods are empty when no route has the path at all.
        """
        segments = _segments(path)
        node, values = _descend(self._root, segments, 0)
        if node is None:
            return None, ()
        found = node.methods.get(method)
        if found is None and method == "HEAD":
            found = node.methods.get("GET")
        if found is None:
            return None, tuple(sorted(node.methods))
        route, names = found
        return route, dict(zip(names, values))


def _segments(path):
    return [segment for segment in path.split("/") if segment]


def _descend(node, segments, depth):
    """Walk down, literal segments first; give (node or None, wild values)."""
    if depth == len(segments):
        return (node if node.methods else None), []
    segment = segments[depth]
    child = node.children.get(segment)
    if child is not None:
        found, values = _descend(child, segments, depth + 1)
        if found is not None:
            return found, values
    if node.wild is not None:
        found, values = _descend(node.wild, segments, depth + 1)
        if found is not None:
            return found, [segment, *values]
    return None, []
