package io.softq4j.evaluation.text;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@link Bleu} does with an n-gram order that has no match (Chen and Cherry 2014, "A Systematic Comparison of Smoothing Techniques for
 * Sentence-Level BLEU"), under the names of sacreBLEU.
 */
public enum BleuSmoothing {

    /** NIST's, Chen and Cherry's method 3: the i-th order without a match counts 2^-i matches. */
    EXP("exp", Double.NaN),
    /** Method 1: that order counts a small number of matches, 0.1 if nothing else is said. */
    FLOOR("floor", 0.1),
    /** Method 2 (Lin and Och 2004): orders from 2 on count k more matches and k more n-grams, 1 if nothing else is said. */
    ADD_K("add-k", 1),
    /** Nothing: BLEU is 0. */
    NONE("none", Double.NaN);

    private final String id;
    private final double standard;

    BleuSmoothing(String id, double standard) {
        this.id = id;
        this.standard = standard;
    }

    /** The name that sacreBLEU gives it. */
    public String id() {
        return id;
    }

    /** The number it takes if none is given; NaN for a method that takes none. */
    public double standard() {
        return standard;
    }

    /** The one that sacreBLEU calls so. */
    public static Optional<BleuSmoothing> of(String id) {
        return Stream.of(values()).filter(smoothing -> smoothing.id.equals(id)).findFirst();
    }

    /** As a signature has it, {@code floor[0.10]}. */
    String signature(double value) {
        return Double.isNaN(standard) ? id : id + String.format(Locale.ROOT, "[%.2f]", value);
    }
}
