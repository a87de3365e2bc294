package io.softq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.common.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginYamlTest {

    record Inner(@Key("a word") String word, @Key("numbers") List<Double> numbers) {
    }

    record Section(@Key("how much") double amount, @Key("what") String text, @Key("more") Inner inner, @Key("anything") Map<String,
            Object> anything) {
    }

    record Holder(String text) {
    }

    private static final ConfigSchema SCHEMA = ConfigSchema.empty()
            .section("first", new Section(1e-5, null, new Inner("w", List.of(0.5, 2.0)), Map.of()))
            .openSection("second", new Inner("x", List.of()));

    @TempDir
    private Path directory;

    @Test
    void everyValueNamesItsOrigin() throws IOException {
        Path file = Files.writeString(directory.resolve("run.yaml"), "first:\n  amount: 3e-4\n  anything:\n    a.b: [1, x]\n");
        ConfigFile config = SCHEMA.read(Optional.of(file), List.of("first.inner.word=yes", "second.word=a: b # c"));
        assertEquals("""
                first:
                  amount: 3e-4           # run.yaml:2
                  text: null             # default
                  inner:
                    word: "yes"          # --set
                    numbers: [0.5, 2]    # default
                  anything:
                    a.b: [1, x]          # run.yaml:4
                second:
                  word: "a: b # c"       # --set
                  numbers: []            # default
                """, config.originYaml().replace(file.toString(), "run.yaml"));
        ConfigFile back = SCHEMA.read(Optional.of(Files.writeString(directory.resolve("back.yaml"), config.originYaml())), List.of());
        assertEquals(config.section(Section.class), back.section(Section.class));
        assertEquals(config.section(Inner.class), back.section(Inner.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "yes", "No", "null", "~", "7", "1e-4", "5GB", "a: b", "# c", "- d", "[e", "{f}", "'g", "\"h\"",
            "i\nj\tk\u0007",
        "\u00fc\u2028\ud83d\ude00", "<|endoftext|>", "a/b.jsonl", "*x", "&y", "!z", "%a", "@b", "true", ".inf", "-1", "0x1f", "12:30",
                "\\n"})
    void everyTextIsReadBackAsItWas(String text) throws IOException {
        ConfigSchema schema = ConfigSchema.empty().section("holder", new Holder("default"));
        Path file = Files.writeString(directory.resolve("text.yaml"), "holder:\n  text: " + FlowYaml.of(text) + "\n");
        assertEquals(text, schema.read(Optional.of(file), List.of()).section(Holder.class).text());
    }

    @Test
    void valuesAreWrittenAsAPersonWould() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("min", 1e-4);
        map.put("scale", "log");
        assertEquals("[0, 0.1, 5e-5, 1.5e-8, 0.001, 123456, 1e20, -2.5, .inf, true, null, word, {min: 1e-4, scale: log}]",
                FlowYaml.of(Arrays.asList(0.0,
                0.1, 5e-5, 1.5e-8, 1e-3, 123456L, 1e20, -2.5, Double.POSITIVE_INFINITY, true, null, "word", map)));
    }
}
