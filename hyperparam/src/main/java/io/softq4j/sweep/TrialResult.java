package io.softq4j.sweep;

import java.util.Map;

/**
 * What a finished trial found.
 *
 * @param score  one finite number to rank trials by, higher is better
 * @param report anything JSON can hold, by name; kept in the journal. Non-finite numbers in it become null
 */
public record TrialResult(double score, Map<String, Object> report) {

    /** @throws IllegalArgumentException on a score that cannot be ranked, or a report that is not JSON: the trial then counts as failed */
    public TrialResult {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("the score is " + score + ", not a number that can be ranked; "
                    + "training has most likely diverged: try a lower learning rate");
        }
        try {
            report = JournalValues.normalised(report);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the report of the trial cannot be kept: " + e.getMessage(), e);
        }
    }
}
