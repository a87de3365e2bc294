package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of examples/ are for applications: short, and compiled with every change here. {@code .ci/artifacts/run} runs them outside the tree. */
class ExamplesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final int LINES = 40;

    @TempDir
    private Path directory;

    private static List<Path> programs() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("examples/src/main/java/example"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyExampleIsShortAndNamedInItsReadme() throws IOException {
        assertTrue(programs().size() >= 5);
        String readme = Files.readString(ROOT.resolve("examples/README.md"));
        for (Path program : programs()) {
            long lines = Files.readAllLines(program).stream().filter(line -> !line.isBlank() && !line.startsWith("import ") && !line.startsWith("package ")).count();
            assertTrue(lines <= LINES, program + " has " + lines + " lines without imports");
            assertTrue(readme.contains("(src/main/java/example/" + program.getFileName() + ")"), program.toString());
        }
    }

    @Test
    void everyExampleCompiles() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(messages, files, null, List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path")), null,
                    files.getJavaFileObjectsFromPaths(programs())).call();
            assertTrue(compiled, messages.toString());
        }
        assertEquals(programs().size(), Files.list(directory.resolve("example")).filter(file -> !file.toString().contains("$")).count());
    }
}
