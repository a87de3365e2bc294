package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.NormGradient;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link NormGradient}, a row at a time; what is summed over rows first by pieces, then in their order. */
final class NormGradientKernel {

    private NormGradientKernel() {
    }

    static Work bind(NormGradient op, List<INDArray> inputs, List<INDArray> outputs) {
        boolean layer = op.layer();
        boolean adding = op.adding();
        NormGradient.Wanted wanted = op.wanted();
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        FloatBuffer s = Memory.floats(inputs.get(0));
        FloatBuffer gain = Memory.floats(inputs.get(1));
        FloatBuffer rstd = Memory.floats(inputs.get(2));
        FloatBuffer dy = Memory.floats(inputs.get(3));
        FloatBuffer mean = layer ? Memory.floats(inputs.get(4)) : null;
        FloatBuffer dsum = adding ? Memory.floats(inputs.get(op.dsumInput())) : null;
        FloatBuffer ds = wanted.sum() ? Memory.floats(outputs.get(0)) : null;
        FloatBuffer dgain = wanted.gain() ? Memory.floats(outputs.get(op.gainOutput())) : null;
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
                        Floats.add(partialBias[piece], d, width);
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
