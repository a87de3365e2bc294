package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Regroup;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Regroup}, a row at a time. */
final class RegroupKernel {

    private RegroupKernel() {
    }

    static Work bind(Regroup op, List<INDArray> inputs, List<INDArray> outputs) {
        int groups = op.groups();
        int parts = op.parts();
        int width = op.width();
        int rows = (int) inputs.get(0).size(0);
        int stride = groups * parts * width;
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> Workers.rows(rows, stride, (piece, from, to) -> {
            float[] row = Scratch.row(0, stride);
            for (int i = from; i < to; i++) {
                x.get(i * stride, row, 0, stride);
                for (int a = 0; a < groups; a++) {
                    for (int b = 0; b < parts; b++) {
                        y.put(i * stride + (b * groups + a) * width, row, (a * parts + b) * width, width);
                    }
                }
            }
        });
    }
}
