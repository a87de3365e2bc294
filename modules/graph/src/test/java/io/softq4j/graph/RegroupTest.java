package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

class RegroupTest {

    @Test
    void kernelAndGradientAreThoseOfTheExpansion() {
        new GradientCheck((ops, in) -> List.of(ops.regroup(in.get("x"), 2, 3, 5)))
                .variable("x", 4, 30).expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.regroup(ops.gelu(in.get("x")), 6, 3, 20))).variable("x", 300, 360)
                .kernelsMatchExpansion();
    }

    /** Two heads of query, key and value, each of two elements. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void headsOfThreePartsBecomeThreePartsOfHeads(Lowering lowering) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.constant(Nd4j.createFromArray(new float[][] {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}));
        SDVariable y = new Ops(graph, lowering).regroup(x.add(0), 2, 3, 2);
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name()))) {
            plan.run();
            assertArrayEquals(new float[] {1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}, PlanArrays.of(plan, y.name()).toFloatMatrix()[0]);
        }
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable y = new Ops(graph, Lowering.FUSED).regroup(graph.var("x", Nd4j.zeros(3, 10)), 2, 3, 2);
        assertEquals("cannot regroup [3, 10] as rows of 2 x 3 x 2",
                assertThrows(IllegalArgumentException.class, () -> Plan.compile(graph, Map.of(), List.of(y.name()))).getMessage());
    }
}
