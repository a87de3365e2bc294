package io.softq4j.notebooks;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a notebook calls is there. {@code notebooks/run} executes them as Jupyter does, and is not part of {@code mvn verify}. */
class NotebooksTest {

    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void everyCellRuns(Path notebook) throws IOException {
        List<JsonNode> cells = StreamSupport.stream(Json.STRICT.readTree(notebook.toFile()).path("cells").spliterator(), false)
                .filter(cell -> cell.path("cell_type").asText().equals("code")).toList();
        assertFalse(cells.isEmpty());
        NotebookKernel kernel = new NotebookKernel();
        try {
            kernel.onStartup();
            for (JsonNode cell : cells) {
                StringBuilder source = new StringBuilder();
                cell.path("source").forEach(line -> source.append(line.asText()));
                kernel.evalRaw(source.toString());
            }
        } finally {
            kernel.onShutdown(false);
        }
    }
}
