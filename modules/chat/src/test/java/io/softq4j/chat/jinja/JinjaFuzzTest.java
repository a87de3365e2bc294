package io.softq4j.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a template is, it is rendered or refused with a {@link TemplateError}, soon; the seeds make every run the same. */
class JinjaFuzzTest {

    private static final Limits SMALL = new Limits(20_000, 200_000, 50);
    private static final List<String> PIECES = List.of("{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "if", "else", "elif", "endif", "for",
            "in", "endfor", "set",
            "endset", "macro", "endmacro", "call", "endcall", "is", "not", "and", "or", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":",
            "=", "==", "~", "*", "**", "/",
            "//", "%", "<", "messages", "tools", "loop", "namespace", "range", "x", "'a'", "\"", "'", "\\", "0", "1", "99999999999",
            "1.5e3", "none", "true", "join",
            "tojson", "split", "replace", "length", "sort", "map", "selectattr", "format", "raw", "endraw", "break", "generation", "\n",
            " ", "  ", "é", "😀", "\u0000",
            "\ud800", "indent", "items", "get", "strip", "raise_exception", "caller", "dict", "batch", "round", "int", "sum", "title",
            "with", "filter", "recursive");

    private static final List<String> LEAVES = List.of("1", "0", "-3", "2.5", "'a b'", "'x😀'", "''", "none", "true", "messages",
            "messages[0]", "ns", "ns.x", "nothing", "[1, 'b']",
            "{'k': [1]}", "(1, 2)", "range(4)", "9223372036854775807", "1e300", "messages[0].content", "range");
    private static final List<String> OPERATORS = List.of("+", "-", "*", "/", "//", "%", "**", "~", "==", "<", ">=", "in", "not in", "and",
            "or");
    private static final List<String> FILTERS = Filters.ALL.keySet().stream().sorted().toList();
    private static final List<String> TESTS = Tests.ALL.keySet().stream().filter(name -> name.matches("\\w+")).sorted().toList();
    private static final List<String> METHODS = StringMethods.ALL.keySet().stream().sorted().toList();

    @Test
    void changedTemplates() throws IOException {
        Random random = new Random(7);
        List<String> templates = new ArrayList<>();
        for (String name : List.of("llama31", "tools", "trimmed")) {
            templates.add(read("/chat/templates/" + name + ".jinja"));
        }
        for (String name : List.of("chatml", "llama3", "mistral", "gemma", "zephyr", "qwen", "qwen3")) {
            templates.add(read("/io/softq4j/chat/" + name + ".jinja"));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            int rendered = 0;
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder(one(templates, random));
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    change(text, templates, random);
                }
                rendered += renders(text.toString()) ? 1 : 0;
            }
            // else the changes would break every template, and nothing of the evaluation would be seen
            assertTrue(rendered > 2_000, "rendered " + rendered);
        });
    }

    @Test
    void randomPieces() {
        Random random = new Random(8);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 50_000; i++) {
                StringBuilder text = new StringBuilder(random.nextBoolean() ? "{{ " : "{% ");
                for (int pieces = random.nextInt(20); pieces > 0; pieces--) {
                    text.append(one(PIECES, random)).append(random.nextInt(3) == 0 ? " " : "");
                }
                renders(text.append(random.nextBoolean() ? " }}" : " %}").toString());
            }
        });
    }

    @Test
    void randomExpressions() {
        Random random = new Random(9);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            int rendered = 0;
            for (int i = 0; i < 40_000; i++) {
                rendered += renders("{% set ns = namespace(x=1) %}{% set v = " + expression(random, 1 + i % 3) + " %}{{ v }}{{ "
                        + expression(random, 1 + i % 3) + " }}") ? 1 : 0;
            }
            assertTrue(rendered > 5_000, "rendered " + rendered);
        });
    }

    @Test
    void randomBytes() {
        Random random = new Random(10);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
                renders("{{" + new String(bytes, i % 2 == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16));
                renders("{{ '" + new String(bytes, StandardCharsets.ISO_8859_1) + "' | title }}");
            }
        });
    }

    private static void change(StringBuilder text, List<String> others, Random random) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(8));
        switch (random.nextInt(5)) {
            case 0 -> text.delete(at, end);
            case 1 -> text.insert(at, one(PIECES, random));
            case 2 -> text.replace(at, end, one(PIECES, random));
            case 3 -> {
                String other = one(others, random);
                int from = random.nextInt(other.length());
                text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(60)));
            }
            default -> text.setCharAt(at, (char) random.nextInt(128));
        }
    }

    private static String expression(Random random, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return one(LEAVES, random);
        }
        String a = expression(random, depth - 1);
        String b = expression(random, depth - 1);
        return switch (random.nextInt(8)) {
            case 0, 1 -> "(" + a + " " + one(OPERATORS, random) + " " + b + ")";
            case 2 -> "(" + a + " | " + one(FILTERS, random) + ")";
            case 3 -> "(" + a + " | " + one(FILTERS, random) + "(" + b + "))";
            case 4 -> "(" + a + " is " + one(TESTS, random) + (random.nextBoolean() ? "(" + b + "))" : ")");
            case 5 -> "(" + a + ")." + one(METHODS, random) + "(" + (random.nextBoolean() ? b : "") + ")";
            case 6 -> "(" + a + ")[" + b + (random.nextBoolean() ? ":" + a : "") + (random.nextBoolean() ? "]" : ":" + b + "]").replace(":"
                    + b, random.nextBoolean() ? "" : ":");
            default -> "(" + a + " if " + b + " else 'e')";
        };
    }

    private static String one(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static boolean renders(String template) {
        try {
            String text = new Jinja(template, SMALL).render(Map.of("messages", List.of(Map.of("role", "user", "content", "a"),
                    Map.of("role", "assistant", "content", "b")),
                    "tools", None.NONE, "add_generation_prompt", true, "bos_token", "<s>", "eos_token", "</s>"));
            assertTrue(text.length() <= SMALL.characters());
            return true;
        } catch (TemplateError e) {
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("of template " + template, e);
        }
    }

    private static String read(String resource) throws IOException {
        try (InputStream in = JinjaFuzzTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
