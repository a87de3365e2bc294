package io.softq4j.training.optim;

import io.softq4j.graph.machine.Workers;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.Profile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), as {@code torch.optim.AdamW} computes it:
 *
 * <pre>
 *   theta &lt;- theta - lr w theta                          w: weight decay, 0 for biases and norms (tensors of rank 0 and 1)
 *   m     &lt;- beta1 m + (1 - beta1) g
 *   v     &lt;- beta2 v + (1 - beta2) g^2
 *   theta &lt;- theta - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * with g the gradient after clipping by its global norm. Moments are float32, off heap. Work is cut into pieces of fixed size and partial sums are
 * added in their order, so neither a step nor a norm depends on the number of threads. A step goes over memory once, at the rate of a plain copy:
 * the compiler turns {@link #update} into vector instructions by itself.
 */
public final class AdamW {

    /** Floats in a piece; its four arrays stay in a core's second-level cache. */
    private static final int PIECE = 1 << 14;

    /**
     * What stays the same over all updates.
     *
     * @param beta1       decay of the first moment
     * @param beta2       decay of the second moment
     * @param epsilon     added to the square root of the second moment
     * @param weightDecay decoupled decay of tensors of rank 2 and more
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    }

    private record Piece(Parameters.Slot slot, FloatBuffer expAvg, FloatBuffer expAvgSq, int offset, int length) {
    }

    /** A thread's own copy of a piece. */
    private static final class Scratch {

        private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
        private static final float[] ZEROS = new float[PIECE];

        private final float[] value = new float[PIECE];
        private final float[] gradient = new float[PIECE];
        private final float[] expAvg = new float[PIECE];
        private final float[] expAvgSq = new float[PIECE];
    }

    private final Parameters parameters;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final List<FloatBuffer> expAvg = new ArrayList<>();
    private final List<FloatBuffer> expAvgSq = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private long steps;
    private Profile profile;

    /** An optimiser with zero moments. */
    public AdamW(Parameters parameters, Settings settings) {
        this.parameters = parameters;
        this.beta1 = settings.beta1();
        this.beta2 = settings.beta2();
        this.epsilon = settings.epsilon();
        this.weightDecay = settings.weightDecay();
        for (Parameters.Slot slot : parameters.slots()) {
            FloatBuffer m = zeros(slot.size());
            FloatBuffer v = zeros(slot.size());
            expAvg.add(m);
            expAvgSq.add(v);
            for (int offset = 0; offset < slot.size(); offset += PIECE) {
                pieces.add(new Piece(slot, m, v, offset, Math.min(PIECE, slot.size() - offset)));
            }
        }
    }

    private static FloatBuffer zeros(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** From now on the time of norms and updates is added to {@code sink}. */
    public void profile(Profile sink) {
        profile = sink;
    }

    /** Euclidean norm of all gradients together, summed in double; not finite where a gradient is not. */
    public double gradientNorm() {
        long start = System.nanoTime();
        double norm = norm();
        record("gradient norm", start, 2, Float.BYTES);
        return norm;
    }

    /** @param flops of each parameter @param bytes read and written of each parameter */
    private void record(String kind, long start, long flops, long bytes) {
        if (profile != null) {
            profile.add(kind, System.nanoTime() - start, flops * parameters.count(), bytes * parameters.count());
        }
    }

    private double norm() {
        double[] sums = new double[pieces.size()];
        Workers.forEach(pieces.size(), i -> {
            Scratch scratch = Scratch.OF_THREAD.get();
            Piece piece = pieces.get(i);
            piece.slot.gradients().get(piece.offset, scratch.gradient, 0, piece.length);
            sums[i] = sumOfSquares(scratch.gradient, piece.length);
        });
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return Math.sqrt(sum);
    }

    /** Four sums side by side: one alone would wait for each addition. */
    private static double sumOfSquares(float[] values, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (; k + 3 < n; k += 4) {
            a += (double) values[k] * values[k];
            b += (double) values[k + 1] * values[k + 1];
            c += (double) values[k + 2] * values[k + 2];
            d += (double) values[k + 3] * values[k + 3];
        }
        for (; k < n; k++) {
            a += (double) values[k] * values[k];
        }
        return a + b + (c + d);
    }

    /** Factor of {@code torch.nn.utils.clip_grad_norm_}: min(1, maxNorm / (norm + 1e-6)); 1 where {@code maxNorm} is 0. */
    public static double clipFactor(double norm, double maxNorm) {
        return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    }

    /**
     * One update of every parameter; gradients are zero afterwards, ready for the next step to add to.
     *
     * @param learningRate   lr of this step
     * @param gradientFactor what each gradient is multiplied with first: {@link #clipFactor}
     */
    public void step(double learningRate, double gradientFactor) {
        long start = System.nanoTime();
        update(learningRate, gradientFactor);
        record("AdamW", start, 16, 8 * Float.BYTES);
    }

    private void update(double learningRate, double gradientFactor) {
        steps++;
        float stepSize = (float) (learningRate / (1 - StrictMath.pow(beta1, steps)));
        float sqrtCorrection = (float) Math.sqrt(1 - StrictMath.pow(beta2, steps));
        float factor = (float) gradientFactor;
        float decay = (float) (learningRate * weightDecay);
        Workers.forEach(pieces.size(), i -> {
            Scratch scratch = Scratch.OF_THREAD.get();
            Piece piece = pieces.get(i);
            int n = piece.length;
            piece.slot.values().get(piece.offset, scratch.value, 0, n);
            piece.slot.gradients().get(piece.offset, scratch.gradient, 0, n);
            piece.expAvg.get(piece.offset, scratch.expAvg, 0, n);
            piece.expAvgSq.get(piece.offset, scratch.expAvgSq, 0, n);
            update(scratch, n, stepSize, sqrtCorrection, factor, piece.slot.shape().size() >= 2 ? decay : 0);
            piece.slot.values().put(piece.offset, scratch.value, 0, n);
            piece.slot.gradients().put(piece.offset, Scratch.ZEROS, 0, n);
            piece.expAvg.put(piece.offset, scratch.expAvg, 0, n);
            piece.expAvgSq.put(piece.offset, scratch.expAvgSq, 0, n);
        });
    }

    private void update(Scratch scratch, int n, float stepSize, float sqrtCorrection, float factor, float decay) {
        float[] theta = scratch.value;
        float[] gradient = scratch.gradient;
        float[] m = scratch.expAvg;
        float[] v = scratch.expAvgSq;
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float c1 = (float) (1 - beta1);
        float c2 = (float) (1 - beta2);
        float eps = (float) epsilon;
        for (int k = 0; k < n; k++) {
            float g = gradient[k] * factor;
            m[k] = b1 * m[k] + c1 * g;
            v[k] = b2 * v[k] + c2 * (g * g);
            theta[k] -= theta[k] * decay + stepSize * (m[k] / ((float) Math.sqrt(v[k]) / sqrtCorrection + eps));
        }
    }

    /** Number of updates made. */
    public long steps() {
        return steps;
    }

    /** Continues after {@code steps} updates; the moments are those put into {@link #expAvg} and {@link #expAvgSq}. */
    public void steps(long steps) {
        this.steps = steps;
    }

    /** What is optimised. */
    public Parameters parameters() {
        return parameters;
    }

    /** First moment of slot {@code i}, as live memory. */
    public FloatBuffer expAvg(int i) {
        return expAvg.get(i);
    }

    /** Second moment of slot {@code i}, as live memory. */
    public FloatBuffer expAvgSq(int i) {
        return expAvgSq.get(i);
    }
}
