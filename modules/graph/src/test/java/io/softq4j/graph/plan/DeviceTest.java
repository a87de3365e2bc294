package io.softq4j.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.RowLossGraph;
import io.softq4j.graph.cpu.CpuDevice;
import io.softq4j.graph.device.Device;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.KernelOp;
import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A plan runs on whatever has kernels for its ops and a memory for its values; no op knows of it. */
class DeviceTest {

    private static final List<String> PARAMETERS = List.of("e", "w", "b", "v");
    private static final int[] IDS = {3, 1, 4, 1, 6};
    private static final int[] TARGETS = {1, 4, 1, 6, 0};
    private static final float[] MASK = {0, 1, 1, 0, 1};

    /** m_t (V_t - q_t). */
    private static final RowLoss LIKELIHOOD = new RowLoss() {
        @Override
        public boolean involves(RowValues rows, int row) {
            return rows.input(0, row) != 0;
        }

        @Override
        public double value(RowValues rows, int row) {
            return rows.input(0, row) * (rows.value(row) - rows.chosen(row));
        }

        @Override
        public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
            gradient.addProbabilities(scale * rows.input(0, row));
            gradient.addChosen(-scale * rows.input(0, row));
        }

        @Override
        public SDVariable expansion(RowExpansion rows) {
            return rows.value().sub(rows.chosen()).mul(rows.inputs().get(0)).sum();
        }
    };

    /** A residual layer between an embedding and the same table as output layer, with its gradients as sums. */
    private static final class Network {

        private final SameDiff graph = SameDiff.create();
        private final RowLossGraph loss;
        private final Map<String, INDArray> gradients = new LinkedHashMap<>();

        Network(Lowering lowering, DataType type) {
            Ops ops = new Ops(graph, lowering);
            SDVariable table = variable("e", type, 7, 4);
            SDVariable x = ops.embedding(table, graph.placeHolder("ids", DataType.INT, IDS.length));
            SDVariable inner = ops.linear(x, variable("w", type, 4, 6), variable("b", type, 6));
            SDVariable h = ops.add(x, ops.linear(inner, variable("v", type, 6, 4), null, Activation.GELU_NEW));
            SDVariable logits = ops.linearTransposed(h, table);
            loss = RowLossGraph.of(ops, new RowLossGraph.Rows(logits, Optional.of(new RowLossGraph.Product(h, table)), 7, type),
                    new RowLossGraph.Loss(0.8, "targets", "next", List.of("mask"), List.of(new RowLossGraph.Term(LIKELIHOOD, "scale"))),
                    PARAMETERS);
        }

        /** Whether gradients are added up by the plan, which takes floats. */
        private boolean adds() {
            return gradients.get("e").dataType() == DataType.FLOAT;
        }

        private SDVariable variable(String name, DataType type, long... shape) {
            gradients.put(name, Nd4j.zeros(type, shape));
            long count = gradients.get(name).length();
            return graph.var(name, Nd4j.linspace(DataType.DOUBLE, -0.9, 1.7 / count, count).reshape(shape).castTo(type));
        }

        Plan plan(Device device) {
            Map<String, long[]> shapes = Map.of("targets", new long[] {IDS.length}, "next", new long[] {IDS.length}, "mask",
                    new long[] {IDS.length},
                    "scale", new long[0]);
            Map<String, INDArray> sums = new LinkedHashMap<>();
            loss.parameterOfTerm().forEach((term, parameter) -> sums.put(term, gradients.get(parameter)));
            List<String> outputs = new ArrayList<>(loss.training());
            if (!adds()) {
                outputs.addAll(sums.keySet());
            }
            PlanSpec spec = PlanSpec.of(shapes, outputs);
            Plan plan = Plan.compile(graph, adds() ? spec.adding(sums.keySet()) : spec, sums, device);
            plan.write("ids", IDS);
            plan.write("targets", TARGETS);
            plan.write("mask", MASK);
            plan.write("scale", 0.5);
            if (plan.hasInput("next")) {
                plan.write("next", new int[] {1, 2, 3, 4, 5});
            }
            return plan;
        }

        /** Runs twice, with another weight the second time, and clears nothing between. */
        Map<String, double[]> results(Device device) {
            Map<String, double[]> results = new LinkedHashMap<>();
            try (Plan plan = plan(device)) {
                run(plan);
                graph.getVariable("w").getArr().addi(0.25);
                run(plan);
                for (int i = 0; i < loss.training().size(); i++) {
                    results.put("V q H".split(" ")[i], plan.read(loss.training().get(i)));
                }
            }
            gradients.forEach((name, sum) -> results.put("gradient of " + name, sum.dup().data().asDouble()));
            return results;
        }

        private void run(Plan plan) {
            plan.run();
            if (!adds()) {
                loss.parameterOfTerm().forEach((term, parameter) -> gradients.get(parameter).addi(plan.array(term)));
            }
        }
    }

    private static void assertClose(Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                if (MASK[i % MASK.length] != 0 || name.startsWith("gradient")) { // the expansion has V in rows left out, too
                    assertEquals(values[i], actual.get(name)[i], tolerance * Math.max(1, Math.abs(values[i])), name + "[" + i + "]");
                }
            }
        });
    }

    @Test
    void anotherDeviceComputesTheSameFromItsOwnTableInItsOwnMemory() {
        Map<String, double[]> exact = new Network(Lowering.STANDARD, DataType.DOUBLE).results(CpuDevice.CPU);
        Map<String, double[]> reference = new Network(Lowering.FUSED, DataType.FLOAT).results(new ReferenceDevice());
        Map<String, double[]> cpu = new Network(Lowering.FUSED, DataType.FLOAT).results(CpuDevice.CPU);
        assertClose(exact, reference, 2e-7); // parameters and results are floats, nothing between is
        assertClose(exact, cpu, 2e-6);
    }

    @Test
    void whatAKernelWorksInIsItsOwnAffair() {
        try (Plan cpu = new Network(Lowering.FUSED, DataType.FLOAT).plan(CpuDevice.CPU);
                Plan reference = new Network(Lowering.FUSED, DataType.FLOAT).plan(new ReferenceDevice())) {
            assertEquals(3, scratch(cpu).size(), scratch(cpu).toString());
            assertEquals(List.of(), scratch(reference));
            assertTrue(reference.arenaBytes() < cpu.arenaBytes());
        }
    }

    private static List<String> scratch(Plan plan) {
        return plan.explain().ops().stream().flatMap(op -> op.outputs().stream()).map(PlanReport.Buffer::name).filter(name ->
                name.contains(" scratch ")).toList();
    }

    @Test
    void anOpWithoutAKernelIsNamedWithTheDevice() {
        SameDiff graph = SameDiff.create();
        SDVariable y = new Ops(graph, Lowering.FUSED).gelu(graph.placeHolder("x", DataType.FLOAT, 2, 3));
        SDVariable z = y.mul(2);
        PlanSpec ours = PlanSpec.of(Map.of(), List.of(y.name()));
        String known = ", so a graph with it cannot run there. It has kernels for Add, AddOp, ChunkedHead, Embedding, Embedding.Gradient, "
                + "Linear, LinearGradient";
        assertEquals("the op softq4j.Gelu (" + graph.getVariableOutputOp(y.name()).getOwnName() + ") has no kernel on the device reference"
                + known,
                assertThrows(UnsupportedOperationException.class, () -> Plan.compile(graph, ours, Map.of(), new ReferenceDevice()))
                .getMessage());
        SDVariable twice = graph.getVariable("x").mul(2);
        PlanSpec nd4js = PlanSpec.of(Map.of(), List.of(twice.name()));
        assertEquals("the op mul_scalar (" + graph.getVariableOutputOp(twice.name()).getOwnName()
                + ") has no kernel on the device reference" + known,
                assertThrows(UnsupportedOperationException.class, () -> Plan.compile(graph, nd4js, Map.of(), new ReferenceDevice()))
                .getMessage());
        try (Plan plan = Plan.compile(graph, PlanSpec.of(Map.of(), List.of(z.name())), Map.of(), CpuDevice.CPU)) {
            plan.run();
        }
    }

    /** A kernel that is forgotten would be missed by whoever first plans its op. */
    @Test
    void theCpuHasAKernelForEveryOp() throws Exception {
        List<Class<?>> ops = new ArrayList<>();
        for (String name : classesOfPackage(KernelOp.class)) {
            Class<?> type = Class.forName(name);
            if (KernelOp.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                ops.add(type);
            }
        }
        assertTrue(ops.size() >= 25, ops.toString());
        List<Class<?>> known = CpuDevice.CPU.kernels().ops();
        assertEquals(List.of(), ops.stream().filter(op -> !known.contains(op)).toList(), "ops without a kernel");
    }

    /** A search for a free name at each op takes time quadratic in their number. */
    @Test
    void anOpIsNamedByItsNumberInTheGraph() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2, 3);
        for (int i = 0; i < 12; i++) {
            x = new Ops(graph, Lowering.FUSED).gelu(x);
            assertEquals("softq4j.Gelu" + (i == 0 ? "" : "_" + i), graph.getVariableOutputOp(x.name()).getOwnName());
            assertEquals("softq4j.Gelu", graph.getVariableOutputOp(x.name()).opName());
        }
        SDVariable y = new Ops(graph, Lowering.FUSED).swiGlu(graph.placeHolder("gates", DataType.FLOAT, 2, 4));
        SDVariable z = new Ops(graph, Lowering.FUSED).swiGlu(graph.placeHolder("more", DataType.FLOAT, 2, 4));
        assertEquals("softq4j.SwiGlu", graph.getVariableOutputOp(y.name()).getOwnName());
        assertEquals("softq4j.SwiGlu_13", graph.getVariableOutputOp(z.name()).getOwnName());
    }

    private static List<String> classesOfPackage(Class<?> one) throws IOException {
        Path folder = Path.of(one.getProtectionDomain().getCodeSource().getLocation().getPath()).resolve(one.getPackageName().replace('.',
                '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".class")
                    && !name.equals("package-info.class"))
                    .map(name -> one.getPackageName() + "." + name.substring(0, name.length() - ".class".length())).sorted().toList();
        }
    }
}
