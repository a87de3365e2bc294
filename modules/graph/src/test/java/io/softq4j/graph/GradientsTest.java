package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

class GradientsTest {

    private final SameDiff graph = SameDiff.create();
    private final SDVariable x = graph.var("x", Nd4j.createFromArray(3.0));
    private final SDVariable y = graph.var("y", Nd4j.createFromArray(5.0));

    private double gradient(SDVariable loss, String variable) {
        String name = Gradients.of(loss, List.of(variable)).get(variable).name();
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(name))) {
            plan.run();
            return PlanArrays.of(plan, name).getDouble(0);
        }
    }

    @Test
    void gradientsOfSeveralUsesAddUp() {
        SDVariable square = x.mul(x);
        assertEquals(2 * 3 * 5 + 4 * 27, gradient(square.mul(y).add(square.mul(square)).sum(), "x"), 1e-12);
    }

    @Test
    void bothSidesOfADiamondCount() {
        SDVariable a = x.mul(2);
        SDVariable left = a.add(1);
        SDVariable right = a.mul(a);
        assertEquals(2 * 36 + 7 * 2 * 6 * 2, gradient(left.mul(right).sum(), "x"), 1e-12);
    }

    /** What splits an array has several outputs; those nothing depends on count as zero. */
    @Test
    void outputsThatAreNotUsedHaveNoShare() {
        SDVariable[] parts = graph.split(graph.concat(0, x, y), 2, 0);
        assertEquals(Set.of("x", "y"), Gradients.of(parts[0].mul(parts[0]).sum(), List.of("x", "y")).keySet());
        assertEquals(6, gradient(parts[0].mul(parts[0]).sum(), "x"), 1e-12);
        assertEquals(0, gradient(parts[0].mul(parts[0]).sum(), "y"), 1e-12);
    }

    @Test
    void aVariableTheLossDoesNotDependOnIsAnError() {
        SDVariable loss = x.mul(x).sum("loss");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Gradients.of(loss, List.of("x", "y")));
        assertEquals(loss.name() + " does not depend on y", e.getMessage());
    }

    @Test
    void aVariableBehindAStoppedGradientIsAnError() {
        SDVariable loss = new Ops(graph, Lowering.STANDARD).stopGradient(y).mul(x).sum();
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(loss, List.of("y")));
        assertEquals(5, gradient(loss, "x"), 1e-12);
    }
}
