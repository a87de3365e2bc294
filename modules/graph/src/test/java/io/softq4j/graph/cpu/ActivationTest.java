package io.softq4j.graph.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.machine.VectorMath;
import org.junit.jupiter.api.Test;

class ActivationTest {

    private static float value(Activation activation, float x) {
        float[] row = new float[VectorMath.SPECIES.length()];
        row[0] = x;
        Activations.value(activation, row, 1);
        return row[0];
    }

    /** Derivative and value as the backward pass has them. */
    private static float[] gradient(Activation activation, float x, float upstream) {
        float[] row = new float[VectorMath.SPECIES.length()];
        float[] gradient = new float[VectorMath.SPECIES.length()];
        row[0] = x;
        gradient[0] = upstream;
        Activations.gradient(activation, row, gradient, 1);
        return new float[] {gradient[0], row[0]};
    }

    /**
     * Phi(-a) to about 1e-15 relative: the series of Phi(a) - 1/2 (Abramowitz and Stegun 26.2.11) near 0, Laplace's continued fraction of
     * the tail (26.2.14) beyond.
     */
    private static double tail(double a) {
        double density = Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI);
        if (a < 2) {
            double term = a;
            double sum = a;
            for (int n = 1; n < 100; n++) {
                term *= a * a / (2 * n + 1);
                sum += term;
            }
            return 0.5 - density * sum;
        }
        double fraction = a;
        for (int n = 400; n >= 1; n--) {
            fraction = a + n / fraction;
        }
        return density / fraction;
    }

    private static double phi(double x) {
        return x < 0 ? tail(-x) : 1 - tail(x);
    }

    /** Also where x is negative and 1 + erf has no digits left. */
    @Test
    void geluIsExactToAFewUnitsInTheLastPlace() {
        for (float x = -12.8f; x < 20; x += 0.00137f) {
            double exact = x * phi(x);
            assertEquals(exact, value(Activation.GELU, x), (x < 0 ? 5 : 2) * Math.ulp((float) exact), "of " + x);
            assertEquals(value(Activation.GELU, x), gradient(Activation.GELU, x, 1)[1], "of " + x);
        }
    }

    /** The derivative is 0 near -0.75, where nothing but its absolute error can be small. */
    @Test
    void derivativeOfGelu() {
        for (float x = -12.8f; x < 20; x += 0.00137f) {
            double density = Math.exp(-(double) x * x / 2) / Math.sqrt(2 * Math.PI);
            double exact = phi(x) + x * density;
            double tolerance = 4 * Math.ulp((float) Math.max(Math.abs(exact), Math.abs(x) * density));
            assertEquals(exact, gradient(Activation.GELU, x, 1)[0], tolerance, "of " + x);
        }
        assertEquals(-2.5f * gradient(Activation.GELU, 0.3f, 1)[0], gradient(Activation.GELU, 0.3f, -2.5f)[0]);
    }

    @Test
    void geluFarOut() {
        for (float x : new float[] {14, 1e4f, 1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
            assertEquals(x, value(Activation.GELU, x));
            assertEquals(0f, Math.abs(value(Activation.GELU, -x)));
            assertArrayEquals(new float[] {1, x}, gradient(Activation.GELU, x, 1));
            assertEquals(0f, Math.abs(gradient(Activation.GELU, -x, 1)[0]));
        }
        assertEquals(Float.NaN, value(Activation.GELU, Float.NaN));
        assertEquals(0f, value(Activation.GELU, 0));
    }

    @Test
    void reluAndItsDerivative() {
        assertArrayEquals(new float[] {3, 2.5f}, gradient(Activation.RELU, 2.5f, 3));
        assertArrayEquals(new float[] {0, 0}, gradient(Activation.RELU, -2.5f, 3));
        assertArrayEquals(new float[] {0, 0}, gradient(Activation.RELU, 0, 3));
        assertEquals(0f, value(Activation.RELU, -1));
        assertEquals(7f, value(Activation.RELU, 7));
        assertEquals(Float.NaN, value(Activation.RELU, Float.NaN));
    }
}
