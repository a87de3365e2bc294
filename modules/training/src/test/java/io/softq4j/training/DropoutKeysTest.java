package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropoutKeysTest {

    @TempDir
    private Path directory;

    /** Of 30,000 random keys of 32 bits about a tenth of one collides. */
    @Test
    void seedsStepsAndMicroBatchesHaveKeysOfTheirOwnNoneOfThemZero() {
        Set<Integer> keys = new HashSet<>();
        for (long seed : new long[] {0, 1, -1}) {
            for (long step = 0; step < 1000; step++) {
                for (int microBatch = 0; microBatch < 10; microBatch++) {
                    int key = DropoutKeys.of(seed, step, microBatch);
                    assertNotEquals(0, key);
                    keys.add(key);
                }
            }
        }
        assertTrue(keys.size() >= 30_000 - 2, keys.size() + " different keys");
    }

    @Test
    void theTrainerTellsTheKeyOfEachMicroBatchAlsoAfterAResume() {
        BigramModel whole = new BigramModel(TinyRun.VOCABULARY);
        TinyRun.trainer(whole, directory.resolve("whole"), ProgressListener.NONE).train();
        assertEquals(DropoutKeys.of(TinyRun.config().seed(), 0, 0), whole.keys().get(0));
        assertEquals(DropoutKeys.of(TinyRun.config().seed(), 0, 1), whole.keys().get(1));
        BigramModel stopped = new BigramModel(TinyRun.VOCABULARY);
        RuntimeException stop = new RuntimeException("stop");
        try {
            TinyRun.trainer(stopped, directory.resolve("part"), TinyRun.at(5, () -> {
                throw stop;
            })).train();
        } catch (RuntimeException e) {
            assertEquals(stop, e);
        }
        BigramModel resumed = new BigramModel(TinyRun.VOCABULARY);
        TinyRun.trainer(resumed, directory.resolve("part"), ProgressListener.NONE).resume();
        int skipped = whole.keys().size() - resumed.keys().size();
        assertTrue(skipped > 0 && resumed.keys().size() > 2, skipped + " keys before the resume");
        assertEquals(whole.keys().subList(skipped, whole.keys().size()), resumed.keys());
    }
}
