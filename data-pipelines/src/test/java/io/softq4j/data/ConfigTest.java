package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConfigTest {

    private static final DataConfig DEFAULTS = DataConfig.defaults();

    @Test
    void theDefaults() {
        assertEquals(new DataConfig(null, null, "{prompt}", "{response}", 512, OverLength.DROP, 8192, OnError.FAIL), DEFAULTS);
        assertEquals(new TokenizerConfig(TokenizerType.TRAIN, 4096, 2, null), TokenizerConfig.defaults());
    }

    @Test
    void theFieldsARowMustHaveAreThoseOfBothTemplates() {
        assertEquals(List.of("question", "answer"), DEFAULTS.withTemplates("{question} {question}", "{answer} ({question})").fields());
    }

    @Test
    void dataOutOfRangeIsNamed() {
        assertMessage("max_length must be at least 2, was 0", () -> DEFAULTS.withMaxLength(0, OverLength.DROP));
        assertMessage("over_length must have a value", () -> DEFAULTS.withMaxLength(8, null));
        assertMessage("on_error must have a value", () -> DEFAULTS.withOnError(null));
        assertMessage("prompt must have a value", () -> DEFAULTS.withTemplates(null, "{a}"));
        assertMessage("examples_per_shard must be at least 1, was 0",
                () -> new DataConfig(null, null, "", "{a}", 8, OverLength.DROP, 0, OnError.FAIL));
        assertMessage("response \"a\" names no field, so every row would have the same response; write {field} for a field of the row",
                () -> DEFAULTS.withTemplates("{q}", "a"));
        assertMessage("prompt: template \"{q\": the brace at character 1 is not closed. "
                + "Write {field} for a field of the record, {{ or }} for a brace",
                () -> DEFAULTS.withTemplates("{q", "{a}"));
    }

    @Test
    void tokenizerSettingsThatContradictAreNamed() {
        assertMessage("vocab_size must be at least 257 (1 special token and 256 bytes), was 12", () -> TokenizerConfig.defaults().withVocabSize(12));
        assertMessage("min_frequency must be at least 1, was 0", () -> new TokenizerConfig(TokenizerType.TRAIN, 300, 0, null));
        assertMessage("file is not set: type file needs the path of a tokenizer.json", () -> new TokenizerConfig(TokenizerType.FILE, 300, 2, null));
        assertMessage("file is t.json, but type is train; set type to file to use it, or remove it to train one",
                () -> new TokenizerConfig(TokenizerType.TRAIN, 300, 2, "t.json"));
        assertMessage("type must be train or file", () -> new TokenizerConfig(null, 300, 2, null));
    }

    private static void assertMessage(String expected, Executable action) {
        assertEquals(expected, assertThrows(UserError.class, action).getMessage());
    }
}
