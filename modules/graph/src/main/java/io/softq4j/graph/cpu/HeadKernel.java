package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Kernel;
import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.machine.Memory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link ChunkedHead}: values and gradient of one chunk of rows after another, in scratch space for the logits and hidden states of one.
 */
final class HeadKernel implements Kernel<ChunkedHead> {

    @Override
    public List<long[]> scratch(ChunkedHead op, List<long[]> inputs) {
        long[] table = inputs.get(ChunkedHead.TABLE);
        HeadChunk chunk = HeadChunk.of(inputs.get(ChunkedHead.HIDDEN)[0], table[0], table[1]);
        List<long[]> shapes = new ArrayList<>();
        shapes.add(new long[] {chunk.rows() + 1, chunk.stride()});
        shapes.add(new long[] {chunk.rows() + 1, table[1]});
        if (op.wanted().hidden()) {
            shapes.add(new long[] {chunk.groups(), chunk.rows() + 1, table[1]});
        }
        return shapes;
    }

    @Override
    public Work bind(ChunkedHead op, List<INDArray> inputs, List<INDArray> outputs) {
        INDArray table = inputs.get(ChunkedHead.TABLE);
        HeadChunk chunk = HeadChunk.of(inputs.get(ChunkedHead.HIDDEN).size(0), table.size(0), table.size(1));
        double tau = op.loss().tau();
        List<INDArray> scratch = outputs.subList(op.getNumOutputs(), outputs.size());
        HeadTerms terms = terms(op, inputs, outputs, chunk.vocabulary());
        HeadValues values = new HeadValues(chunk, tau, terms, inputs, outputs, scratch.subList(0, 2));
        HeadGradient backward = op.wanted().count() == 0 ? null
                : new HeadGradient(chunk, tau, terms, inputs, outputs.get(0), values, targets(op, outputs, scratch));
        return () -> {
            values.start();
            if (backward != null) {
                backward.start();
            }
            while (values.next()) {
                if (backward != null) {
                    backward.run();
                }
                values.carry();
            }
        };
    }

    private static HeadTerms terms(ChunkedHead op, List<INDArray> inputs, List<INDArray> outputs, int width) {
        int scales = ChunkedHead.LOSS + op.loss().inputs().size();
        return new HeadTerms(op.loss().terms(), new HeadTerms.Buffers(Memory.floats(outputs.get(0)), Memory.floats(outputs.get(1)),
                Memory.floats(outputs.get(2)), floats(outputs.subList(ChunkedHead.VALUES, op.hiddenOutput())),
                floats(inputs.subList(ChunkedHead.LOSS, scales)), floats(inputs.subList(scales, inputs.size()))), width);
    }

    private static List<FloatBuffer> floats(List<INDArray> arrays) {
        return arrays.stream().map(Memory::floats).toList();
    }

    private static HeadGradient.Targets targets(ChunkedHead op, List<INDArray> outputs, List<INDArray> scratch) {
        boolean hidden = op.wanted().hidden();
        return new HeadGradient.Targets(scratch.get(0), scratch.get(1), hidden ? outputs.get(op.hiddenOutput()) : null, hidden
                ? scratch.get(2) : null,
                op.wanted().table() ? outputs.get(op.tableOutput()) : null);
    }
}
