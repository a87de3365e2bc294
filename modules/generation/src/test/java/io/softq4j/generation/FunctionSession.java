package io.softq4j.generation;

import java.util.ArrayList;
import java.util.List;

/** A model without weights or work: what comes next is a function of the ids of a row so far. */
abstract class FunctionSession implements DecodingSession {

    private final int vocabulary;
    private final int capacity;
    private final List<List<Integer>> rows = new ArrayList<>();

    FunctionSession(int vocabulary, int capacity, int rows) {
        this.vocabulary = vocabulary;
        this.capacity = capacity;
        for (int r = 0; r < rows; r++) {
            this.rows.add(new ArrayList<>());
        }
    }

    /** Logits {@code [V]} after {@code ids}. */
    abstract float[] logits(List<Integer> ids);

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
        // the function needs no work
    }

    @Override
    public void logits(int row, float[] into) {
        System.arraycopy(logits(rows.get(row)), 0, into, 0, vocabulary);
    }

    @Override
    public double logSumExp(int row) {
        double sum = 0;
        for (float each : logits(rows.get(row))) {
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
