package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.RowFunction;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** The terms of a head's loss, each with its view of the arrays of one plan. */
final class HeadTerms {

    /**
     * The arrays.
     *
     * @param value   V
     * @param chosen  q
     * @param entropy H
     * @param sums    of all terms' functions, one term after the other
     * @param inputs  of the loss
     * @param scales  one for each term; none without gradient
     */
    record Buffers(FloatBuffer value, FloatBuffer chosen, FloatBuffer entropy, List<FloatBuffer> sums, List<FloatBuffer> inputs,
                   List<FloatBuffer> scales) {
    }

    /** A term and the first of its sums. */
    private record Term(RowLoss loss, RowFunction function, int firstSum, RowValues rows) {
    }

    private final List<Term> terms = new ArrayList<>();
    private final Buffers buffers;
    private final int sums;
    private final boolean functions;

    HeadTerms(List<RowLoss> losses, Buffers buffers, int width) {
        this.buffers = buffers;
        int first = 0;
        for (RowLoss loss : losses) {
            RowFunction function = loss.function().orElse(null);
            terms.add(new Term(loss, function, first, new View(buffers, first, width)));
            first += function == null ? 0 : function.sums();
        }
        sums = first;
        functions = terms.stream().anyMatch(term -> term.function() != null);
    }

    int sums() {
        return sums;
    }

    /** Whether a term needs all logits of a row. */
    boolean haveFunctions() {
        return functions;
    }

    boolean involve(int row) {
        for (Term term : terms) {
            if (term.loss().involves(term.rows(), row)) {
                return true;
            }
        }
        return false;
    }

    /** Keeps one of a row's sums. */
    void keep(int index, int row, double sum) {
        buffers.sums().get(index).put(row, (float) sum);
    }

    /**
     * Overwrites {@code gradient} with the coefficients of a row, summed from the last term to the first, as reverse mode goes over the
     * expansion.
     */
    void differentiate(int row, RowGradient gradient) {
        gradient.clear();
        for (int i = terms.size() - 1; i >= 0; i--) {
            Term term = terms.get(i);
            term.loss().differentiate(term.rows(), row, scale(i), gradient);
        }
    }

    private double scale(int term) {
        return buffers.scales().get(term).get(0);
    }

    /** Adds a piece's part of all sums to {@code totals} from {@code at}. */
    void sum(float[] z, int column, int size, double[] totals, int at) {
        for (Term term : terms) {
            if (term.function() != null) {
                term.function().sum(z, column, size, totals, at + term.firstSum());
            }
        }
    }

    /** Adds what the functions give for a piece. */
    void differentiate(int row, float[] z, int column, int size, float[] gradient) {
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            if (term.function() != null) {
                term.function().differentiate(term.rows(), row, scale(i), z, column, size, gradient);
            }
        }
    }

    private record View(Buffers buffers, int firstSum, int width) implements RowValues {

        @Override
        public double value(int row) {
            return buffers.value().get(row);
        }

        @Override
        public double chosen(int row) {
            return buffers.chosen().get(row);
        }

        @Override
        public double entropy(int row) {
            return buffers.entropy().get(row);
        }

        @Override
        public double sum(int index, int row) {
            return buffers.sums().get(firstSum + index).get(row);
        }

        @Override
        public double input(int index, int row) {
            return buffers.inputs().get(index).get(row);
        }
    }
}
