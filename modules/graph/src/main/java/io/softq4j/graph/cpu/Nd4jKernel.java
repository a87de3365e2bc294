package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Kernel;
import io.softq4j.graph.device.Work;
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

/** Ops of ND4J itself, by its own executioner, on whatever ND4J's backend computes. */
public final class Nd4jKernel implements Kernel<DifferentialFunction> {

    @Override
    public Work bind(DifferentialFunction op, List<INDArray> inputs, List<INDArray> outputs) {
        return new Call(op, inputs, outputs);
    }

    private static final class Call implements Work {

        private final OpContext context;
        private final Runnable work;

        Call(DifferentialFunction op, List<INDArray> inputs, List<INDArray> outputs) {
            OpExecutioner executioner = Nd4j.getExecutioner();
            context = executioner.buildContext();
            fill(context, op, inputs);
            context.setOutputArrays(outputs.toArray(INDArray[]::new));
            if (op instanceof CustomOp custom) {
                work = () -> executioner.exec(custom, context);
            } else {
                Op legacy = (Op) op;
                work = () -> executioner.exec(legacy, context);
            }
        }

        @Override
        public void run() {
            work.run();
        }

        @Override
        public void close() {
            context.purge();
        }
    }

    /** Shapes of the outputs of one of ND4J's ops, given arrays of the right shapes. */
    public static List<LongShapeDescriptor> shapes(DifferentialFunction op, List<INDArray> inputs) {
        OpContext context = Nd4j.getExecutioner().buildContext();
        fill(context, op, inputs);
        List<LongShapeDescriptor> shapes = op instanceof DynamicCustomOp custom ? custom.calculateOutputShape(context)
                : ((BaseOp) op).calculateOutputShape(context);
        context.purge();
        return shapes;
    }

    private static void fill(OpContext context, DifferentialFunction op, List<INDArray> arrays) {
        if (op instanceof DynamicCustomOp custom) {
            context.setArgs(arrays.toArray(INDArray[]::new), custom.iArgs(), custom.dArgs(), custom.tArgs(), custom.bArgs());
        } else {
            context.setInputArrays(arrays.toArray(INDArray[]::new));
        }
    }
}
