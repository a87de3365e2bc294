package io.softq4j.cli.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalkCorpusTest {

    @TempDir
    private Path directory;

    private Map<String, Set<String>> responses(Path file) throws IOException {
        Map<String, Set<String>> responses = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = new ObjectMapper().readTree(line);
            assertTrue(Walk.isRight(row.get("prompt").asText(), row.get("response").asText()), line);
            responses.computeIfAbsent(row.get("prompt").asText(), prompt -> new HashSet<>()).add(row.get("response").asText());
        }
        return responses;
    }

    @Test
    void noWalkThatIsJudgedOnWasShown() throws IOException {
        WalkCorpus.write(directory, 1);
        Map<String, Set<String>> train = responses(directory.resolve("train.jsonl"));
        Set<String> test = responses(directory.resolve("test.jsonl")).keySet();
        assertFalse(test.isEmpty());
        assertTrue(test.stream().noneMatch(train::containsKey), "shown: " + test);
        assertEquals(Walk.all().size(), train.size() + test.size());
    }

    @Test
    void mostPromptsAreShownWithSeveralAnswers() throws IOException {
        WalkCorpus.write(directory, 1);
        Map<String, Set<String>> train = responses(directory.resolve("train.jsonl"));
        long several = train.values().stream().filter(answers -> answers.size() > 1).count();
        assertTrue(several > 0.9 * train.size(), several + " of " + train.size());
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws IOException {
        for (int i = 0; i < 3; i++) {
            WalkCorpus.write(directory.resolve("" + i), i == 2 ? 8 : 7);
        }
        for (String file : new String[] {"train.jsonl", "test.jsonl"}) {
            String first = Files.readString(directory.resolve("0").resolve(file));
            assertEquals(first, Files.readString(directory.resolve("1").resolve(file)));
            assertNotEquals(first, Files.readString(directory.resolve("2").resolve(file)));
        }
    }
}
