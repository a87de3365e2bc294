package io.softq4j.cli.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkTest {

    private static final Walk THREE_TWO_ONE = new Walk(List.of(3, 2, 1));
    private static final String PROMPT = "walk 3 east 2 north 1 up:";

    @Test
    void aPromptNamesTheDirectionsThatHaveSteps() {
        assertEquals(PROMPT, THREE_TWO_ONE.prompt());
        assertEquals("walk 2 east 4 up:", new Walk(List.of(2, 0, 4)).prompt());
    }

    @Test
    void everyPromptLeavesAChoiceAndIsThereOnce() {
        Set<String> prompts = new HashSet<>();
        for (Walk walk : Walk.all()) {
            assertTrue(prompts.add(walk.prompt()), "twice: " + walk.prompt());
            assertTrue(walk.steps().stream().filter(n -> n > 0).count() >= 2, walk.prompt());
            assertTrue(walk.steps().stream().allMatch(n -> n <= Walk.MOST), walk.prompt());
        }
        assertTrue(prompts.size() >= 50, "only " + prompts.size());
    }

    @Test
    void everyDemonstrationIsRight() {
        SplittableRandom random = new SplittableRandom(3);
        WalkTask task = new WalkTask();
        for (Walk walk : Walk.all()) {
            for (int i = 0; i < 5; i++) {
                String way = walk.demonstration(random);
                assertTrue(task.correct(Map.of("prompt", walk.prompt()), way), walk.prompt() + way);
            }
        }
    }

    @Test
    void theExpertBeginsWithEastMoreOftenThanNorthAndNorthMoreOftenThanUp() {
        SplittableRandom random = new SplittableRandom(4);
        int[] first = new int[3];
        for (int i = 0; i < 2000; i++) {
            first[Walk.DIRECTIONS.indexOf(new Walk(List.of(2, 2, 2)).demonstration(random).trim().split(" ")[0])]++;
        }
        assertTrue(first[0] > first[1] && first[1] > first[2], List.of(first[0], first[1], first[2]).toString());
        assertTrue(first[2] > 0, "a habit is no rule");
    }

    @ParameterizedTest
    @ValueSource(strings = {" east east east north north up", " up north east north east east", "  up\teast east\nnorth north east "})
    void anyOrderOfTheStepsIsRight(String response) {
        assertTrue(Walk.isRight(PROMPT, response));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " east east north north up", " east east east east north north up", " east east east north north up up",
        " east east east north north north", " east east east north north down", " east east east north north up .", " East east east north north up",
        " easteasteast north north up"})
    void otherCountsAndOtherWordsAreWrong(String response) {
        assertFalse(Walk.isRight(PROMPT, response));
    }
}
