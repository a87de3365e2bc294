package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a metric of the user's does wrong is said with its name, its class and the prompt, as early as it can be found. */
class OwnMetricTest {

    private static final List<Item> ITEMS = List.of(item("one", "fine"), item("two", "kaboom"));

    @TempDir
    private Path directory;

    private static Item item(String prompt, String text) {
        return new Item(prompt, List.of(text), List.of(Map.of()), List.of(Sample.of(text)), List.of());
    }

    /** Fails on some texts. */
    public static class Boom implements SampleMetric {
        @Override
        public String name() {
            return "boom";
        }

        @Override
        public double value(Item item, String text) {
            if (text.equals("kaboom")) {
                throw new IllegalStateException("kaboom");
            }
            return text.isEmpty() ? endless(0) : 1;
        }

        private static double endless(int depth) {
            return 1 + endless(depth + 1);
        }
    }

    /** Has no name. */
    public static final class Nameless extends Boom {
        @Override
        public String name() {
            return null;
        }
    }

    /** Has a name that no file or option could carry. */
    public static final class Spaced extends Boom {
        @Override
        public String name() {
            return "my metric";
        }
    }

    /** Has no direction. */
    public static final class Lost extends Boom {
        @Override
        public Direction direction() {
            return null;
        }
    }

    /** Needs nothing, and does not say so. */
    public static final class Needless extends Boom {
        @Override
        public Set<Need> needs() {
            return null;
        }
    }

    /** Cannot be loaded. */
    public static final class Static extends Boom {
        private static final int NUMBER = Integer.parseInt("no number");

        @Override
        public String name() {
            return "static" + NUMBER;
        }
    }

    /** Gives no value, or more than numbers hold. */
    public static final class Undefined extends Boom {
        @Override
        public double value(Item item, String text) {
            return item.prompt().equals("all") ? Double.NaN : Double.POSITIVE_INFINITY;
        }
    }

    private static String refused(Class<?> type) {
        return assertThrows(UserError.class, () -> Metrics.named(List.of(type.getName()))).getMessage();
    }

    @Test
    void whatItSaysOfItselfIsRefusedWithItsClassWhereItIsFound() {
        for (Map.Entry<Class<?>, String> wrong : Map.<Class<?>, String>of(Nameless.class, "name() gave null", Spaced.class, "name() gave 'my metric'. Allowed",
                Lost.class, "direction() gave null", Needless.class, "needs() gave null").entrySet()) {
            assertTrue(refused(wrong.getKey()).startsWith("metric class '" + wrong.getKey().getName() + "': " + wrong.getValue()), refused(wrong.getKey()));
        }
        assertTrue(refused(Static.class).startsWith("metric class '" + Static.class.getName() + "' cannot be loaded: its static initialiser failed, "
                + "java.lang.NumberFormatException"), refused(Static.class));
    }

    @Test
    void whatItThrowsNamesMetricClassAndPrompt() {
        List<Metric> metrics = Metrics.named(List.of(Boom.class.getName()));
        String message = assertThrows(UserError.class, () -> Evaluator.judge(metrics, ITEMS, null, 1)).getMessage();
        assertTrue(message.startsWith("metric 'boom' (" + Boom.class.getName() + ") failed while it judged the prompt 'two' with the text 'kaboom': "
                + "java.lang.IllegalStateException: kaboom."), message);
        String deep = assertThrows(UserError.class, () -> Evaluator.judge(List.of(new Boom()), List.of(item("p", "")), null, 1)).getMessage();
        assertTrue(deep.contains(Boom.class.getName()) && deep.contains("StackOverflowError"), deep);
    }

    @Test
    void itIsTriedOnTheFirstItemBeforeAnythingIsSampled() {
        List<Metric> metrics = Metrics.named(List.of(Boom.class.getName(), "bleu"));
        Item fails = new Item("first", List.of("kaboom"), List.of(Map.of()), List.of(), List.of());
        String message = assertThrows(UserError.class, () -> Evaluator.tryOut(metrics, List.of(fails))).getMessage();
        assertTrue(message.startsWith("metric 'boom' (" + Boom.class.getName() + ") failed when it was tried before anything is sampled"), message);
        assertTrue(message.contains("the prompt 'first'"), message);
        Evaluator.tryOut(metrics, List.of(fails.withReferences(List.of("fine"))));
        assertThrows(UserError.class, () -> Evaluator.tryOut(metrics, List.of(fails.withReferences(List.of()))), "an empty text");
    }

    @Test
    void aValueThatIsNoNumberHasNoInterval() {
        List<Metric> metrics = Metrics.named(List.of(Undefined.class.getName()));
        MetricResult none = Evaluator.judge(metrics, List.of(item("all", "a"), item("all", "b")), null, 1).report().metrics().get(0);
        assertNull(none.value());
        assertNull(none.low());
        MetricResult infinite = Evaluator.judge(metrics, ITEMS, null, 1).report().metrics().get(0);
        assertNull(infinite.low());
        assertNull(infinite.high());
    }

    @Test
    void aClassWithoutAPackageIsFoundByItsName() throws IOException {
        Path source = Files.writeString(directory.resolve("Plain.java"), """
                public final class Plain implements io.softq4j.evaluation.SampleMetric {
                    public String name() { return "plain"; }
                    public double value(io.softq4j.evaluation.Item item, String text) { return 1; }
                }
                """);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", System.getProperty("java.class.path"), "-d", directory.toString(),
                source.toString()));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            assertFalse(Metrics.knows("Plain"));
            Thread.currentThread().setContextClassLoader(loader);
            assertEquals("plain", Metrics.named(List.of("Plain")).get(0).name());
            assertTrue(assertThrows(UserError.class, () -> Metrics.named(List.of("Plein"))).getMessage().contains("no metric is called 'Plein'"));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void partsOfThePluginPathWithoutClassesAreTold() throws IOException {
        Path text = Files.writeString(directory.resolve("notes.txt"), "no jar\n");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path missing = directory.resolve("missing.jar");
        List<String> told = OwnClass.unreadable(String.join(File.pathSeparator, text.toString(), empty.toString(), missing.toString()));
        assertEquals(3, told.size());
        assertTrue(told.get(0).startsWith(text + ": cannot be read as a jar ("), told.get(0));
        assertTrue(told.get(1).startsWith(empty + ": no class is in it"), told.get(1));
        assertEquals(missing + ": there is no such file", told.get(2));
        assertTrue(OwnClass.in(text + File.pathSeparator + missing).isEmpty());
        assertEquals(List.of(), OwnClass.unreadable(null));
    }

    @Test
    void itemsThatLackReferencesAreCounted() {
        List<Item> items = List.of(ITEMS.get(0), ITEMS.get(1).withReferences(List.of()), ITEMS.get(0));
        assertEquals("2 of 3 prompts have references; the others are left out of: bleu, chrf",
                Evaluator.withoutReferences(Metrics.named(List.of("bleu", "words", "chrf")), items).orElseThrow());
        assertTrue(Evaluator.withoutReferences(Metrics.named(List.of("words")), items).isEmpty());
        assertTrue(Evaluator.withoutReferences(Metrics.named(List.of("bleu")), ITEMS).isEmpty());
    }

    @Test
    void theOptionsOfEveryMetricAreNamedWhereOneIsNotKnown() {
        for (MetricDescription metric : Metrics.all()) {
            String message = assertThrows(UserError.class, () -> Metrics.named(List.of(Map.of(metric.name(), Map.of("zzz", 1))))).getMessage();
            assertTrue(message.contains("has no option zzz; it has "), message);
            String options = metric.options().replaceAll("\\([^)]*\\)", "").replaceAll("\\[[^]]*]", "");
            Pattern.compile("[,:] *(?:or )?").splitAsStream(options).filter(word -> word.matches("[a-z]+(_[a-z]+)+|n|k|task|pattern|tokenize|form|stemmer|beta"))
                    .filter(word -> !word.equals("none")).forEach(word -> assertTrue(message.contains(word), () -> word + " in " + message));
        }
    }

    @Test
    void kIsBroughtDownToTheSamples() {
        List<Metric> asked = Metrics.named(List.of(Map.of("pass@k", Map.of("task", "gsm8k", "k", List.of(1, 2, 10, 20)))));
        assertEquals(List.of(1, 2, 10, 20), TaskMetrics.ks(asked));
        assertEquals(List.of("pass@1", "pass@2", "pass@3"), TaskMetrics.clipped(asked, 3).stream().map(Metric::name).toList());
        assertEquals(asked, TaskMetrics.clipped(asked, 0));
    }
}
