package io.softq4j.training.optim;

import io.softq4j.graph.machine.Workers;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.graph.plan.Profile;
import io.softq4j.model.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An optimiser that changes each parameter by its own value, gradient and state alone. State is float32, off heap. Work is cut into pieces of fixed size
 * and partial sums are added in their order, so neither a step nor a norm depends on the number of threads. A step goes over memory once, at the rate of
 * a plain copy, if the compiler turns the {@link Update} into vector instructions.
 */
abstract class ElementwiseOptimizer implements Optimizer {

    /** Floats in a piece; its arrays stay in a core's second-level cache. */
    private static final int PIECE = 1 << 14;

    /** One step on the elements of a piece. */
    @FunctionalInterface
    interface Update {

        /**
         * Changes the first {@code n} elements of {@code theta} and of each array of {@code state}.
         *
         * @param gradient before it is clipped
         * @param state    in the order of the names that were given
         * @param decays   whether they belong to a tensor of rank 2 or more
         */
        void apply(float[] theta, float[] gradient, float[][] state, int n, boolean decays);
    }

    private record Piece(Parameters.Slot slot, List<FloatBuffer> state, int offset, int length) {
    }

    /** A thread's own copy of a piece. */
    private static final class Scratch {

        private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
        private static final float[] ZEROS = new float[PIECE];

        private final float[] value = new float[PIECE];
        private final float[] gradient = new float[PIECE];
        private float[][] state = new float[0][];

        /** Arrays for {@code n} tensors of state. */
        float[][] state(int n) {
            if (state.length != n) {
                state = new float[n][PIECE];
            }
            return state;
        }
    }

    private final Parameters parameters;
    private final String title;
    private final long flops;
    private final int states;
    private final List<Tensor> state = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private long steps;
    private Profile profile;

    /**
     * An optimiser whose state is zero.
     *
     * @param title      what a profile calls a step
     * @param flops      of a step on each parameter
     * @param stateNames one for each float that is remembered of a parameter, such as {@code exp_avg}
     */
    ElementwiseOptimizer(Parameters parameters, String title, long flops, List<String> stateNames) {
        this.parameters = parameters;
        this.title = title;
        this.flops = flops;
        this.states = stateNames.size();
        for (Parameters.Slot slot : parameters.slots()) {
            List<FloatBuffer> own = IntStream.range(0, states).mapToObj(i -> zeros(slot.size())).toList();
            for (int i = 0; i < states; i++) {
                state.add(new Tensor(stateNames.get(i) + "." + slot.name(), slot.shape(), own.get(i)));
            }
            for (int offset = 0; offset < slot.size(); offset += PIECE) {
                pieces.add(new Piece(slot, own, offset, Math.min(PIECE, slot.size() - offset)));
            }
        }
    }

    private static FloatBuffer zeros(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /**
     * What the next step does to every piece.
     *
     * @param step           its number, counted from 1
     * @param learningRate   of this step
     * @param gradientFactor what each gradient is multiplied with first
     */
    abstract Update update(long step, double learningRate, float gradientFactor);

    @Override
    public final void profile(Profile sink) {
        profile = sink;
    }

    @Override
    public final double gradientNorm() {
        long start = System.nanoTime();
        double norm = norm();
        record("gradient norm", start, 2, Float.BYTES);
        return norm;
    }

    /** @param flopsOfEach of each parameter @param bytes read and written of each parameter */
    private void record(String kind, long start, long flopsOfEach, long bytes) {
        if (profile != null) {
            profile.add(kind, System.nanoTime() - start, flopsOfEach * parameters.count(), bytes * parameters.count());
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

    @Override
    public final void step(double learningRate, double gradientFactor) {
        long start = System.nanoTime();
        steps++;
        Update update = update(steps, learningRate, (float) gradientFactor);
        Workers.forEach(pieces.size(), i -> apply(update, pieces.get(i)));
        record(title, start, flops, 2L * (2 + states) * Float.BYTES);
    }

    private void apply(Update update, Piece piece) {
        Scratch scratch = Scratch.OF_THREAD.get();
        float[][] copies = scratch.state(states);
        int n = piece.length;
        piece.slot.values().get(piece.offset, scratch.value, 0, n);
        piece.slot.gradients().get(piece.offset, scratch.gradient, 0, n);
        for (int i = 0; i < states; i++) {
            piece.state.get(i).get(piece.offset, copies[i], 0, n);
        }
        update.apply(scratch.value, scratch.gradient, copies, n, piece.slot.shape().size() >= 2);
        piece.slot.values().put(piece.offset, scratch.value, 0, n);
        piece.slot.gradients().put(piece.offset, Scratch.ZEROS, 0, n);
        for (int i = 0; i < states; i++) {
            piece.state.get(i).put(piece.offset, copies[i], 0, n);
        }
    }

    @Override
    public final long steps() {
        return steps;
    }

    @Override
    public final void steps(long made) {
        this.steps = made;
    }

    @Override
    public final Parameters parameters() {
        return parameters;
    }

    @Override
    public final List<Tensor> state() {
        return List.copyOf(state);
    }
}
