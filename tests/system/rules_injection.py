#!/usr/bin/python3
"""What a peer may choose never makes a rule name somebody else.

Each match sample is forged: in place of its user name, recipient, request or the like
stand the rest of the very line, its beginning, its message or all of it, cut at every
byte, with an innocent's address in them. No forged line may name the innocent.
"""

import re

import rules_samples

INNOCENT = "198.51.100.66"
# Other fields of the samples that a peer chooses.
CHOSEN = re.compile(
    r"""UGFzc3dvcmQ6|someone@elsewhere\.example|<x>|win-8k2|spam@[\w.-]+|GET /[^ ]*
    |"x"|Mozilla/5\.0|host:\ "[^"]*"|https?://[^" ]*|sasl_username=\S+
    |'GET\ /\ HTTP/1\.1'|root@|nobody@
    |(?<=\()(?:x|win8k)(?=\)\ )|AUTH\ (?:LOGIN|PLAIN)|ruser=\S+|auth=\S+|a@b\.example
    |(?<=GET\ )/\ HTTP/1\.1(?="|$)|(?<=')(?:x|admin|root)(?=')|user=\S+|EHLO\ \S+
    |(?<=\(|')[\w.-]+(?=/ANY|/RRSIG|\):\ |/A/IN)|curl/8\.5\.0|msg=.*|(?<=name:\ )root""", re.VERBOSE)
# The same source, as some samples write it.
LONG = "2001:0db8:0007:0001:0000:0000:0000:0077"


def accusing(text, source):
    for form in (LONG, "::ffff:" + source, source):
        text = text.replace(form, INNOCENT)
    return text


def payloads(before, field, behind, source):
    """What an attacker who knows the line would write into the field."""
    start, rest = accusing(before, source), accusing(behind, source)
    message = (start + field + rest).partition(": ")[2]
    for cut in range(len(rest) + 1):
        yield field + rest[:cut]
        yield field + rest[:cut] + " " + message
    for cut in range(len(start)):
        yield start[cut:] + field
        yield start[cut:] + field + rest
        yield field + rest + start[cut:]
        yield field + rest + start[cut:] + field
    yield from (start + field + rest, message, field + " " + message)


def forged(sample):
    line, source = sample["line"], sample["source"]
    fields = {match[0] for match in CHOSEN.finditer(line)} | {sample.get("user")}
    for field in fields - {None, ""}:
        before, found, behind = line.partition(field)
        if found:
            for payload in payloads(before, field, behind, source):
                yield before + payload + behind


def framing(rule):
    lines = [line for sample in rule.matches.values() for line in forged(sample)]
    found = rules_samples.ours([rule.name], lines)
    return [lines[number - 1] for number, event in sorted(found.items())
            if event[0] == INNOCENT]


def main():
    for path in sorted(rules_samples.RULES.glob("*.conf")):
        if path.name in rules_samples.NOT_RULES:
            continue
        rule = rules_samples.Rule(path)
        rules_samples.say("rules %s: no forged line names an innocent" % rule.name,
                          framing(rule)[:5])


if __name__ == "__main__":
    main()
