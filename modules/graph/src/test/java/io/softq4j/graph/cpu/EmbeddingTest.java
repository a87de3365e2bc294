package io.softq4j.graph.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.kernel.Embedding;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EmbeddingTest {

    private static final int VOCABULARY = 151_936;
    private static final int WIDTH = 4096;

    private final SameDiff graph = SameDiff.create();
    private final SDVariable any = graph.placeHolder("any", DataType.FLOAT, -1, -1);

    private void addGradient(List<INDArray> inputs, INDArray gradient) {
        SDVariable table = new Embedding(graph, any, any).doDiff(List.of(any)).get(0);
        DifferentialFunction backward = graph.getVariableOutputOp(table.name());
        CpuDevice.CPU.kernels().bind(backward, inputs, List.of(gradient)).run();
    }

    @Test
    void theGradientIsAddedToWhatIsThere() {
        INDArray gradient = Nd4j.ones(DataType.FLOAT, 4, 3);
        INDArray dy = Nd4j.linspace(DataType.FLOAT, 1.0, 1.0, 6).reshape(2, 3);
        INDArray ids = Nd4j.createFromArray(2, 2);
        addGradient(List.of(gradient, ids, dy), gradient);
        assertEquals(Nd4j.createFromArray(new float[][] {{1, 1, 1}, {1, 1, 1}, {6, 8, 10}, {1, 1, 1}}), gradient);
    }

    /** Untouched pages of the 2.5 GB cost no memory. */
    @Test
    void aTableBeyondTwoGigabytes() {
        long elements = (long) VOCABULARY * WIDTH;
        Pointer memory = Pointer.calloc(elements, Float.BYTES);
        try {
            INDArray table = Nd4j.create(Nd4j.createBuffer(new BytePointer(memory).capacity(elements * Float.BYTES), elements,
                    DataType.FLOAT),
                    new long[] {VOCABULARY, WIDTH});
            INDArray ids = Nd4j.createFromArray(VOCABULARY - 1, 0, VOCABULARY - 1, 131_072);
            INDArray dy = Nd4j.ones(DataType.FLOAT, 4, WIDTH);
            dy.getRow(1).assign(5);
            addGradient(List.of(table, ids, dy), table);
            INDArray rows = Nd4j.create(DataType.FLOAT, 4, WIDTH);
            CpuDevice.CPU.kernels().bind(new Embedding(graph, any, any), List.of(table, ids), List.of(rows)).run();
            assertEquals(Nd4j.createFromArray(2f * WIDTH, 5f * WIDTH, 2f * WIDTH, WIDTH), rows.sum(1));
        } finally {
            Pointer.free(memory);
        }
    }
}
