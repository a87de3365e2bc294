package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.PairedDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sides that are files; models are compared in the tests of the command line. */
class ComparisonTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        write("a.jsonl", line("one", "red fox", "red fox"), line("two", "blue sky", "blue sea"), line("three", "a", "a"), line("four", "<b>&", "x"));
        write("b.jsonl", line("two", "blue sea", "blue sea"), line("one", "green fox", "red fox"), line("four", "x", "x"), line("three", "a", "a"),
                line("only here", "z", "z"));
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.write(Files.createDirectories(directory.resolve(name).getParent()).resolve(Path.of(name).getFileName()), List.of(lines));
    }

    private static String line(String prompt, String text, String reference) {
        return "{\"prompt\": \"" + prompt + "\", \"prediction\": \"" + text + "\", \"references\": [\"" + reference + "\"]}";
    }

    private Comparison comparison(String... metrics) {
        return new Comparison(Configuration.defaults().evaluation(c -> c.metrics(List.<Object>of((Object[]) metrics))));
    }

    private ComparisonResult compared(List<String> sides, String... metrics) {
        return comparison(metrics).run(sides.stream().map(directory::resolve).toList());
    }

    @Test
    void textsAreMatchedByTheirPromptsAndWhatIsNotInAllIsNamed() {
        ComparisonResult found = compared(List.of("a.jsonl", "b.jsonl"), "exact_match", "words");
        assertEquals(4, found.prompts());
        assertEquals(List.of("B has 1 prompt that is not in all, left out: 'only here'"), found.notes());
        ComparisonResult.Row exact = found.metrics().get(0);
        assertEquals(0.5, exact.results().get(0).value(), 1e-12);
        assertEquals(0.75, exact.results().get(1).value(), 1e-12);
        PairedDifference difference = exact.differences().get(0);
        assertEquals(0.25, difference.value(), 1e-12);
        assertEquals(List.of(2, 1, 1), List.of(difference.better(), difference.equal(), difference.worse()));
        assertTrue(difference.mayBeChance());
        assertTrue(found.table().toString().contains("2/1/1"), found.table().toString());
        assertTrue(found.table().toString().contains("may be chance"), found.table().toString());
        assertEquals("three", found.items().get(3).prompt(), "on which both are right comes last");
        assertNull(found.items().get(0).values().stream().filter(value -> value == null).findFirst().orElse(null));
    }

    @Test
    void aMetricThatOneSideLacksTheNeedsOfIsLeftOutAndNamed() throws IOException {
        write("own.jsonl", "{\"prompt\": \"one\", \"text\": \"red\", \"tokens\": 2, \"ended\": true, \"entropy\": 0.5}",
                "{\"prompt\": \"two\", \"text\": \"blue\", \"tokens\": 2, \"ended\": true, \"entropy\": 0.5}");
        ComparisonResult found = compared(List.of("own.jsonl", "a.jsonl"), "token_entropy", "words");
        assertEquals(List.of("words"), found.metrics().stream().map(ComparisonResult.Row::metric).toList());
        assertTrue(found.notes().contains("left out, since B cannot be judged by them: token_entropy"), found.notes().toString());
        assertEquals("no metric of token_entropy can judge all sides. Name others in evaluation.metrics, such as words, or give references with the texts.",
                assertThrows(UserError.class, () -> compared(List.of("own.jsonl", "a.jsonl"), "token_entropy")).getMessage());
    }

    @Test
    void eightSidesAreComparedWithTheFirst() {
        List<String> sides = List.of("a.jsonl", "b.jsonl", "a.jsonl", "b.jsonl", "a.jsonl", "b.jsonl", "a.jsonl", "b.jsonl");
        ComparisonResult found = compared(sides, "exact_match");
        assertEquals(7, found.metrics().get(0).differences().size());
        assertEquals(0, found.metrics().get(0).differences().get(1).value());
        assertEquals("equal", ComparisonResult.verdict(found.metrics().get(0).differences().get(1)));
        assertThrows(UserError.class, () -> compared(List.of("a.jsonl"), "words"));
    }

    @Test
    void aDirectoryOfReportsStandsForItsSamples() throws IOException {
        String own = "{\"prompt\": \"one\", \"text\": \"red fox\", \"tokens\": 2, \"ended\": true, \"entropy\": 0.5, \"response\": \"red fox\"}";
        write("measured/samples-0.7.jsonl", own);
        assertEquals(1, compared(List.of("measured", "a.jsonl"), "exact_match").prompts());
        assertEquals(1, compared(List.of("measured/samples-0.7.jsonl", "a.jsonl"), "exact_match").prompts());
        write("measured/samples-1.0.jsonl", own);
        String several = assertThrows(UserError.class, () -> compared(List.of("measured", "a.jsonl"), "exact_match")).getMessage();
        assertTrue(several.contains("samples of several samplers: samples-0.7.jsonl, samples-1.0.jsonl. Name one of the files."), several);
        write("values/report-0.7.json", "{}");
        for (String path : List.of("values", "values/report-0.7.json")) {
            String alone = assertThrows(UserError.class, () -> compared(List.of(path, "a.jsonl"), "exact_match")).getMessage();
            assertTrue(alone.contains("Values alone are not compared"), alone);
        }
    }

    /** The corpus has references of its own, and one prompt that nobody answered. */
    @Test
    void referencesOfTheCorpusGoBeforeThoseOfTheSides() throws IOException {
        Path data = write("data.jsonl", "{\"prompt\": \"one\", \"references\": [\"green fox\", \"fox\"]}", "{\"prompt\": \"two\", \"references\": [\"x\"]}",
                "{\"prompt\": \"nobody\", \"references\": [\"x\"]}");
        ComparisonResult found = new Comparison(Configuration.defaults().evaluation(c -> c.data(data.toString()).metrics(List.of("exact_match"))))
                .run(List.of(directory.resolve("a.jsonl"), directory.resolve("b.jsonl")));
        assertEquals(2, found.prompts());
        assertEquals(0, found.metrics().get(0).results().get(0).value());
        assertEquals(0.5, found.metrics().get(0).results().get(1).value());
        assertTrue(found.notes().get(0).startsWith("the data has 1 prompt that is not in all, left out: 'nobody'"), found.notes().toString());
    }

    @Test
    void withoutACorpusTheSideCountsThatKnowsMostReferences() throws IOException {
        write("more.jsonl", "{\"prompt\": \"one\", \"text\": \"fox\", \"references\": [\"red fox\", \"green fox\"]}");
        ComparisonResult found = compared(List.of("a.jsonl", "b.jsonl", "more.jsonl"), "exact_match");
        assertEquals(List.of(1.0, 1.0, 0.0), found.metrics().get(0).results().stream().map(MetricResult::value).toList());
        assertTrue(found.notes().contains("prompts with other references on different sides: 1; those of the side that has most count"), found.notes().toString());
    }

    @Test
    void whatIsNoSideIsRefusedWithItsPlace() throws IOException {
        write("c.jsonl", line("one", "x", "x"), "{\"text\": \"x\"}");
        write("d.jsonl", line("another", "x", "x"));
        assertTrue(refused("c.jsonl").startsWith("c.jsonl:2: no prompt, by which texts are matched."), refused("c.jsonl"));
        assertTrue(refused("d.jsonl").startsWith("no prompt is in all of "), refused("d.jsonl"));
        assertTrue(refused("nowhere").startsWith("there is nothing at " + directory.resolve("nowhere")), refused("nowhere"));
    }

    private String refused(String side) {
        return assertThrows(UserError.class, () -> compared(List.of("a.jsonl", side), "words")).getMessage();
    }

    @Test
    void thePageLoadsNothingAndEscapesWhatIsNotOurs() throws IOException {
        Path page = directory.resolve("compare.html");
        comparison("exact_match").writing(Output.at(page)).run(List.of(directory.resolve("a.jsonl"), directory.resolve("b.jsonl")));
        String html = Files.readString(page);
        assertTrue(html.contains("&lt;b&gt;&amp;"), "a sample");
        assertFalse(html.contains("<b>"), "a sample as markup");
        for (String loads : List.of("<script", "src=", "href=", "url(", "@import")) {
            assertFalse(html.contains(loads), loads);
        }
        assertTrue(html.contains("default-src 'none'"));
        comparison("words").writing(Output.at(page)).run(List.of(directory.resolve("a.jsonl"), directory.resolve("b.jsonl")));
        Files.writeString(page, "mine");
        assertThrows(UserError.class, () -> comparison("words").writing(Output.at(page)).run(List.of(directory.resolve("a.jsonl"), directory.resolve("b.jsonl"))));
        assertEquals("mine", Files.readString(page));
    }

    @Test
    void theSameComparisonGivesTheSameBytes() {
        List<String> sides = List.of("a.jsonl", "b.jsonl");
        assertEquals(ComparisonPage.of(compared(sides, "exact_match", "bleu")), ComparisonPage.of(compared(sides, "exact_match", "bleu")));
    }
}
