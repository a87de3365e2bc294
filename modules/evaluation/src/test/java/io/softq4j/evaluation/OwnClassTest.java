package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnClassTest {

    @TempDir
    private Path directory;

    /** A metric. */
    public static final class Words implements SampleMetric {
        @Override
        public String name() {
            return "words";
        }

        @Override
        public double value(Item item, String text) {
            return text.split(" ").length;
        }
    }

    /** A task that nobody can make. */
    public static final class Hidden implements Task {
        private Hidden() {
        }

        @Override
        public String name() {
            return "hidden";
        }

        @Override
        public boolean correct(Map<String, String> fields, String response) {
            return true;
        }
    }

    private static String file(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    @Test
    void metricsAndTasksInJarsAndDirectoriesAreFoundWithWhatIsWrongWithThem() throws IOException {
        Path jar = directory.resolve("own.jar");
        try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Class<?> type : List.of(Words.class, OwnClassTest.class)) {
                zip.putNextEntry(new ZipEntry(file(type)));
                zip.write(new byte[] {0});    // found by its name: the class itself is on the class path
            }
            zip.putNextEntry(new ZipEntry("no/such/Thing.class"));
        }
        Path classes = directory.resolve("classes");
        Files.createDirectories(classes.resolve(file(Hidden.class)).getParent());
        Files.write(classes.resolve(file(Hidden.class)), new byte[] {0});
        List<OwnClass> found = OwnClass.in(jar + File.pathSeparator + classes + File.pathSeparator + directory.resolve("none.jar"));
        assertEquals(List.of(Hidden.class.getName(), Words.class.getName()), found.stream().map(OwnClass::name).toList());
        assertEquals(List.of(OwnClass.Kind.TASK, OwnClass.Kind.METRIC), found.stream().map(OwnClass::kind).toList());
        assertFalse(found.get(0).trouble().isEmpty());
        assertEquals("", found.get(1).trouble());
        assertEquals(jar.toString(), found.get(1).where());
        assertTrue(OwnClass.in(null).isEmpty());
    }
}
