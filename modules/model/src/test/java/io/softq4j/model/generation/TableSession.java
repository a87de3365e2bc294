package io.softq4j.model.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model that is a table: what comes next depends on the last two tokens and on how many there are. Its logits are exact in float32. */
class TableSession implements DecodingSession {

    private final int vocabulary;
    private final int capacity;
    private final float[][][][] table; // [C, V, V, V]
    private final List<List<Integer>> rows = new ArrayList<>();

    TableSession(int vocabulary, int capacity, int rows, long seed) {
        this.vocabulary = vocabulary;
        this.capacity = capacity;
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
        for (int r = 0; r < rows; r++) {
            this.rows.add(new ArrayList<>());
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

    private float[] now(int row) {
        List<Integer> ids = rows.get(row);
        return table[ids.size()][ids.size() > 1 ? ids.get(ids.size() - 2) : 0][ids.get(ids.size() - 1)];
    }

    @Override
    public int rows() {
        return rows.size();
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void requireRoom(String name, int[] prompt) {
        if (prompt.length == 0 || prompt.length >= capacity) {
            throw new IllegalArgumentException(name);
        }
    }

    @Override
    public int[] start(int row, int[] prompt) {
        rows.get(row).clear();
        return prompt.clone();
    }

    @Override
    public int length(int row) {
        return rows.get(row).size();
    }

    @Override
    public void feed(int row, int token) {
        rows.get(row).add(token);
    }

    @Override
    public void step() {
        // the table needs no work
    }

    @Override
    public void logits(int row, float[] into) {
        System.arraycopy(now(row), 0, into, 0, vocabulary);
    }

    @Override
    public double logSumExp(int row) {
        double sum = 0;
        for (float each : now(row)) {
            sum += Math.exp(each);
        }
        return Math.log(sum);
    }

    @Override
    public double entropy(int row) {
        return 0;
    }

    @Override
    public void copy(int from, int to) {
        rows.set(to, new ArrayList<>(rows.get(from)));
    }

    @Override
    public void close() {
        // nothing to free
    }
}
