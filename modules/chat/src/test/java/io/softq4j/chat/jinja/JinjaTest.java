package io.softq4j.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void everySnippetGivesWhatJinja2Gives() throws IOException {
        Map<String, Object> variables = variables(json("snippets.json").get("variables"));
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : json("snippets-golden.json")) {
            String text;
            try {
                text = new Jinja(row.get("template").textValue(), Limits.defaults()).render(variables);
            } catch (TemplateError e) {
                text = null;
            }
            if (!Objects.equals(row.get("text").textValue(), text)) {
                wrong.add(row.get("template") + "\n  expected " + row.get("text") + "\n  was      " + MAPPER.valueToTree(text));
            }
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    /** Each ends in an error within a second, and in a heap that other tests share; Jinja itself would compute most of them. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{% for i in range(10**9) %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n) ~ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(50) }}",
        "{{ 'x' * 1000000000 }}", "{{ 'x' * 10**18 }}", "{{ [0] * 1000000000 }}", "{{ [] * 10**18 }}", "{{ 'x'.ljust(10**12) }}",
        "{{ 'ab' | indent(10**9, true) }}", "{{ '%999999999d' % 1 }}", "{{ [1] | tojson(indent=10**9) }}", "{{ 7 ** 7 ** 77 }}", "{{ 10 ** 400 }}",
        "{% set ns = namespace(x='ab') %}{% for i in range(1000) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(1000) %}{% set ns.x = ns.x | replace('', ns.x) %}{% endfor %}",
        "{% set ns = namespace(x='ab') %}{% for i in range(1000) %}{% set ns.x = ns.x.join([ns.x, ns.x]) %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(1000) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(1000) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='a\\n') %}{% for i in range(100000) %}{% set ns.x = (ns.x * 1000) | trim %}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{% set y = x.upper() %}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% for i in range(100000) %}{{ x | length }}{{ 'b' in x }}{{ x.find('b') }}{{ x == x ~ '' }}{% endfor %}",
        "{% set x = range(100000) | list %}{% for i in range(100000) %}{% set y = x | sort | unique | list %}{% endfor %}",
        "{% set x = range(100000) | list %}{% for i in range(100000) %}{% set y = i in x %}{% endfor %}",
        "{% set x = range(100000) %}{% for i in range(100000) %}{% set y = x[::-1] %}{% endfor %}",
        "{{ ('a,' * 8000000).rsplit(',') }}", "{{ ('a,' * 8000000).split(',') | length }}", "{{ ('a ' * 8000000).split() | length }}",
        "{{ ('a\\n' * 8000000).splitlines() | length }}", "{{ ('a,' * 8000000).count(',') }}", "{{ ('a\\n' * 8000000) | indent | length }}",
        "{% set x = 'a' * 8000000 %}{% for i in range(100000) %}{% set y = x[::5] %}{% endfor %}",
        "{% set x = ('a' * 1000000) %}{% for i in range(100000) %}{% set y = x.format() %}{% endfor %}",
        "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ [].__init__.__globals__ }}", "{{ ''.getClass() }}",
        "{{ messages.getClass().forName('java.lang.Runtime') }}", "{{ messages[0]['__class__'].x }}", "{{ ''['getClass']() }}", "{{ messages.append(1) }}",
        "{{ messages[0].update(role='x') }}", "{{ raise_exception('x') }}", "{{ (range | attr('__globals__')) }}", "{{ 'a'.format.__globals__ }}",
        "{{ '{0.__class__}'.format(1) }}", "{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% extends 'x' %}", "{% from 'x' import y %}"
    })
    void whatNeverEndsOrReachesOutIsAnError(String template) {
        Map<String, Object> variables = variables(MAPPER.createObjectNode().set("messages", MAPPER.createArrayNode().add(MAPPER.createObjectNode().put("role", "user"))));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(TemplateError.class,
                () -> new Jinja(template, Limits.defaults()).render(variables)));
    }

    @Test
    void whatIsNestedTooDeeplyIsAnError() {
        for (String deep : List.of("(".repeat(100_000), "[".repeat(100_000), "-".repeat(100_000) + "1", "not ".repeat(100_000) + "1", "1" + "+1".repeat(100_000),
                "1" + "|abs".repeat(100_000), "x" + ".x".repeat(100_000), "1" + " if 1 else 1".repeat(100_000))) {
            assertThrows(TemplateError.class, () -> render("{{ " + deep + " }}"), deep.substring(0, 10));
        }
        assertThrows(TemplateError.class, () -> render("{{ " + "9".repeat(1_000_000) + " }}"));
        assertThrows(TemplateError.class, () -> render("{% if 1 %}".repeat(100_000)));
        assertThrows(TemplateError.class, () -> render("{% set " + "(".repeat(100_000) + "x"));
    }

    @Test
    void errorsSayWhatAndInWhichLine() {
        assertError("a\n{{ 'a' + 1 }}", 2, "+ is not defined for a string; both sides must be strings, or both numbers, or both lists. Join with ~, "
                + "or convert with |string");
        assertError("a\n\n{{ nothing.x }}", 3, "'nothing' is undefined");
        assertError("{{ {'a': 1}.b.c }}", 1, "a mapping has no 'b'");
        assertError("{% if x %}\na", 1, "{% if %} is not closed; expected {% elif %} or {% else %} or {% endif %}");
        assertError("a\n{{ 1 | upside }}", 2, "there is no filter \"upside\" in a chat template");
        assertError("{{ raise_exception('only one system message') }}", 1, "the template refuses these messages: only one system message");
        assertError("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", 1, "it does more than 2000000 steps; likely it never ends, or the conversation is of the length of a book");
        assertError("{{ 'x' * 100000000 }}", 1, "it makes more than 16000000 characters of text; likely it never ends, or the conversation is of the length of a book");
        assertError("{% for m in x recursive %}{% endfor %}", 1, "recursive loops are not supported in a chat template; write a macro that calls itself");
        assertError("{% include 'x' %}", 1, "there is no tag {% include %} here; chat templates have if, for, set, macro, call, filter, with, generation, "
                + "raw, break and continue, and include no other files");
    }

    @Test
    void aMessageDoesNotQuoteWithoutEnd() {
        assertEquals(503, assertThrows(TemplateError.class, () -> render("{{ raise_exception('x' * 100000) }}")).getMessage().length());
    }

    private static void assertError(String template, int line, String message) {
        TemplateError error = assertThrows(TemplateError.class, () -> render(template));
        assertEquals(message, error.getMessage());
        assertEquals(line, error.line());
    }

    private static String render(String template) {
        return new Jinja(template, Limits.defaults()).render(Map.of());
    }

    private static JsonNode json(String name) throws IOException {
        try (InputStream in = JinjaTest.class.getResourceAsStream("/chat/" + name)) {
            return MAPPER.readTree(in);
        }
    }

    private static Map<String, Object> variables(JsonNode json) {
        Map<String, Object> variables = new LinkedHashMap<>();
        json.properties().forEach(field -> variables.put(field.getKey(), value(field.getValue())));
        return variables;
    }

    private static Object value(JsonNode json) {
        if (json.isArray()) {
            List<Object> items = new ArrayList<>();
            json.forEach(item -> items.add(value(item)));
            return items;
        }
        return json.isObject() ? variables(json) : json.isTextual() ? json.textValue() : None.NONE;
    }
}
