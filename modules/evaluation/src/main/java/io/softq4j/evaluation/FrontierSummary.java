package io.softq4j.evaluation;

/**
 * One group in a few numbers, for what they are worth beside the picture.
 *
 * <p>Each is computed for each seed from the curve of that seed alone, and then averaged. Gains are against the baseline's curve of the same seed, so
 * that what a seed does to both cancels; positive is better; null for the baseline itself, where the two curves of no seed have a diversity (or
 * quality) in common, where nothing of one of the two is right, and where the baseline has no result.
 *
 * @param group           as in the points
 * @param hypervolume     area that the group's cells dominate, down to quality 0 and diversity 0, in units of quality x diversity
 * @param hypervolumeGain the group's hypervolume less the baseline's
 * @param qualityGain     quality at equal diversity less the baseline's, averaged over the diversities that both reach
 * @param diversityGain   diversity at equal quality less the baseline's, averaged over the qualities that both reach
 * @param note            why a gain is null, or is not of all seeds, for people; null for the baseline, and where there is nothing to say
 */
public record FrontierSummary(String group, Interval hypervolume, Interval hypervolumeGain, Interval qualityGain, Interval diversityGain,
                              String note) {
}
