package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final double NO_VALIDATION = 0;

    /** Three updates that compile, then {@code more} of 2 seconds each for 100 tokens. */
    private static Pace after(Pace pace, int more) {
        for (int i = 0; i < 3; i++) {
            pace.stepped(30, 100);
        }
        for (int i = 0; i < more; i++) {
            pace.stepped(2, 100);
        }
        return pace;
    }

    @Test
    void tokensPerSecondCountTrainingOnly() {
        Pace pace = new Pace(100, 10, 10, 50);
        pace.stepped(2, 100);
        pace.validated(1000);
        pace.saved(500);
        pace.stepped(2, 300);
        assertEquals(100, pace.tokensPerSecond());
        pace.begin();
        pace.validated(1000);
        pace.stepped(1, 300);
        assertEquals(300, pace.tokensPerSecond());
    }

    @Test
    void updatesThatCompileAreNotTakenForTheRest() {
        assertEquals(30 * 97, after(new Pace(100, 0, 0, NO_VALIDATION), 0).secondsLeft(3).orElseThrow(), 1e-9, "all that is known");
        assertEquals(2 * 90, after(new Pace(100, 0, 0, NO_VALIDATION), 7).secondsLeft(10).orElseThrow(), 1e-9);
    }

    @Test
    void anUpdateThatCompiledPromisesNothing() {
        Pace pace = new Pace(100_000, 0, 0, NO_VALIDATION);
        pace.stepped(1.3, 100);
        assertTrue(pace.secondsLeft(1).isEmpty(), "not 36 hours");
        pace.stepped(0.01, 100);
        assertEquals(0.01 * 99_998, pace.secondsLeft(2).orElseThrow(), 1e-6);
        Pace single = new Pace(1, 0, 0, NO_VALIDATION);
        single.stepped(1.3, 100);
        assertEquals(0, single.secondsLeft(1).orElseThrow());
    }

    @Test
    void validationsAreCountedBeforeOneWasTimedAndAfter() {
        Pace pace = after(new Pace(100, 25, 25, 60), 7);
        assertEquals(2 * 90 + 4 * (2 * 60 / 3.0), pace.secondsLeft(10).orElseThrow(), 1e-9, "after 25, 50, 75 and 100 updates, a third of 60 updates each");
        pace.validated(70);
        pace.saved(5);
        assertEquals(2 * 74 + 3 * 75, pace.secondsLeft(26).orElseThrow(), 1e-9);
    }

    @Test
    void whatComesAfterTheLastUpdateIsLeftToo() {
        Pace pace = after(new Pace(20, 10, 10, 60), 17);
        pace.validated(45);
        assertEquals(45, pace.secondsLeft(20).orElseThrow(), 1e-9);
        assertEquals(2 * 10 + 2 * 45, pace.secondsLeft(10).orElseThrow(), 1e-9, "the one after update 10 is still to come");
        assertEquals(2 * 9 + 45, pace.secondsLeft(11).orElseThrow(), 1e-9);
    }

    @Test
    void aRunThatIsSavedAtItsEndAloneIsValidatedOnce() {
        assertEquals(2 * 90 + 2 * 60 / 3.0, after(new Pace(100, 0, 0, 60), 7).secondsLeft(10).orElseThrow(), 1e-9);
    }
}
