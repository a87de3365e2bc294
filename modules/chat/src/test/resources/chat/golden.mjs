// Renders what golden.py rendered by a second implementation, the npm package @huggingface/jinja, and prints where it differs.
// Made with @huggingface/jinja 0.5.11, outside of the project: npm install @huggingface/jinja && node golden.mjs <this directory>
//
// Every difference is one of these, and Jinja2 is what models are trained and served with: strftime_now is always there, so that
// Llama 3.1 writes the day it runs on; lstrip and rstrip with characters take off all white space; a string is as long as it has
// UTF-16 units; a JSON number is a double (7.0 is 7, 1e-07 is 1e-7); booleans, lists and mappings are printed as JSON and not as Python
// does; a list can be added to a string, and an undefined value to anything; what is set within {% generation %} is set behind it, too;
// chained comparisons, //, ** and many methods and filters are missing.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";

const here = process.argv[2];
const builtIn = join(here, "../../../main/resources/io/softq4j/chat");
const read = (path) => JSON.parse(readFileSync(join(here, path), "utf8"));
const sources = {};
for (const directory of [builtIn, join(here, "templates")]) {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".jinja"))) {
    sources[file.slice(0, -".jinja".length)] = readFileSync(join(directory, file), "utf8");
  }
}

const render = (source, variables) => {
  try {
    return new Template(source).render(variables);
  } catch (error) {
    return null;
  }
};

let same = 0;
const compare = (name, expected, text) => {
  if (expected === text) {
    same++;
  } else {
    console.log(`${name}\n  Jinja2:             ${JSON.stringify(expected)}\n  @huggingface/jinja: ${JSON.stringify(text)}`);
  }
};

const conversations = Object.fromEntries(read("conversations.json").map((c) => [c.name, c]));
for (const { template, conversation, prompt, text } of read("golden.json")) {
  const { messages, tools } = conversations[conversation];
  const variables = { messages, tools: tools ?? null, documents: null, add_generation_prompt: prompt, bos_token: "<s>", eos_token: "</s>" };
  compare(`${template}, ${conversation}, prompt ${prompt}`, text, render(sources[template], variables));
}
const { variables } = read("snippets.json");
for (const { template, text } of read("snippets-golden.json")) {
  compare(template, text, render(template, variables));
}
console.log(`${same} are the same`);
