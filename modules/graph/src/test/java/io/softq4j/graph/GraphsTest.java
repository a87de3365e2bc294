package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GraphsTest {

    /** ND4J numbers every array it makes off the heap. */
    @Test
    void aVariableIsTheArrayItWasGivenAndNoCopyOfIt() {
        SameDiff graph = Graphs.create();
        INDArray array = Nd4j.create(DataType.FLOAT, 3, 4);
        long before = Nd4j.getDeallocatorService().nextValue();
        SDVariable variable = graph.var("x", array);
        assertEquals(1, Nd4j.getDeallocatorService().nextValue() - before);
        assertSame(array, variable.getArr());
        assertSame(array, graph.getVariable("x").getArr());
    }
}
