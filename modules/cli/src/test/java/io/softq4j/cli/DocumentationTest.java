package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import example.TinyTraining;
import io.softq4j.config.ConfigFile;
import io.softq4j.evaluation.MetricDescription;
import io.softq4j.evaluation.Metrics;
import io.softq4j.workflow.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/ says about keys, files and code is what there is. */
class DocumentationTest {

    private static final Path ROOT = Launcher.file().getParent();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Map<String, Map<String, Object>> DEFAULTS = values(Sections.RUN.read(Optional.empty(), List.of()));
    /** A row of the tables of keys: key, default as YAML, meaning, range. */
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9_.]+)` \\| `([^`]+)` \\| [^|]+ \\| [^|]+ \\|");

    @TempDir
    private Path directory;

    /** Section to key to value, stated or not. */
    private static Map<String, Map<String, Object>> values(ConfigFile config) {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        config.values().keySet().forEach(section -> values.put(section, config.values(section)));
        return values;
    }

    private static String read(String file) throws IOException {
        return Files.readString(DOCS.resolve(file));
    }

    /** Section to key to default, as the page has them. */
    private static Map<String, Map<String, String>> documented() throws IOException {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : read("configuration.md").lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (line.startsWith("## ")) {
                rows = new LinkedHashMap<>();
                sections.put(line.substring(3), rows);
            } else if (row.matches()) {
                rows.put(row.group(1), row.group(2).replace("\\|", "|"));
            }
        }
        sections.values().removeIf(Map::isEmpty);
        return sections;
    }

    /** The page with each section's table made from the records; what stands between the tables is the page's own. */
    @Test
    void everyMetricIsDefinedInItsPage() throws IOException {
        String page = Files.readString(DOCS.resolve("metrics.md"));
        List<String> missing = Metrics.all().stream().map(MetricDescription::name).filter(name -> !page.contains("`" + name + "`")).toList();
        assertEquals(List.of(), missing, "docs/metrics.md does not define these");
    }

    @Test
    void theTablesOfConfigurationAreMadeFromTheRecords() throws IOException {
        StringBuilder page = new StringBuilder();
        String section = "";
        boolean inTable = false;
        for (String line : read("configuration.md").lines().toList()) {
            inTable = inTable && line.startsWith("|");
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.startsWith("| key |")) {
                inTable = true;
                page.append(Sections.RUN.markdownTable(section));
            }
            if (!inTable) {
                page.append(line).append('\n');
            }
        }
        Made.assertUpToDate(DOCS.resolve("configuration.md"), page.toString(), DocumentationTest.class);
        assertEquals(Sections.RUN.sections(), List.copyOf(documented().keySet()));
    }

    @Test
    void configurationNamesTheDefaultOfEveryKey() throws IOException {
        Path file = directory.resolve("one.yaml");
        for (var section : documented().entrySet()) {
            for (var key : section.getValue().entrySet()) {
                String yaml = section.getKey() + ":\n  " + key.getKey().replace(".", ":\n    ") + ": " + key.getValue() + "\n";
                Files.writeString(file, yaml);
                assertEquals(DEFAULTS, values(Sections.RUN.read(Optional.of(file), List.of())), yaml);
            }
        }
    }

    @Test
    void theProgramInEmbeddingIsTheOneThatIsCompiled() throws IOException {
        String source = Files.readString(ROOT.resolve("modules/cli/src/test/java/example/TinyTraining.java"));
        assertTrue(read("embedding.md").contains("```java\n" + source + "```\n"), "docs/embedding.md differs from TinyTraining.java: copy it again");
    }

    @Test
    void theProgramRunsAndEveryFileAndFigureItLeavesIsDescribed() throws IOException {
        assertEquals(" blue", TinyTraining.run(directory));
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> names.add(file.getFileName().toString()));
        }
        assertTrue(names.containsAll(Set.of("model.safetensors", "optimizer.safetensors", "model.onnx")), names.toString());
        for (String line : Files.readAllLines(directory.resolve("run/metrics.jsonl"))) {
            keys(new ObjectMapper().readTree(line), names);
        }
        for (String file : List.of("onnx/parity.json", "run/checkpoint-60/trainer_state.json")) {
            keys(new ObjectMapper().readTree(directory.resolve(file).toFile()), names);
        }
        String page = read("files.md");
        List<String> silent = new ArrayList<>();
        for (String name : names) {
            if (!page.contains("`" + name + "`")) {
                silent.add(name);
            }
        }
        assertEquals(List.of(), silent, "not in docs/files.md");
    }

    private static void keys(JsonNode object, Set<String> names) {
        object.fieldNames().forEachRemaining(names::add);
    }

    @Test
    void linksBetweenThePagesLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("]\\((?!https?:)([^)#]+)[^)]*\\)");
        List<String> dead = new ArrayList<>();
        for (String page : pages()) {
            link.matcher(read(page)).results().map(found -> found.group(1)).filter(target -> !Files.exists(DOCS.resolve(target)))
                    .forEach(target -> dead.add(page + ": " + target));
        }
        assertEquals(List.of(), dead);
    }

    private static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(DOCS)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".md")).sorted().collect(Collectors.toList());
        }
    }
}
