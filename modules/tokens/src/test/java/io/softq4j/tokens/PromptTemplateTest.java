package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PromptTemplateTest {

    @Test
    void fieldsArePutInAsTheyAre() {
        PromptTemplate template = new PromptTemplate("Question: {question}\nAnswer {n}/{question}:");
        assertEquals("Question: {n} $1\nAnswer 7/{n} $1:", template.render(Map.of("question", "{n} $1", "n", "7")));
        assertEquals(List.of("question", "n"), List.copyOf(template.fields()));
    }

    @Test
    void doubledBracesAreBraces() {
        assertEquals("{\"x\": {7}} {", new PromptTemplate("{{\"x\": {{{n}}}}} {{").render(Map.of("n", "7")));
        assertEquals("", new PromptTemplate("").render(Map.of()));
    }

    @Test
    void aMissingFieldIsNamedWithThosePresent() {
        UserError error = assertThrows(UserError.class,
                () -> new PromptTemplate("Q: {question}").render(new TreeMap<>(Map.of("prompt", "a", "response", "b"))));
        assertEquals("template \"Q: {question}\" needs the field \"question\"; the record has [prompt, response]", error.getMessage());
    }

    @Test
    void malformedTemplatesAreRefused() {
        assertMalformed("a {b", "the brace at character 3 is not closed");
        assertMalformed("a }b", "the brace at character 3 closes nothing");
        assertMalformed("a {}", "{} at character 3 names no field");
        assertMalformed("{a{b}", "{a{b} at character 1 names no field");
    }

    private static void assertMalformed(String template, String what) {
        UserError error = assertThrows(UserError.class, () -> new PromptTemplate(template));
        assertEquals("template \"" + template + "\": " + what + ". Write {field} for a field of the record, {{ or }} for a brace",
                error.getMessage());
    }
}
