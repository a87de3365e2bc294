package io.softq4j.graph.plan;

import io.softq4j.graph.kernel.KernelOp;
import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** An op tied to its arrays, ready to run. */
final class Binding implements AutoCloseable {

    private final Node node;
    private final OpContext context;
    private final Runnable work;

    Binding(Node node, List<INDArray> inputs, List<INDArray> outputs) {
        this.node = node;
        if (node.function() instanceof KernelOp kernel) {
            context = null;
            work = kernel.bind(inputs, outputs);
            return;
        }
        OpExecutioner executioner = Nd4j.getExecutioner();
        context = executioner.buildContext();
        fill(context, node.function(), inputs);
        context.setOutputArrays(outputs.toArray(INDArray[]::new));
        if (node.function() instanceof CustomOp custom) {
            work = () -> executioner.exec(custom, context);
        } else {
            Op legacy = (Op) node.function();
            work = () -> executioner.exec(legacy, context);
        }
    }

    Node node() {
        return node;
    }

    void run() {
        work.run();
    }

    /** Shapes of the outputs of one of ND4J's ops, given arrays of the right shapes. */
    static List<LongShapeDescriptor> shapes(DifferentialFunction function, List<INDArray> inputs) {
        OpContext context = Nd4j.getExecutioner().buildContext();
        fill(context, function, inputs);
        List<LongShapeDescriptor> shapes = function instanceof DynamicCustomOp custom ? custom.calculateOutputShape(context)
                : ((BaseOp) function).calculateOutputShape(context);
        context.purge();
        return shapes;
    }

    private static void fill(OpContext context, DifferentialFunction function, List<INDArray> arrays) {
        if (function instanceof DynamicCustomOp custom) {
            context.setArgs(arrays.toArray(INDArray[]::new), custom.iArgs(), custom.dArgs(), custom.tArgs(), custom.bArgs());
        } else {
            context.setInputArrays(arrays.toArray(INDArray[]::new));
        }
    }

    @Override
    public void close() {
        if (context != null) {
            context.purge();
        }
    }
}
