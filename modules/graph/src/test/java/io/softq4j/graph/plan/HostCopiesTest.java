package io.softq4j.graph.plan;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

class HostCopiesTest {

    /** On the CPU there is one copy, so the trial itself must pass. */
    @Test
    void theTrialPassesWhereThereIsOneCopy() {
        assertDoesNotThrow(HostCopies::requireInStep);
    }
}
