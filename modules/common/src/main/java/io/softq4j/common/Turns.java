package io.softq4j.common;

import java.util.Arrays;
import java.util.List;

/**
 * Turns by weight. Each goes to whoever is furthest behind its share, so that any n turns in a row hold the weights as well as n allows; no
 * chance is involved. Of those equally far behind, the first has it.
 */
public final class Turns {

    private final double[] shares;
    private final double[] credit;

    /** Before the first turn. @param weights each above 0, relative to each other */
    public Turns(List<Double> weights) {
        double[] values = weights.stream().mapToDouble(Double::doubleValue).toArray();
        double total = Arrays.stream(values).sum();
        this.shares = Arrays.stream(values).map(weight -> weight / total).toArray();
        this.credit = new double[values.length];
    }

    /** Whose turn it is, from 0; the next call is the next turn. */
    public int next() {
        int chosen = 0;
        for (int i = 0; i < shares.length; i++) {
            credit[i] += shares[i];
            chosen = credit[i] > credit[chosen] ? i : chosen;
        }
        credit[chosen] -= 1;
        return chosen;
    }

    /** Share of all turns, above 0 and at most 1. */
    public double share(int index) {
        return shares[index];
    }
}
