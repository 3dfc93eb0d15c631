"""JSON Schemas (2020-12) of the files that people write, for editors that complete and check them.

They are made from the model, so that keys, choices and descriptions have one home; ``where`` and ``asserts``,
which the files write shorter than the model holds them, are described here. What a schema cannot say (that an
id is declared, that a date exists) is found by ``project``.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from mapgen.fields import CODE_PATTERN
from mapgen.model import Annotation, ProjectFile, Source

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CODE = {"type": "string", "pattern": CODE_PATTERN}
_ENDS = {"type": "array", "items": {"type": "string"}, "minItems": 2}
_PAIR = {**_ENDS, "maxItems": 2}
_LONLAT = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


def project_schema() -> Schema:
    """Return the JSON Schema of the project file, ``mapgen.yaml``."""
    return _titled("mapgen project", _schema_of(ProjectFile))


def annotations_schema() -> Schema:
    """Return the JSON Schema of an annotation file."""
    item = _schema_of(Annotation)
    keys = item["properties"]
    keys["where"] = {
        **_one_or_more({"$ref": "#/$defs/Location"}),
        "description": keys["where"]["description"],
    }
    asserts = {**_one_or_more({"$ref": "#/$defs/Assertion"}), "description": keys["asserts"]["description"]}
    keys["asserts"] = _nullable(asserts)
    item["$defs"] |= {"Location": _location(), "Assertion": _assertion()}
    return _titled("mapgen annotations", _list_of(item))


def sources_schema() -> Schema:
    """Return the JSON Schema of a sources file."""
    return _titled("mapgen sources", _list_of(_schema_of(Source)))


class _Plain(GenerateJsonSchema):
    """Pydantic's generator without titles made from field names, which only repeat the key."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def _schema_of(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(schema_generator=_Plain)
    for made in (schema, *schema.get("$defs", {}).values()):
        for name, inside in made.get("properties", {}).items():
            if name not in made.get("required", ()):
                made["properties"][name] = _nullable(inside)
    return schema


def _nullable(schema: Schema) -> Schema:
    """Allow an empty key wherever the key may be left out: mapgen takes it as not written."""
    if {"type": "null"} in schema.get("anyOf", ()):
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("description", "default")}
    outside = {key: value for key, value in schema.items() if key not in rest}
    return {"anyOf": [rest, {"type": "null"}], **outside}


def _list_of(item: Schema) -> Schema:
    definitions = item.pop("$defs", {})
    return {"type": ["array", "null"], "items": item, **({"$defs": definitions} if definitions else {})}


def _titled(title: str, schema: Schema) -> Schema:
    return {"$schema": _DIALECT, **schema, "title": title}


def _one_or_more(*one: Schema) -> Schema:
    items = one[0] if len(one) == 1 else {"anyOf": list(one)}
    return {"anyOf": [*one, {"type": "array", "items": items, "minItems": 1}]}


def _one_key(properties: Schema, others: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": {**properties, **others},
        "additionalProperties": False,
        "oneOf": [{"required": [name]} for name in properties],
    }


def _location() -> Schema:
    path = {"type": "string", "pattern": r"\.(geo)?json$"}
    about = {
        "border": "Codes of two territories that share it: AFG-TJK or [AFG, TJK]; or a list of such.",
        "route": "Waypoints, at least two: codes, place names or area files; or a list of such lists.",
        "relation": "Two ends: codes, place names or area files; or a list of such pairs.",
        "territory": "Code of a territory, for a claim about the whole of it.",
        "place": "Name of a populated place: Termez, or 'Termez, UZB'.",
        "point": "[longitude, latitude] in degrees.",
        "area": "Path of a GeoJSON file in the project folder.",
    }
    forms = {
        "border": _one_or_more({"type": "string"}, _PAIR),
        "route": _one_or_more(_ENDS),
        "relation": _one_or_more(_PAIR),
        "territory": _one_or_more(_CODE),
        "place": _one_or_more({"type": "string"}),
        "point": _one_or_more(_LONLAT),
        "area": _one_or_more(path),
    }
    kinds = {kind: {**forms[kind], "description": about[kind]} for kind in forms}
    others = {
        "precision": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": 7,
            "description": "UCDP's scale, for this location; else that of where_precision.",
        },
        "label": {
            "type": ["string", "null"],
            "description": "What the list and the page call it, instead of its own name.",
        },
    }
    return _one_key(kinds, others, "One or several locations of one kind.")


def _assertion() -> Schema:
    kinds = {
        "shares_border": {
            "anyOf": [{"type": "string"}, _PAIR],
            "description": "Two territories that share a border: [AFG, TJK].",
        },
        "between": _mapping(
            {"territory": _CODE, "from": _one_or_more(_CODE), "to": _CODE},
            "A territory that lies between those of 'from' and 'to'.",
        ),
        "borders_on": _mapping(
            {
                "territory": _CODE,
                "side": {"enum": ["north", "south", "east", "west"]},
                "with": _one_or_more(_CODE),
            },
            "A territory whose neighbours on one side are those of 'with'.",
        ),
    }
    return _one_key(kinds, {}, "A statement about geography.")


def _mapping(properties: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
