package io.softq4j.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.device.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ArenaTest {

    /** What was asked for, beside the block that was got. */
    private record Asked(Arena.Block block, long bytes, int first, int last) {

        boolean meets(Asked other) {
            return first <= other.last && other.first <= last;
        }

        long end() {
            return block.offset() + bytes;
        }
    }

    @RepeatedTest(200)
    void blocksAliveAtOnceNeverOverlap(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int steps = 1 + random.nextInt(60);
        Arena arena = new Arena();
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(120); i++) {
            long bytes = random.nextInt(4) == 0 ? random.nextInt(4) : (long) Math.exp(random.nextDouble() * 20);
            int first = random.nextInt(steps);
            int last = random.nextInt(10) == 0 ? Integer.MAX_VALUE : first + random.nextInt(steps);
            Arena.Block block = arena.add(bytes, first);
            block.usedAt(last);
            block.usedAt(first); // an earlier use changes nothing
            asked.add(new Asked(block, bytes, first, last));
        }
        long end = arena.place();
        for (Asked a : asked) {
            assertTrue(a.block.offset() >= 0 && a.end() <= end, "outside: " + a);
            assertEquals(0, a.block.offset() % Device.ALIGNMENT, "not aligned: " + a);
            for (Asked b : asked) {
                assertTrue(a == b || !a.meets(b) || a.end() <= b.block.offset() || b.end() <= a.block.offset(), a + " overlaps " + b);
            }
        }
        assertTrue(end <= 2 * mostAtOnce(asked), end + " bytes where " + mostAtOnce(asked) + " are alive at once");
    }

    /** The most bytes alive at one step, each block rounded up: what no placement can go below. */
    private static long mostAtOnce(List<Asked> asked) {
        return asked.stream().mapToLong(at -> asked.stream().filter(a -> a.first <= at.first && at.first <= a.last)
                .mapToLong(a -> Math.max(1, (a.bytes + Device.ALIGNMENT - 1) / Device.ALIGNMENT) * Device.ALIGNMENT).sum()).max()
                .orElseThrow();
    }

    @Test
    void blocksThatFollowEachOtherShareTheirPlace() {
        Arena arena = new Arena();
        Arena.Block first = arena.add(1000, 0);
        first.usedAt(2);
        Arena.Block second = arena.add(1000, 3);
        assertEquals(1024, arena.place());
        assertEquals(first.offset(), second.offset());
    }

    @Test
    void aBlockReadWhereAnotherIsWrittenIsNotSharedWithIt() {
        Arena arena = new Arena();
        arena.add(64, 0).usedAt(3);
        arena.add(64, 3);
        assertEquals(128, arena.place());
    }

    @Test
    void anEmptyArenaNeedsNothing() {
        assertEquals(0, new Arena().place());
    }
}
