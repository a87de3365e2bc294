package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Backward of {@link Norm}, with what comes from above for the sum added in the same pass:
 *
 * <pre>
 *   h = (s - mean) rstd,   d = dy gain
 *   ds = dsum + rstd (d - mean(d) - h mean(d h))      without mean(d) for rms
 *   dgain += sum over rows of dy h,   dbias += sum over rows of dy
 * </pre>
 *
 * <p>Inputs s {@code [N, D]}, gain {@code [D]}, rstd {@code [N]}, dy {@code [N, D]}, mean {@code [N]} (layer only), dsum {@code [N, D]}
 * (where the sum is used elsewhere too); outputs, each where it is wanted, ds, which is the gradient of both x and r, dgain and (layer
 * only) dbias.
 */
public final class NormGradient extends KernelOp {

    /**
     * Which gradients are computed.
     *
     * @param sum  ds
     * @param gain dgain
     * @param bias dbias
     */
    public record Wanted(boolean sum, boolean gain, boolean bias) {

        /** How many. */
        public int count() {
            return (sum ? 1 : 0) + (gain ? 1 : 0) + (bias ? 1 : 0);
        }
    }

    private final boolean layer;
    private final boolean adding;
    private final Wanted wanted;

    /** @param mean null for rms @param dsum null where nothing else uses the sum */
    NormGradient(SameDiff graph, SDVariable sum, SDVariable gain, SDVariable mean, SDVariable rstd, SDVariable dy, SDVariable dsum,
            Wanted wanted) {
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

    /** Which output dgain is, where it is wanted; dbias is the last. */
    public int gainOutput() {
        return wanted.sum() ? 1 : 0;
    }

    /** Whether it is of layer normalisation. */
    public boolean layer() {
        return layer;
    }

    /** Whether there is a dsum. */
    public boolean adding() {
        return adding;
    }

    /** Which gradients are computed. */
    public Wanted wanted() {
        return wanted;
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

    /** Which input dsum is, if there is one. */
    public int dsumInput() {
        return layer ? 5 : 4;
    }
}
