package io.softq4j.graph.cpu;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Exp;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * GELU itself (Hendrycks and Gimpel 2016, arXiv 1606.08415), x Phi(x) with Phi the normal distribution function, as PyTorch's
 * {@code nn.GELU()}. On blocks of {@link Blocks#SIZE} at most.
 *
 * <p>With a = |x| and e = exp(-a^2 / 2), the tail Phi(-a) is e R(a). R, which falls smoothly from 1/2, is computed as a quotient of
 * polynomials with positive coefficients, fitted by least squares with weights until the largest relative error over [0, 13.2] was least:
 * 5e-9. So
 *
 * <pre>
 *   gelu(x)  = max(x, 0) - a e R
 *   gelu'(x) = g where x &lt; 0, else 1 - g,   g = e (R - a / sqrt(2 pi))
 * </pre>
 *
 * without the loss of all digits that 1 + erf has where x is negative.
 */
final class GeluErf {

    private static final int EXPONENTIALS = 13;
    private static final int RATIOS = 14;

    private static final FloatVector ZERO = VectorMath.constant(0f);
    private static final FloatVector ONE = VectorMath.constant(1f);
    private static final FloatVector MINUS_HALF = VectorMath.constant(-0.5f);

    /** From here on e R a is no normal float. */
    private static final FloatVector END = VectorMath.constant(13f);
    private static final FloatVector MINUS_ROOT = VectorMath.constant((float) -(1 / Math.sqrt(2 * Math.PI)));

    private static final FloatVector P0 = VectorMath.constant(0.5000000024463961f);
    private static final FloatVector P1 = VectorMath.constant(0.43545208275341407f);
    private static final FloatVector P2 = VectorMath.constant(0.18113422216752045f);
    private static final FloatVector P3 = VectorMath.constant(0.03992625852020577f);
    private static final FloatVector P4 = VectorMath.constant(0.004011652765055005f);
    private static final FloatVector Q1 = VectorMath.constant(1.6687890793607205f);
    private static final FloatVector Q2 = VectorMath.constant(1.1937654046270492f);
    private static final FloatVector Q3 = VectorMath.constant(0.463924991402138f);
    private static final FloatVector Q4 = VectorMath.constant(0.10008775811765531f);
    private static final FloatVector Q5 = VectorMath.constant(0.010055576764794929f);

    private GeluErf() {
    }

    /** x becomes gelu(x). */
    static void value(float[] x, int size) {
        float[] e = exponentials(x, size);
        float[] r = ratios(x, size);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            FloatVector a = v.abs();
            FloatVector tail = FloatVector.fromArray(VectorMath.SPECIES, e, i).mul(FloatVector.fromArray(VectorMath.SPECIES, r, i));
            FloatVector below = a.blend(END, a.compare(VectorOperators.GT, END)).mul(tail);
            v.blend(ZERO, v.compare(VectorOperators.LT, ZERO)).sub(below).intoArray(x, i);
        }
    }

    /** The gradient of gelu(x) becomes that of x, and x becomes gelu(x). */
    static void gradient(float[] x, float[] gradient, int size) {
        float[] e = exponentials(x, size);
        float[] r = ratios(x, size);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            FloatVector a = v.abs();
            a = a.blend(END, a.compare(VectorOperators.GT, END));
            FloatVector g = a.fma(MINUS_ROOT, FloatVector.fromArray(VectorMath.SPECIES, r, i)).mul(FloatVector.fromArray(VectorMath.SPECIES,
                    e, i));
            FloatVector derivative = ONE.sub(g).blend(g, v.compare(VectorOperators.LT, ZERO));
            FloatVector.fromArray(VectorMath.SPECIES, gradient, i).mul(derivative).intoArray(gradient, i);
        }
        value(x, size);
    }

    /** e, 0 beyond {@link #END}. */
    private static float[] exponentials(float[] x, int size) {
        float[] e = Scratch.row(EXPONENTIALS, Blocks.SIZE);
        squares(x, e, size);
        Exp.of(e, e, size, 0f, -0.5f);
        completed(x, e, size);
        return e;
    }

    private static void squares(float[] x, float[] squares, int size) {
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            v.mul(v).intoArray(squares, i);
        }
    }

    /** x^2 is rounded; for large x what is lost changes several of the last bits of e. */
    private static void completed(float[] x, float[] e, int size) {
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, x, i);
            FloatVector lost = v.fma(v, v.mul(v).neg());
            FloatVector power = FloatVector.fromArray(VectorMath.SPECIES, e, i);
            power = lost.mul(MINUS_HALF).fma(power, power);
            power.blend(ZERO, v.abs().compare(VectorOperators.GT, END)).intoArray(e, i);
        }
    }

    /** R(a). */
    private static float[] ratios(float[] x, int size) {
        float[] r = Scratch.row(RATIOS, Blocks.SIZE);
        for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(VectorMath.SPECIES, x, i).abs();
            a = a.blend(END, a.compare(VectorOperators.GT, END));
            FloatVector square = a.mul(a);
            FloatVector p = a.fma(P1, P0).add(a.fma(P3, P2).mul(square)).add(square.mul(square).mul(P4));
            FloatVector q = a.fma(Q1, ONE).add(a.fma(Q3, Q2).mul(square)).add(a.fma(Q5, Q4).mul(square.mul(square)));
            p.div(q).intoArray(r, i);
        }
        return r;
    }
}
