package io.softq4j.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares groups with the baseline, seed by seed, or says why it does not.
 *
 * @param quality   the axis of it
 * @param diversity the axis of it
 * @param baseline  its name
 * @param base      what is known of it; null where that is nothing
 */
record FrontierComparison(FrontierAxis quality, FrontierAxis diversity, String baseline, SeedTable base) {

    FrontierSummary of(String group, SeedTable table) {
        Interval hypervolume = table.interval(table, (curve, same) -> curve.hypervolume());
        if (table == base) {
            return new FrontierSummary(group, hypervolume, null, null, null, null);
        }
        if (base == null) {
            return new FrontierSummary(group, hypervolume, null, null, null, "no gain is computed: the baseline, " + baseline + ", has no result");
        }
        if (!table.hasQuality() || !base.hasQuality()) {
            String without = table.hasQuality() ? baseline : base.hasQuality() ? group : group + " and " + baseline;
            return new FrontierSummary(group, hypervolume, null, null, null, "no gain is computed: " + quality.label() + " is 0 for " + without
                    + " with every sampler, so nothing was right that could be compared");
        }
        Interval hypervolumeGain = table.interval(base, (curve, other) -> curve.hypervolume() - other.hypervolume());
        if (hypervolumeGain == null) {
            return new FrontierSummary(group, hypervolume, null, null, null, "no gain is computed: no seed was run by both, and gains are paired by seed");
        }
        Interval qualityGain = table.interval(base, FrontierCurve::qualityGain);
        Interval diversityGain = table.interval(base, FrontierCurve::diversityGain);
        List<String> notes = new ArrayList<>();
        note(notes, "quality gain at equal diversity", qualityGain, hypervolumeGain.seeds(), "share no diversity: ", diversity,
                table.diversities(), base.diversities());
        note(notes, "diversity gain at equal quality", diversityGain, hypervolumeGain.seeds(), "share no quality above 0: ", quality,
                table.qualities(), base.qualities());
        return new FrontierSummary(group, hypervolume, hypervolumeGain, qualityGain, diversityGain, notes.isEmpty() ? null : String.join("; ", notes));
    }

    /** @param seeds that both ran */
    private void note(List<String> notes, String gain, Interval found, int seeds, String missing, FrontierAxis axis, double[] own, double[] others) {
        String ranges = missing + axis.label() + " is " + range(own) + ", that of " + baseline + " " + range(others);
        if (found == null) {
            notes.add("no " + gain + ": with no seed do the curves overlap, they " + ranges);
        } else if (found.seeds() < seeds) {
            notes.add(gain + " over " + found.seeds() + " of " + seeds + " seeds, the curves of the others " + missing.replace(": ", ""));
        }
    }

    private static String range(double[] range) {
        return String.format(Locale.ROOT, "%.3g to %.3g", range[0], range[1]);
    }
}
