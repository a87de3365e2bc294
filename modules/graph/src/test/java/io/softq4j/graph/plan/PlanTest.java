package io.softq4j.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Gradients;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.kernel.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PlanTest {

    private final SameDiff graph = SameDiff.create();

    private SDVariable placeholder(String name, long... shape) {
        return graph.placeHolder(name, DataType.DOUBLE, shape);
    }

    /** A small network with what models use: products, broadcasts, reductions over some and all axes, reshapes, splits, softmax. */
    private Map<String, SDVariable> network(Ops ops, DataType type) {
        SDVariable x = graph.placeHolder("x", type, -1, 6);
        SDVariable w = graph.var("w", Nd4j.linspace(DataType.DOUBLE, -1, 0.13, 72).reshape(6, 12).castTo(type));
        SDVariable b = graph.var("b", Nd4j.linspace(DataType.DOUBLE, -0.4, 0.1, 12).castTo(type));
        SDVariable[] parts = graph.split(ops.gelu(ops.linear(x, w, b)), 2, 1);
        SDVariable normal = ops.layerNorm(parts[0].add(x), graph.var("g", Nd4j.valueArrayOf(new long[] {6}, 1.5, type)),
                graph.var("h", Nd4j.valueArrayOf(new long[] {6}, 0.5, type)), 1e-5);
        SDVariable heads = graph.permute(graph.reshape(normal, -1, 2, 3), 1, 0, 2); // [2, N, 3]
        SDVariable weights = graph.nn().softmax(graph.mmul(heads, heads, false, true, false), -1);
        SDVariable loss = graph.reshape(weights, -1).max(0).add(parts[1].mul(normal).mean())
                .add(weights.sum(true, 2).mul(graph.mmul(weights, heads)).sum());
        Map<String, SDVariable> outputs = new LinkedHashMap<>(Gradients.of(loss, List.of("w", "b", "g", "h")));
        outputs.put("loss", loss);
        outputs.put("weights", weights);
        return outputs;
    }

    @Test
    void givesWhatSameDiffGives() {
        Map<String, SDVariable> outputs = network(new Ops(graph, Lowering.STANDARD), DataType.DOUBLE);
        List<String> names = outputs.values().stream().map(SDVariable::name).toList();
        INDArray x = Nd4j.linspace(DataType.DOUBLE, -2, 0.17, 30).reshape(5, 6);
        Map<String, INDArray> expected = graph.output(Map.of("x", x), names);
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {5, 6}), names)) {
            plan.array("x").assign(x);
            for (int run = 0; run < 2; run++) {
                plan.run();
                names.forEach(name -> assertEquals(expected.get(name), plan.array(name), name));
            }
            assertTrue(plan.arenaBytes() > 0);
        }
    }

    /** ND4J numbers every array and op context it makes off the heap. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void runningAllocatesNothingOffTheHeap(Lowering lowering) {
        List<String> names = network(new Ops(graph, lowering), DataType.FLOAT).values().stream().map(SDVariable::name).toList();
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {5, 6}), names)) {
            plan.run();
            long before = Nd4j.getDeallocatorService().nextValue();
            for (int i = 0; i < 10; i++) {
                plan.run();
            }
            assertEquals(1, Nd4j.getDeallocatorService().nextValue() - before);
        }
    }

    @Test
    void opsTheOutputsDoNotNeedAreLeftOut() {
        SDVariable x = placeholder("x", 4);
        SDVariable kept = x.mul(2).add(1);
        x.mul(placeholder("unused", 4)).sum();
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {4}), List.of(kept.name()))) {
            assertEquals(2, plan.steps());
            assertTrue(plan.hasInput("x"));
            assertFalse(plan.hasInput("unused"));
        }
    }

    @Test
    void whatDependsOnConstantsAndShapesAloneIsComputedOnce() {
        SDVariable x = placeholder("x", -1, -1);
        SDVariable shape = graph.concat(0, graph.shape(x), graph.constant(Nd4j.createFromArray(1L)));
        SDVariable y = graph.reshape(x, shape).mul(graph.constant(2.0).add(1));
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {2, 3}), List.of(y.name()))) {
            assertEquals(1, plan.steps());
            plan.array("x").assign(1);
            plan.run();
            assertEquals(Nd4j.valueArrayOf(new long[] {2, 3, 1}, 3.0, DataType.DOUBLE), plan.array(y.name()));
        }
    }

    @Test
    void variablesAreReadWhereTheyAre() {
        SDVariable w = graph.var("w", Nd4j.createFromArray(1.0, 2.0, 3.0, 4.0).reshape(2, 2));
        SDVariable flat = graph.reshape(w, 4);
        SDVariable y = w.mul(10);
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name(), flat.name()))) {
            w.getArr().addi(1);
            plan.run();
            assertEquals(Nd4j.createFromArray(20.0, 30.0, 40.0, 50.0).reshape(2, 2), plan.array(y.name()));
            assertEquals(Nd4j.createFromArray(2.0, 3.0, 4.0, 5.0), plan.array(flat.name()));
        }
    }

    @Test
    void outputsSurviveUntilTheEndOfTheRun() {
        SDVariable x = placeholder("x", 8);
        SDVariable early = x.mul(2);
        SDVariable view = graph.reshape(x.mul(3), 2, 4);
        SDVariable late = early.add(graph.reshape(view, 8));
        for (int i = 0; i < 10; i++) {
            late = late.add(1).mul(1);
        }
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {8}), List.of(early.name(), view.name(), late.name()))) {
            plan.array("x").assign(1);
            plan.run();
            assertEquals(Nd4j.valueArrayOf(new long[] {8}, 2.0, DataType.DOUBLE), plan.array(early.name()));
            assertEquals(Nd4j.valueArrayOf(new long[] {2, 4}, 3.0, DataType.DOUBLE), plan.array(view.name()));
            assertEquals(Nd4j.valueArrayOf(new long[] {8}, 15.0, DataType.DOUBLE), plan.array(late.name()));
        }
    }

    @Test
    void plansOfOneGraphShareNothingButItsVariables() {
        SDVariable y = placeholder("x", -1).mul(2);
        try (Plan a = Plan.compile(graph, Map.of("x", new long[] {2}), List.of(y.name()));
                Plan b = Plan.compile(graph, Map.of("x", new long[] {3}), List.of(y.name()))) {
            a.array("x").assign(1);
            b.array("x").assign(5);
            a.run();
            b.run();
            assertEquals(Nd4j.createFromArray(2.0, 2.0), a.array(y.name()));
            assertEquals(Nd4j.createFromArray(10.0, 10.0, 10.0), b.array(y.name()));
        }
    }

    @Test
    void unknownNamesAndMissingShapesAreErrors() {
        SDVariable y = placeholder("x", -1).mul(2);
        assertMessage("no such value in the graph: z", () -> Plan.compile(graph, Map.of(), List.of("z")));
        assertMessage("placeholder x needs a shape; given are [w]", () -> Plan.compile(graph, Map.of("w", new long[] {2}),
                List.of(y.name())));
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {2}), List.of(y.name()))) {
            String known = "; there are the inputs [x] and the outputs [" + y.name() + "]";
            assertMessage("no such value: z" + known, () -> plan.write("z", 1));
            assertMessage("no such value: w" + known, () -> plan.read("w"));
            assertMessage(y.name() + " is computed by the plan; only inputs can be written", () -> plan.write(y.name(), new float[2]));
            assertMessage("3 values for x, which has 2 elements", () -> plan.write("x", new float[3]));
            assertMessage("x is of type DOUBLE, not int", () -> plan.write("x", new int[2]));
            assertMessage("x is of type DOUBLE, not float", () -> plan.port("x").read(0, new float[2]));
        }
    }

    @Test
    void aVariableStoredByColumnsIsRefused() {
        SDVariable y = graph.var("w", Nd4j.create(DataType.DOUBLE, new long[] {2, 3}, 'f')).mul(2);
        assertMessage("variable w is not stored row by row; give it the array's dup('c')", () -> Plan.compile(graph, Map.of(),
                List.of(y.name())));
    }

    @Test
    void aShapeThatDependsOnValuesIsRefused() {
        SDVariable y = graph.reshape(placeholder("x", 4), graph.placeHolder("shape", DataType.LONG, 2));
        assertMessage("the shape of " + y.name() + " is computed from values; a plan needs it from constants and shapes alone",
                () -> Plan.compile(graph, Map.of("x", new long[] {4}, "shape", new long[] {2}), List.of(y.name())));
    }

    private static void assertMessage(String message, Runnable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void aClosedPlanDoesNotRun() {
        SDVariable y = placeholder("x", 2).mul(2);
        Plan plan = Plan.compile(graph, Map.of("x", new long[] {2}), List.of(y.name()));
        Port x = plan.port("x");
        plan.close();
        plan.close();
        assertEquals("the plan is closed, its memory is freed", assertThrows(IllegalStateException.class, plan::run).getMessage());
        assertThrows(IllegalStateException.class, () -> plan.read(y.name()));
        assertThrows(IllegalStateException.class, () -> x.write(new float[2]));
        assertThrows(IllegalStateException.class, () -> x.get(0));
    }

    /** The gradient of each parameter goes straight where the caller wants the sum of several runs, also that of a parameter used twice. */
    @ParameterizedTest
    @EnumSource(Lowering.class)
    void sumsAreAddedToTheCallersArrays(Lowering lowering) {
        Ops ops = new Ops(graph, lowering);
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 3, 4);
        graph.var("w", Nd4j.linspace(DataType.FLOAT, -1, 0.3, 16).reshape(4, 4));
        graph.var("b", Nd4j.linspace(DataType.FLOAT, 0, 0.1, 4));
        SDVariable inner = ops.linear(x, graph.getVariable("w"), graph.getVariable("b"));
        SDVariable loss = ops.linear(inner, graph.getVariable("w"), null, Activation.GELU_NEW).sum();
        Map<String, List<SDVariable>> terms = Gradients.terms(loss, List.of("w", "b"));
        assertEquals(2, terms.get("w").size());
        Map<String, SDVariable> whole = Gradients.of(loss, List.of("w", "b"));
        Map<String, INDArray> sums = new LinkedHashMap<>();
        INDArray ofW = Nd4j.zeros(DataType.FLOAT, 4, 4);
        INDArray ofB = Nd4j.zeros(DataType.FLOAT, 4);
        terms.get("w").forEach(term -> sums.put(term.name(), ofW));
        terms.get("b").forEach(term -> sums.put(term.name(), ofB));
        List<String> names = List.of(whole.get("w").name(), whole.get("b").name());
        try (Plan once = Plan.compile(graph, Map.of(), names);
                Plan plan = Plan.compile(graph, PlanSpec.of(Map.of(), List.of()).adding(sums.keySet()), sums, Devices.current())) {
            for (Plan p : List.of(once, plan)) {
                p.array("x").assign(Nd4j.linspace(DataType.FLOAT, -0.5, 0.1, 12).reshape(3, 4));
            }
            once.run();
            plan.run();
            plan.run();
            assertTrue(once.array(names.get(0)).mul(2).equalsWithEps(ofW, 1e-4), ofW + " is not twice " + once.array(names.get(0)));
            assertTrue(once.array(names.get(1)).mul(2).equalsWithEps(ofB, 1e-4), ofB + " is not twice " + once.array(names.get(1)));
        }
    }

    @Test
    void anArrayThatIsMissingForASumIsNamed() {
        SDVariable y = placeholder("x", 2).mul(2);
        assertMessage("no array to add " + y.name() + " to; there are [z]",
                () -> Plan.compile(graph, PlanSpec.of(Map.of(), List.of()).adding(List.of(y.name())), Map.of("z", Nd4j.zeros(2)),
                Devices.current()));
    }

    /** f(x) is written over x only where nothing reads x later. */
    @Test
    void anOpWorksInPlaceWhereItsInputIsNotNeededAnyMore() {
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 64, 64);
        SDVariable a = ops.add(x, x);
        SDVariable b = ops.add(a, x);
        SDVariable c = ops.add(b, x);
        PlanReport last = Plan.describe(graph, PlanSpec.of(Map.of(), List.of(c.name())));
        assertEquals(64 * 64 * 4, last.arenaBytes());
        PlanReport both = Plan.describe(graph, PlanSpec.of(Map.of(), List.of(a.name(), c.name())));
        assertEquals(2 * 64 * 64 * 4, both.arenaBytes());
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(a.name(), c.name()))) {
            plan.array("x").assign(3);
            plan.run();
            assertEquals(6, plan.array(a.name()).getDouble(5, 5));
            assertEquals(12, plan.array(c.name()).getDouble(5, 5));
        }
    }

    @Test
    void explainListsOpsBuffersAndCosts() {
        Ops ops = new Ops(graph, Lowering.FUSED);
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 32);
        SDVariable w = graph.var("w", Nd4j.zeros(DataType.FLOAT, 32, 16));
        SDVariable y = ops.linear(x, w, null);
        SDVariable flat = graph.reshape(graph.mmul(y, graph.var("v", Nd4j.zeros(DataType.FLOAT, 16, 8))), -1);
        PlanReport report = Plan.describe(graph, PlanSpec.of(Map.of("x", new long[] {10, 32}), List.of(flat.name())));
        assertEquals(2 * 10 * 32 * 16 + 2 * 10 * 16 * 8, report.flops());
        assertEquals(10 * 32 * 4, report.inputBytes());
        assertEquals(List.of("Linear", "matmul", "reshape"), report.ops().stream().map(PlanReport.Op::kind).toList());
        assertEquals(List.of(10L, 16L), report.ops().get(0).outputs().get(0).shape());
        assertEquals(4 * (10 * 32 + 32 * 16 + 10 * 16), report.ops().get(0).traffic());
        assertTrue(report.text().contains("Linear"), report.text());
        assertEquals("3 ops, 0.00 GFLOP; arena 960 bytes (960 without sharing), inputs 1,280 bytes", report.summary());
    }

    @Test
    void aProfileCountsEveryRun() {
        SDVariable y = placeholder("x", 8).mul(2);
        Profile profile = new Profile();
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name()))) {
            plan.run();
            plan.profile(profile);
            plan.run();
            plan.run();
            plan.profile(null);
            plan.run();
        }
        Profile.Row row = profile.rows().get(0);
        assertEquals(2, row.calls());
        assertEquals(16, row.flops());
        assertEquals(profile.nanos(), row.nanos());
    }
}
