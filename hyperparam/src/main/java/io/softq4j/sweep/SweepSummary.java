package io.softq4j.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sweep's trials and what they say together.
 *
 * @param trials every trial of the study, by index
 */
public record SweepSummary(List<TrialRecord> trials) {

    /**
     * The trials that share their parameters and differ in their seed.
     *
     * @param label      {@code lambda=0.1}
     * @param parameters shared by them
     * @param complete   those that completed, by index; may be empty
     * @param mean       of their scores; NaN when there is none
     * @param std        sample standard deviation of their scores; NaN below two
     */
    public record Group(String label, Map<String, Object> parameters, List<TrialRecord> complete, double mean, double std) {
    }

    public SweepSummary {
        trials = List.copyOf(trials);
    }

    public long count(TrialStatus status) {
        return trials.stream().filter(r -> r.status() == status).count();
    }

    /** The complete trial with the highest score, the lowest index among equals; empty when none is complete. */
    public Optional<TrialRecord> best() {
        return ranked().stream().findFirst().filter(r -> r.status() == TrialStatus.COMPLETE);
    }

    /** Complete trials from the best score down, then the others; equals by index. */
    public List<TrialRecord> ranked() {
        List<TrialRecord> rows = new ArrayList<>(trials);
        rows.sort(Comparator.comparing(TrialRecord::status)
                .thenComparing(r -> r.status() == TrialStatus.COMPLETE ? -r.score() : 0)
                .thenComparing(r -> r.trial().index()));
        return rows;
    }

    /** One group per setting, in the order of the plan. */
    public List<Group> groups() {
        Map<Map<String, Object>, List<TrialRecord>> bySetting = new LinkedHashMap<>();
        for (TrialRecord row : trials) {
            List<TrialRecord> complete = bySetting.computeIfAbsent(row.trial().parameters(), p -> new ArrayList<>());
            if (row.status() == TrialStatus.COMPLETE) {
                complete.add(row);
            }
        }
        List<Group> groups = new ArrayList<>();
        bySetting.forEach((parameters, complete) -> groups.add(group(parameters, complete)));
        return groups;
    }

    private static Group group(Map<String, Object> parameters, List<TrialRecord> complete) {
        int n = complete.size();
        double mean = complete.stream().mapToDouble(TrialRecord::score).sum() / n;
        double squares = complete.stream().mapToDouble(r -> (r.score() - mean) * (r.score() - mean)).sum();
        return new Group(Labels.setting(parameters), parameters, List.copyOf(complete), n == 0 ? Double.NaN : mean,
                n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)));
    }
}
