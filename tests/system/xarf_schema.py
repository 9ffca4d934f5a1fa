"""What tests ask of an X-ARF part: the official schema, and what it does not check."""

import base64
import hashlib
import json
import os
import re

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def validators():
    """-> name of a check to a function that lists errors; none without the corpora."""
    root = os.path.join(os.environ.get("CORPORA", ""), "xarf/schemas/v4")
    if not os.path.isdir(root):
        print("skip x-arf schema # no corpora")
        return {}
    import jsonschema
    store = {}
    for folder, _, files in os.walk(root):
        for name in files:
            if name.endswith(".json"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    schema = json.load(file)
                store[schema["$id"]] = schema
    master = store["https://xarf.org/schemas/v4/xarf-v4-master.json"]

    def errors(report, checker):
        resolver = jsonschema.RefResolver(master["$id"], master, store=store)
        validator = jsonschema.Draft202012Validator(master, resolver=resolver,
                                                    format_checker=checker)
        return ["%s: %s" % ("/".join(map(str, error.path)), error.message[:200])
                for error in validator.iter_errors(report)]

    return {"schema": lambda report: errors(report, None),
            "schema with formats": lambda report: errors(
                report, jsonschema.FormatChecker())}


def own_errors(report):
    """What the schema asks for and its checkers do not check."""
    for key in ("timestamp", "first_seen", "last_seen"):
        if not TIME.fullmatch(report[key]):
            yield key + " is no RFC 3339 time in UTC: " + report[key]
    if not UUID.fullmatch(report["report_id"]):
        yield "report_id is no UUID of version 4: " + report["report_id"]
    if report["first_seen"] > report["last_seen"]:
        yield "first_seen lies behind last_seen"
    for item in report["evidence"]:
        payload = base64.b64decode(item["payload"], validate=True)
        digest = "sha256:" + hashlib.sha256(payload).hexdigest()
        if item["hash"] != digest or item["size"] != len(payload):
            yield "hash or size of the evidence is wrong"
        for line in payload.decode().splitlines():
            if not re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 \| ", line):
                yield "an evidence line without its time in UTC: " + line
