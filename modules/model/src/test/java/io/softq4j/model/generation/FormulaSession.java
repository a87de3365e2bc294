package io.softq4j.model.generation;

import java.util.ArrayList;
import java.util.List;

/** The model of {@code generation/golden.py}: a formula of the position, the last two tokens and the next. */
final class FormulaSession implements DecodingSession {

    static final int VOCABULARY = 13;

    private final long seed;
    private final List<List<Integer>> rows = new ArrayList<>();

    FormulaSession(long seed, int rows) {
        this.seed = seed;
        for (int r = 0; r < rows; r++) {
            this.rows.add(new ArrayList<>());
        }
    }

    static float logit(long seed, int t, int a, int b, int v) {
        long h = seed * 0x9E3779B1L + t * 0x85EBCA77L + a * 0xC2B2AE3DL + b * 0x27D4EB2FL + v * 0x165667B1L & 0xFFFFFFFFL;
        h = (h ^ h >> 15) * 0x2C1B3C6DL & 0xFFFFFFFFL;
        h = (h ^ h >> 12) * 0x297A2D39L & 0xFFFFFFFFL;
        h ^= h >> 15;
        return (float) (h / 4294967296.0 * 6 - 3);
    }

    /** Logits {@code [V]} after {@code ids}. */
    static float[] logits(long seed, List<Integer> ids) {
        float[] logits = new float[VOCABULARY];
        int t = ids.size();
        for (int v = 0; v < VOCABULARY; v++) {
            logits[v] = logit(seed, t, t > 1 ? ids.get(t - 2) : 0, ids.get(t - 1), v);
        }
        return logits;
    }

    @Override
    public int rows() {
        return rows.size();
    }

    @Override
    public int vocabulary() {
        return VOCABULARY;
    }

    @Override
    public int capacity() {
        return 100;
    }

    @Override
    public void requireRoom(String name, int[] prompt) {
        // there is
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
        // the formula needs no work
    }

    @Override
    public void logits(int row, float[] into) {
        System.arraycopy(logits(seed, rows.get(row)), 0, into, 0, VOCABULARY);
    }

    @Override
    public double logSumExp(int row) {
        double sum = 0;
        for (float each : logits(seed, rows.get(row))) {
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
