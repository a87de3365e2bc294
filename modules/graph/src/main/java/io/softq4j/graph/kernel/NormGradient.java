package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Backward of {@link Norm}, with what comes from above for the sum added in the same pass:
 *
 * <pre>
 *   h = (s - mean) rstd,   d = dy gain
 *   ds = dsum + rstd (d - mean(d) - h mean(d h))      without mean(d) for rms
 *   dgain += sum over rows of dy h,   dbias += sum over rows of dy
 * </pre>
 *
 * <p>Inputs s {@code [N, D]}, gain {@code [D]}, rstd {@code [N]}, dy {@code [N, D]}, mean {@code [N]} (layer only), dsum {@code [N, D]} (where the
 * sum is used elsewhere too); outputs, each where it is wanted, ds, which is the gradient of both x and r, dgain and (layer only) dbias.
 */
final class NormGradient extends KernelOp {

    /**
     * Which gradients are computed.
     *
     * @param sum  ds
     * @param gain dgain
     * @param bias dbias
     */
    record Wanted(boolean sum, boolean gain, boolean bias) {

        int count() {
            return (sum ? 1 : 0) + (gain ? 1 : 0) + (bias ? 1 : 0);
        }
    }

    private final boolean layer;
    private final boolean adding;
    private final Wanted wanted;

    /** @param mean null for rms @param dsum null where nothing else uses the sum */
    NormGradient(SameDiff graph, SDVariable sum, SDVariable gain, SDVariable mean, SDVariable rstd, SDVariable dy, SDVariable dsum, Wanted wanted) {
        super(wanted.count(), graph, Stream.of(sum, gain, rstd, dy, mean, dsum).filter(v -> v != null).toArray(SDVariable[]::new));
        this.layer = mean != null;
        this.adding = dsum != null;
        this.wanted = wanted;
    }

    /** ds; null where not wanted. */
    SDVariable ofSum() {
        return wanted.sum() ? outputVariables()[0] : null;
    }

    /** dgain; null where not wanted. */
    SDVariable ofGain() {
        return wanted.gain() ? outputVariables()[gainOutput()] : null;
    }

    /** dbias; null where not wanted. */
    SDVariable ofBias() {
        return wanted.bias() ? outputVariables()[wanted.count() - 1] : null;
    }

    private int gainOutput() {
        return wanted.sum() ? 1 : 0;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[][] shapes = new long[wanted.count()][];
        Arrays.fill(shapes, inputs.get(1));
        if (wanted.sum()) {
            shapes[0] = inputs.get(0);
        }
        return List.of(shapes);
    }

    @Override
    public boolean adds(int output) {
        return output >= gainOutput();
    }

    @Override
    public int inPlaceOf(int output) {
        return adds(output) ? -1 : adding ? dsumInput() : 3;
    }

    private int dsumInput() {
        return layer ? 5 : 4;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer s = Memory.floats(inputs.get(0));
        FloatBuffer gain = Memory.floats(inputs.get(1));
        FloatBuffer rstd = Memory.floats(inputs.get(2));
        FloatBuffer dy = Memory.floats(inputs.get(3));
        FloatBuffer mean = layer ? Memory.floats(inputs.get(4)) : null;
        FloatBuffer dsum = adding ? Memory.floats(inputs.get(dsumInput())) : null;
        FloatBuffer ds = wanted.sum() ? Memory.floats(outputs.get(0)) : null;
        FloatBuffer dgain = wanted.gain() ? Memory.floats(outputs.get(gainOutput())) : null;
        FloatBuffer dbias = wanted.bias() ? Memory.floats(outputs.get(wanted.count() - 1)) : null;
        int pieces = Workers.pieces(rows, width);
        float[][] partialGain = new float[pieces][width];
        float[][] partialBias = new float[wanted.bias() ? pieces : 0][width];
        float inverse = 1f / width;
        return () -> {
            Workers.rows(rows, width, (piece, from, to) -> {
                float[] h = Scratch.row(0, width);
                float[] d = Scratch.row(1, width);
                float[] g = Scratch.row(2, width);
                float[] above = Scratch.row(3, width);
                Arrays.fill(above, 0, width, 0f);
                Arrays.fill(partialGain[piece], 0f);
                if (wanted.bias()) {
                    Arrays.fill(partialBias[piece], 0f);
                }
                gain.get(0, g, 0, width);
                for (int i = from; i < to; i++) {
                    s.get(i * width, h, 0, width);
                    dy.get(i * width, d, 0, width);
                    if (adding) {
                        dsum.get(i * width, above, 0, width);
                    }
                    if (wanted.bias()) {
                        Add.add(partialBias[piece], d, width);
                    }
                    float r = rstd.get(i);
                    standardise(h, d, layer ? mean.get(i) : 0, r, g, partialGain[piece], width);
                    if (wanted.sum()) {
                        float meanD = layer ? Rows.sum(d, width) * inverse : 0;
                        float meanDh = Rows.dot(d, h, width) * inverse;
                        finish(d, h, meanD, meanDh, r, above, width);
                        ds.put(i * width, d, 0, width);
                    }
                }
            });
            if (wanted.gain()) {
                Pieces.addTo(dgain, partialGain, width);
            }
            if (wanted.bias()) {
                Pieces.addTo(dbias, partialBias, width);
            }
        };
    }

    /** s becomes h, dy becomes d, dgain grows by dy h. */
    private static void standardise(float[] s, float[] dy, float mean, float rstd, float[] gain, float[] dgain, int width) {
        for (int j = 0; j < width; j++) {
            float h = (s[j] - mean) * rstd;
            s[j] = h;
            dgain[j] += dy[j] * h;
            dy[j] *= gain[j];
        }
    }

    private static void finish(float[] d, float[] h, float meanD, float meanDh, float rstd, float[] above, int width) {
        for (int j = 0; j < width; j++) {
            d[j] = above[j] + rstd * (d[j] - meanD - h[j] * meanDh);
        }
    }
}
