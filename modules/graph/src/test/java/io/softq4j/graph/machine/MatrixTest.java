package io.softq4j.graph.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MatrixTest {

    @Test
    void rowsAreTheSameHoweverManyViewsThereAre() {
        INDArray array = Nd4j.linspace(DataType.FLOAT, 0.0, 1.0, 33).reshape(11, 3);
        for (long viewBytes : new long[] {1, 12, 13, 24, 100, 1 << 20, 1L << 40}) {
            Matrix matrix = new Matrix(array, viewBytes);
            float[] two = new float[2];
            FloatBuffer whole = FloatBuffer.allocate(4);
            for (int row = 0; row < 11; row++) {
                matrix.get(row, 1, two, 2);
                assertEquals(3 * row + 1, two[0]);
                assertEquals(3 * row + 2, two[1]);
                matrix.copyRow(row, whole, 1);
                assertEquals(3 * row, whole.get(1));
                assertEquals(3 * row + 2, whole.get(3));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(11, 0, two, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(-1, 0, two, 2));
        }
    }

    @Test
    void whatIsPutLiesInTheArray() {
        INDArray array = Nd4j.zeros(DataType.FLOAT, 5, 3);
        new Matrix(array, 24).put(4, 1, new float[] {7, 8}, 2);
        assertEquals(Nd4j.createFromArray(0f, 7f, 8f), array.getRow(4));
        assertEquals(15, array.sumNumber().doubleValue());
    }
}
