package io.softq4j.graph.device;

import io.softq4j.graph.kernel.KernelOp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels of a device, by the class of the op. Immutable. */
public final class Kernels {

    private final String device;
    private final Map<Class<?>, Kernel<DifferentialFunction>> byClass;
    private final Optional<Kernel<DifferentialFunction>> standard;

    private Kernels(String device, Map<Class<?>, Kernel<DifferentialFunction>> byClass, Optional<Kernel<DifferentialFunction>> standard) {
        this.device = device;
        this.byClass = byClass;
        this.standard = standard;
    }

    /** An empty table. @param device its name, for errors */
    public static Kernels of(String device) {
        return new Kernels(device, Map.of(), Optional.empty());
    }

    /** This table with a kernel for one class of ops, in place of any it had. */
    @SuppressWarnings("unchecked") // it is handed ops of its class alone
    public <O extends DifferentialFunction> Kernels with(Class<O> op, Kernel<? super O> kernel) {
        Map<Class<?>, Kernel<DifferentialFunction>> more = new HashMap<>(byClass);
        more.put(op, (Kernel<DifferentialFunction>) (Kernel<?>) kernel);
        return new Kernels(device, more, standard);
    }

    /** This table with a kernel for ops of ND4J itself, which are all but {@link KernelOp}s, that have none of their own. */
    public Kernels withStandard(Kernel<DifferentialFunction> kernel) {
        return new Kernels(device, byClass, Optional.of(kernel));
    }

    /** The classes of ops that have a kernel of their own. */
    public List<Class<?>> ops() {
        return List.copyOf(byClass.keySet());
    }

    /**
     * Binds an op to arrays of the device.
     *
     * @param outputs those of the op, then those of {@link #scratch}
     * @throws UnsupportedOperationException if there is no kernel for it
     */
    public Work bind(DifferentialFunction op, List<INDArray> inputs, List<INDArray> outputs) {
        return of(op).bind(op, inputs, outputs);
    }

    /** Shapes of the float32 arrays that the op's kernel works in. @throws UnsupportedOperationException if there is no kernel for it */
    public List<long[]> scratch(DifferentialFunction op, List<long[]> inputs) {
        return of(op).scratch(op, inputs);
    }

    private Kernel<DifferentialFunction> of(DifferentialFunction op) {
        Kernel<DifferentialFunction> own = byClass.get(op.getClass());
        if (own != null) {
            return own;
        }
        if (standard.isPresent() && !(op instanceof KernelOp)) {
            return standard.get();
        }
        String known = byClass.keySet().stream().map(type -> type.getName().substring(type.getPackageName().length() + 1).replace('$', '.'))
                .sorted()
                .collect(Collectors.joining(", ", "It has kernels for ", ""));
        throw new UnsupportedOperationException("the op " + op.opName() + " (" + op.getOwnName() + ") has no kernel on the device " + device
                + ", so a graph with it cannot run there. " + (byClass.isEmpty() ? "It has none of ours" : known)
                + (standard.isPresent() ? ", and runs all ops of ND4J: build the graph with Lowering.STANDARD" : ""));
    }
}
