package io.softq4j.generation;

import java.util.List;

/** The model of {@code generation/golden.py}: a formula of the position, the last two tokens and the next. */
final class FormulaSession extends FunctionSession {

    static final int VOCABULARY = 13;

    private final long seed;

    FormulaSession(long seed, int rows) {
        super(VOCABULARY, 100, rows);
        this.seed = seed;
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
    float[] logits(List<Integer> ids) {
        return logits(seed, ids);
    }
}
