package io.softq4j.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.plan.Profile;
import org.junit.jupiter.api.Test;

class ProfileTableTest {

    /** On a busy machine the measurement after a run may be slower than the run was. */
    @Test
    void noOpIsFasterThanThePeakItIsHeldAgainst() {
        Profile profile = new Profile();
        profile.add("Linear", 1_000_000_000, 60_000_000_000L, 1_000_000);
        profile.add("Norm", 1_000_000_000, 30_000_000_000L, 1_000_000);
        String slower = ProfileTable.of(profile, 40e9, 10e9);
        assertTrue(slower.contains(" 100.0%") && slower.contains(" 50.0%") && slower.contains("products 60 GFLOP/s"), slower);
        String faster = ProfileTable.of(profile, 120e9, 10e9);
        assertTrue(faster.contains(" 50.0%") && faster.contains(" 25.0%") && faster.contains("products 120 GFLOP/s"), faster);
    }
}
