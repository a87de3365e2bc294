package io.softq4j.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

class PlanCacheTest {

    private final SameDiff graph = SameDiff.create();
    private final SDVariable y = graph.placeHolder("x", DataType.FLOAT, -1).mul(2);

    private Plan plan(PlanCache<Integer> cache, int length) {
        return cache.get(length, n -> PlanSpec.of(Map.of("x", new long[] {n}), List.of(y.name())));
    }

    private void doubles(PlanCache<Integer> cache, int length) {
        Plan plan = plan(cache, length);
        plan.array("x").assign(length);
        plan.run();
        assertEquals(2.0 * length * length, plan.array(y.name()).sumNumber().doubleValue());
    }

    @Test
    void plansOfManyShapesWorkInOneArena() {
        try (PlanCache<Integer> cache = new PlanCache<>(graph)) {
            for (int round = 0; round < 3; round++) {
                for (int length : new int[] {3, 300, 30, 3, 3000}) {
                    doubles(cache, length);
                }
            }
            assertSame(plan(cache, 30), plan(cache, 30));
        }
    }

    @Test
    void aLargerShapeTakesTheArenaOfAllAndTheOthersAreMadeAgain() {
        try (PlanCache<Integer> cache = new PlanCache<>(graph)) {
            Plan small = plan(cache, 10);
            plan(cache, 1000);
            assertNotSame(small, plan(cache, 10));
            doubles(cache, 10);
            doubles(cache, 1000);
        }
    }
}
