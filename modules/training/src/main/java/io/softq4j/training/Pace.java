package io.softq4j.training;

import java.util.OptionalDouble;

/** How fast a run goes: updates, validations and checkpoints are timed apart, so that none of them is taken for another. */
final class Pace {

    /** The first updates compile plans and warm up; they say little about the rest; the last of them counts while there are no others. */
    private static final int WARM_UP = 3;

    /** A validation reads its rows forward; an update goes backward too, which is twice the work. Used until one has been timed. */
    private static final double FORWARD = 1.0 / 3;

    private final long totalSteps;
    private final long evalSteps;
    private final long saveSteps;
    private final double stepsToValidate;
    private final Timed first = new Timed();
    private final Timed steps = new Timed();
    private final Timed validations = new Timed();
    private final Timed saves = new Timed();
    private long tokens;
    private double seconds;

    private static final class Timed {
        private long count;
        private double seconds;
        private double last;

        void add(double more) {
            count++;
            last = more;
            seconds += more;
        }

        double mean(double otherwise) {
            return count == 0 ? otherwise : seconds / count;
        }
    }

    /**
     * A run that has not begun.
     *
     * @param evalSteps       updates between two validations; 0 for one at the end
     * @param saveSteps       updates between two checkpoints; 0 for one at the end
     * @param stepsToValidate how many updates have as many rows as a validation; 0 where there is none
     */
    Pace(long totalSteps, long evalSteps, long saveSteps, double stepsToValidate) {
        this.totalSteps = totalSteps;
        this.evalSteps = evalSteps;
        this.saveSteps = saveSteps;
        this.stepsToValidate = stepsToValidate;
    }

    /** An update took so long for so many tokens. */
    void stepped(double took, long itsTokens) {
        (first.count < WARM_UP ? first : steps).add(took);
        tokens += itsTokens;
        seconds += took;
    }

    void validated(double took) {
        validations.add(took);
    }

    void saved(double took) {
        saves.add(took);
    }

    /** Of the updates since {@link #begin}; nothing else counts. */
    double tokensPerSecond() {
        return tokens / Math.max(1e-9, seconds);
    }

    /** The next updates have a rate of their own. */
    void begin() {
        tokens = 0;
        seconds = 0;
    }

    /**
     * Seconds until the end of a run that has made {@code step} updates: those that are left, and what is still validated and saved. Empty while all that
     * is known is an update that compiled, which of a small model takes a thousand times as long as the others.
     */
    OptionalDouble secondsLeft(long step) {
        if (first.count < 2 && step < totalSteps) {
            return OptionalDouble.empty();
        }
        double ofStep = steps.mean(first.last);
        double validating = validations.mean(FORWARD * stepsToValidate * ofStep) * stops(step, evalSteps);
        return OptionalDouble.of(ofStep * (totalSteps - step) + validating + saves.mean(0) * stops(step, saveSteps));
    }

    /** How often something is done still that is done every so many updates, and at the end. */
    private long stops(long step, long every) {
        return every == 0 ? 1 : (totalSteps - 1) / every - Math.max(0, step - 1) / every + 1;
    }
}
