package io.softq4j.graph.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.cpu.Columns;
import io.softq4j.graph.cpu.Visibility;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {

    private static FloatVector vector(float x) {
        return FloatVector.broadcast(VectorMath.SPECIES, x);
    }

    private static void assertNear(double expected, float seen, double units, float x) {
        assertEquals(expected, seen, units * Math.ulp((float) expected), "of " + x);
    }

    @Test
    void exponentials() {
        for (float x = -87; x < 88; x += 0.0137f) {
            assertNear(Math.exp(x), exp(x), 2, x);
            assertNear(Math.exp(x), columnsExp(x), 2, x);
        }
        for (float x : new float[] {-87.01f, -1e4f, -1e30f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY}) {
            assertEquals(0f, columnsExp(x));
        }
        assertEquals(Float.NaN, columnsExp(Float.NaN));
    }

    private static float exp(float x) {
        float[] row = new float[VectorMath.SPECIES.length()];
        row[0] = x;
        Exp.of(row, row, 1, 0f, 1f);
        return row[0];
    }

    @Test
    void exponentialsOfWhatIsShiftedAndScaled() {
        float[] row = new float[VectorMath.SPECIES.length()];
        row[0] = 3.5f;
        Exp.of(row, row, 1, 1.5f, -0.5f);
        assertNear(Math.exp(-1), row[0], 1, -1);
    }

    @Test
    void exponentialsBeyondTheRangeOfFloatAreItsEnds() {
        assertEquals(exp(-87), exp(-1e30f));
        assertEquals(exp(88), exp(1e30f));
    }

    private static float columnsExp(float x) {
        float[] tile = new float[Visibility.TILE];
        tile[0] = x;
        Columns.exp(tile, 1, 1, new float[Visibility.TILE], new float[Visibility.TILE]);
        return tile[0];
    }

    @Test
    void logarithms() {
        for (double x = 1.2e-38; x < 3e38; x *= 1.0137) {
            assertNear(Math.log((float) x), VectorMath.log(vector((float) x)).lane(0), 2, (float) x);
        }
        assertEquals(0f, VectorMath.log(vector(1)).lane(0));
    }

    @Test
    void lanesAreAddedInOrder() {
        float[] lanes = new float[VectorMath.SPECIES.length()];
        float sum = 0;
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = (float) Math.pow(-3.7, i);
            sum += lanes[i];
        }
        assertEquals(sum, VectorMath.sum(FloatVector.fromArray(VectorMath.SPECIES, lanes, 0)));
    }
}
