"""Renders every conversation with every template by Jinja2 itself, set up as transformers sets it up, and writes golden.json; and
every template of snippets.json, and writes snippets-golden.json. Made with Jinja2 3.1.6: python3 golden.py
"""
import json
import pathlib

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
BUILT_IN = HERE.parent.parent.parent / "main/resources/io/softq4j/chat"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_passed"), [], [], body).set_lineno(line)

    def _passed(self, caller):
        return caller()


def raise_exception(message):
    raise TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception


def render(source, variables):
    """The text, or None where it is an error."""
    try:
        return environment.from_string(source).render(**variables)
    except Exception as error:
        return None


def main():
    golden = []
    conversations = json.loads((HERE / "conversations.json").read_text("utf-8"))
    for path in sorted(BUILT_IN.glob("*.jinja")) + sorted((HERE / "templates").glob("*.jinja")):
        for conversation in conversations:
            for prompt in (False, True):
                variables = {"messages": conversation["messages"], "tools": conversation.get("tools"), "documents": None,
                             "add_generation_prompt": prompt, **TOKENS}
                golden.append({"template": path.stem, "conversation": conversation["name"], "prompt": prompt,
                               "text": render(path.read_bytes().decode("utf-8"), variables)})
    write("golden.json", golden)
    snippets = json.loads((HERE / "snippets.json").read_text("utf-8"))
    write("snippets-golden.json", [{"template": t, "text": render(t, snippets["variables"])} for t in snippets["templates"]])


def write(name, values):
    lines = ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    (HERE / name).write_text("[\n" + lines + "\n]\n", "utf-8")


main()
