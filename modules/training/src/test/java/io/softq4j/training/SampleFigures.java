package io.softq4j.training;

import io.softq4j.objective.Counts;
import io.softq4j.objective.Figures;
import io.softq4j.objective.softq.LossSums;

/** Figures of one scored token, which the tests write out as numbers. */
final class SampleFigures {

    private SampleFigures() {
    }

    static Figures of(double nll, double td, double value0, double entropy, double lambda, double zLoss) {
        return new LossSums(nll, td, entropy, value0, zLoss, 1, new Counts(1, 1)).figures(lambda);
    }
}
