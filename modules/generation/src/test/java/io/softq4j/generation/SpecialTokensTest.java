package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialTokensTest {

    @TempDir
    private Path directory;

    private SpecialTokens read(String generationConfig, String config) throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), generationConfig);
        Files.writeString(directory.resolve("config.json"), config);
        return SpecialTokens.read(directory, 10);
    }

    @Test
    void endTokensMayBeOneOrSeveral() throws IOException {
        assertEquals(new SpecialTokens(OptionalInt.of(1), Set.of(2)), read("{\"bos_token_id\": 1, \"eos_token_id\": 2}", "{}"));
        assertEquals(new SpecialTokens(OptionalInt.empty(), Set.of(2, 9)), read("{\"eos_token_id\": [9, 2]}", "{}"));
    }

    @Test
    void whatTheGenerationConfigDoesNotNameIsInTheConfig() throws IOException {
        assertEquals(new SpecialTokens(OptionalInt.of(1), Set.of(3)), read("{\"bos_token_id\": 1, \"eos_token_id\": null}",
                "{\"bos_token_id\": 4, \"eos_token_id\": 3}"));
        Files.delete(directory.resolve("generation_config.json"));
        assertEquals(new SpecialTokens(OptionalInt.of(4), Set.of(3)), SpecialTokens.read(directory, 10));
        Files.delete(directory.resolve("config.json"));
        assertEquals(new SpecialTokens(OptionalInt.empty(), Set.of()), SpecialTokens.read(directory, 10));
    }

    @Test
    void anIdThatIsNoneIsNamedWithItsFile() {
        for (String id : new String[] {"10", "-1", "\"</s>\"", "[1, 10]", "1.5"}) {
            assertEquals(directory.resolve("generation_config.json") + ": eos_token_id is " + id.replace("[1, 10]", "[1,10]")
                    + "; each id must be a whole number from 0 to 9, the last token of the model. Likely the file belongs to another model",
                    assertThrows(UserError.class, () -> read("{\"eos_token_id\": " + id + "}", "{}")).getMessage());
        }
        assertEquals(true, assertThrows(UserError.class, () -> read("{", "{}")).getMessage()
                .contains("generation_config.json is not valid JSON: "));
    }
}
