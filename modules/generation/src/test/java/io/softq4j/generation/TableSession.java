package io.softq4j.generation;

import java.util.List;
import java.util.Random;

/** A model that is a table: what comes next depends on the last two tokens and on how many there are. Its logits are exact in float32. */
class TableSession extends FunctionSession {

    private final int vocabulary;
    private final float[][][][] table; // [C, V, V, V]

    TableSession(int vocabulary, int capacity, int rows, long seed) {
        super(vocabulary, capacity, rows);
        this.vocabulary = vocabulary;
        this.table = new float[capacity][vocabulary][vocabulary][vocabulary];
        Random random = new Random(seed);
        for (float[][][] at : table) {
            for (float[][] first : at) {
                for (float[] second : first) {
                    for (int v = 0; v < vocabulary; v++) {
                        second[v] = (float) (1.5 * random.nextGaussian());
                    }
                }
            }
        }
    }

    /** Log-probabilities {@code [V]} after the first {@code length} ids. */
    double[] logprobs(int[] ids, int length) {
        float[] z = table[length][length > 1 ? ids[length - 2] : 0][ids[length - 1]];
        double sum = 0;
        for (float each : z) {
            sum += Math.exp(each);
        }
        double[] logprobs = new double[vocabulary];
        for (int v = 0; v < vocabulary; v++) {
            logprobs[v] = z[v] - Math.log(sum);
        }
        return logprobs;
    }

    @Override
    float[] logits(List<Integer> ids) {
        return table[ids.size()][ids.size() > 1 ? ids.get(ids.size() - 2) : 0][ids.get(ids.size() - 1)];
    }
}
