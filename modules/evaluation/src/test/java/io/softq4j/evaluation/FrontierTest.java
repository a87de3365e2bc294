package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierTest {

    private static FrontierPoint point(String group, double temperature, long seed, double quality, double diversity) {
        return new FrontierPoint(group, temperature, seed, quality, diversity);
    }

    private static Frontier frontier(FrontierPoint... points) {
        return Frontier.of("quality", "diversity", List.of(points), "base");
    }

    @Test
    void aCellIsTheMeanOverSeedsWithItsStandardError() {
        FrontierCell cell = frontier(point("base", 1, 0, 0.2, 1), point("base", 1, 1, 0.4, 2), point("base", 1, 2, 0.9, 3)).cells().get(0);
        assertEquals(0.5, cell.quality().mean(), 1e-15);
        // deviations -0.3, -0.1, 0.4: variance 0.26 / 2, over 3 seeds
        assertEquals(Math.sqrt(0.13 / 3), cell.quality().standardError(), 1e-15);
        assertEquals(new Estimate(2, Math.sqrt(1.0 / 3), 3), cell.diversity());
    }

    @Test
    void oneSeedHasNeitherErrorNorInterval() {
        Frontier frontier = frontier(point("base", 1, 0, 0.5, 10), point("base", 2, 0, 0.3, 20), point("other", 1, 0, 0.6, 10),
                point("other", 2, 0, 0.4, 20));
        frontier.cells().forEach(cell -> assertNull(cell.quality().standardError()));
        assertEquals(new Interval(0.1, null, null, 1), rounded(frontier.groups().get(1).qualityGain()));
    }

    @Test
    void aCellIsOnTheParetoSetUnlessAnotherIsAtLeastAsGoodInBothAndBetterInOne() {
        Frontier frontier = frontier(point("base", 1, 0, 0.9, 10), point("base", 2, 0, 0.5, 20), point("other", 1, 0, 0.9, 12),
                point("other", 2, 0, 0.4, 20),
                point("twin", 1, 0, 0.9, 12), point("twin", 2, 0, 0.1, 30));
        assertEquals(List.of(false, true, true, false, true, true), frontier.cells().stream().map(FrontierCell::pareto).toList());
    }

    @Test
    void parallelCurvesDifferByTheirDistanceInBothDirections() {
        // base: quality 1 - d/100 from d = 20 to 60; other: the same moved right by 10, which is up by 0.1.
        Frontier frontier = frontier(point("base", 1, 0, 0.8, 20), point("base", 2, 0, 0.4, 60), point("other", 1, 0, 0.8, 30),
                point("other", 1.5, 0, 0.6, 50),
                point("other", 2, 0, 0.4, 70));
        FrontierSummary other = frontier.groups().get(1);
        assertEquals(0.1, other.qualityGain().value(), 1e-12);
        assertEquals(10, other.diversityGain().value(), 1e-12);
        assertEquals(70 * 0.4 + 50 * 0.2 + 30 * 0.2, other.hypervolume().value(), 1e-12);
        assertEquals(70 * 0.4 + 50 * 0.2 + 30 * 0.2 - (60 * 0.4 + 20 * 0.4), other.hypervolumeGain().value(), 1e-12);
    }

    @Test
    void theBaselineHasNoGainOverItself() {
        FrontierSummary base = FrontierExample.frontier(3, 0, 0.1).groups().get(0);
        assertEquals("lambda=0", base.group());
        assertNull(base.qualityGain());
        assertNull(base.diversityGain());
        assertNull(base.hypervolumeGain());
        assertTrue(base.hypervolume().low() <= base.hypervolume().value() && base.hypervolume().value() <= base.hypervolume().high());
    }

    @Test
    void curvesThatShareNoDiversityAreNotCompared() {
        FrontierSummary other = frontier(point("base", 1, 0, 0.8, 20), point("base", 2, 0, 0.4, 30), point("other", 1, 0, 0.8, 40),
                point("other", 2, 0, 0.4, 70)).groups().get(1);
        assertNull(other.qualityGain());
        assertEquals(30, other.diversityGain().value(), 1e-12);
        assertEquals("no quality gain at equal diversity: with no seed do the curves overlap, they share no diversity: diversity is 40.0 to 70.0, that of base "
                + "20.0 to 30.0", other.note());
    }

    /** Where nothing is right, all is equally right: the diversity of noise is no gain. */
    @Test
    void withoutARightAnswerNoGainIsComputedAndTheReasonSaid() {
        FrontierPoint[] points = {point("base", 1, 1, 0, 20), point("base", 2, 1, 0, 30), point("base", 1, 2, 0, 20),
                point("other", 1, 1, 0, 40), point("other", 2, 1, 0, 70), point("right", 1, 1, 5, 40)};
        List<FrontierSummary> groups = frontier(points).groups();
        for (FrontierSummary group : groups.subList(1, 3)) {
            assertNull(group.hypervolumeGain());
            assertNull(group.qualityGain());
            assertNull(group.diversityGain());
        }
        assertEquals("no gain is computed: quality is 0 for other and base with every sampler, so nothing was right that could be compared",
                groups.get(1).note());
        assertEquals("no gain is computed: quality is 0 for base with every sampler, so nothing was right that could be compared",
                groups.get(2).note());
        assertEquals(0, groups.get(1).hypervolume().value());
        assertNull(groups.get(0).note());
        FrontierSummary wrong = Frontier.of("quality", "diversity", List.of(points), "right").groups().get(1);
        assertEquals("no gain is computed: quality is 0 for other with every sampler, so nothing was right that could be compared", wrong.note());
    }

    /** Seed 2 of both was never right; its quality of 0 is a loss or a gain of quality, but no place to compare diversity at. */
    @Test
    void aSeedOfWhichNothingIsRightHasNoGainOfDiversity() {
        FrontierSummary other = frontier(point("base", 1, 1, 0.5, 10), point("base", 1, 2, 0, 50), point("other", 1, 1, 0.5, 12),
                point("other", 1, 2, 0, 90)).groups().get(1);
        assertEquals(new Interval(2, null, null, 1), rounded(other.diversityGain()));
    }

    @Test
    void whereACurveTurnsBackItsBestQualityCounts() {
        double[] diversity = {10, 30, 20};
        double[] quality = {0.9, 0.7, 0.1};
        assertEquals(0.8, new FrontierCurve(diversity, quality).bestQuality(20), 1e-15);
        assertEquals(0.75, new FrontierCurve(diversity, quality).bestQuality(25), 1e-15);
        assertEquals(0.9, new FrontierCurve(new double[] {10, 10}, new double[] {0.2, 0.9}).bestQuality(10), 1e-15);
        assertEquals(0.2, new FrontierCurve(new double[] {10}, new double[] {0.2}).bestQuality(10), 1e-15);
    }

    /** Lines of top_p 0.9 (diversity 10 to 20) and 1 (40 to 60) with a gap between: nothing is said of what lies in it. */
    @Test
    void linesOfSeveralSamplersAreNotJoinedAndTheBestOfThemCounts() {
        FrontierCurve curve = new FrontierCurve(new double[] {10, 20, 40, 60}, new double[] {0.9, 0.7, 0.6, 0.2}, new boolean[] {false, true, false, true});
        assertEquals(0.8, curve.bestQuality(15), 1e-15);
        assertEquals(Double.NEGATIVE_INFINITY, curve.bestQuality(30));
        assertEquals(0.4, curve.bestQuality(50), 1e-15);
        FrontierCurve over = new FrontierCurve(new double[] {0, 100}, new double[] {0.5, 0.5});
        // grid over 10 to 60: 0.9..0.7 of a width of 10, 0.6..0.2 of 20
        assertEquals((10 * 0.3 + 20 * -0.1) / 30, curve.qualityGain(over), 1e-3);
        FrontierCurve inTheGap = new FrontierCurve(new double[] {25, 35}, new double[] {0.5, 0.5});
        assertTrue(Double.isNaN(curve.qualityGain(inTheGap)));
    }

    @Test
    void samplersThatDifferInTemperatureAloneAreOneLine() {
        List<FrontierPoint> points = new ArrayList<>();
        for (double topP : new double[] {0.9, 1}) {
            for (double t : new double[] {0.7, 1}) {
                points.add(new FrontierPoint("base", new SamplerPoint(t, 0, topP, 0), 1, t, 10 * t * topP, t, 10 * t * topP));
            }
        }
        Frontier frontier = Frontier.of("q", "d", points, "base");
        assertEquals(List.of("T=0.7 top_p=0.9", "T=1.0 top_p=0.9", "T=0.7 top_p=1.0", "T=1.0 top_p=1.0"),
                frontier.samplers().stream().map(sampler -> sampler.name(frontier.samplers())).toList());
        assertEquals("0.7-top_p=0.9", frontier.samplers().get(0).fileName(frontier.samplers()));
        assertTrue(frontier.samplers().get(0).isOnLineOf(frontier.samplers().get(1)));
        assertFalse(frontier.samplers().get(1).isOnLineOf(frontier.samplers().get(2)));
        assertEquals("T=0.7", frontier.samplers().get(0).name(frontier.samplers().subList(0, 2)));
    }

    @Test
    void everyMetricIsTurnedSoThatMoreIsBetterOrRefused() {
        assertEquals(Turn.PERCENT, Turn.of(metric("accuracy", Direction.HIGHER)));
        assertEquals(Turn.AS_IS, Turn.of(metric("bleu", Direction.HIGHER)));
        assertEquals(Turn.FROM_100, Turn.of(metric("self_bleu_prompt", Direction.LOWER)));
        assertEquals(Turn.RECIPROCAL, Turn.of(metric("perplexity", Direction.LOWER)));
        Metrics.named(List.of("collision_ratio", "collision_ratio_ngrams")).forEach(ratio -> assertEquals(Turn.CALIBRATED, Turn.of(ratio), ratio.name()));
        assertNull(Turn.of(metric("length", Direction.NEITHER)));
        assertEquals(50, Turn.PERCENT.of(0.5));
        assertEquals(30, Turn.FROM_100.of(70));
        assertEquals(0.25, Turn.RECIPROCAL.of(3));
        for (double x = -2; x < 2; x += 0.25) {
            assertTrue(Turn.RECIPROCAL.of(x) > Turn.RECIPROCAL.of(x + 0.25), "falls at " + x);
        }
    }

    /** exp(-|log R|): twice as alike as the data and half as alike are equally far off; nothing in common is 0. */
    @Test
    void calibrationIsOneWhereTheCollisionRatioIsAndFallsToBothSides() {
        assertEquals(1, Turn.CALIBRATED.of(1));
        assertEquals(0.5, Turn.CALIBRATED.of(2));
        assertEquals(0.5, Turn.CALIBRATED.of(0.5));
        assertEquals(0, Turn.CALIBRATED.of(0));
        assertEquals(0, Turn.CALIBRATED.of(Double.POSITIVE_INFINITY));
        assertTrue(Double.isNaN(Turn.CALIBRATED.of(Double.NaN)));
        for (double r : new double[] {0.1, 0.7, 1.3, 9}) {
            assertEquals(Math.exp(-Math.abs(Math.log(r))), Turn.CALIBRATED.of(r), 1e-15);
        }
        FrontierAxis axis = FrontierAxis.of("collision_ratio", Turn.CALIBRATED);
        assertEquals(1, axis.references(), "data are calibrated to themselves");
        assertEquals("calibration, min(R, 1/R) of collision_ratio", axis.label());
        assertEquals(40, FrontierAxis.of("self_bleu_prompt", Turn.FROM_100).withReferences(60.0).references());
    }

    private static Metric metric(String name, Direction direction) {
        return new CorpusMetric(name, direction, Set.of(), items -> Scores.ofCorpus(0));
    }

    @Test
    void hypervolumeIgnoresDominatedPointsAndThoseBelowTheOrigin() {
        assertEquals(10 * 0.5 + 4 * 0.3, new FrontierCurve(new double[] {4, 10, 3, 10, -1}, new double[] {0.8, 0.5, 0.8, 0.2, 0.9}).hypervolume(),
                1e-12);
        assertEquals(0, new FrontierCurve(new double[] {5}, new double[] {-0.5}).hypervolume());
    }

    @Test
    void aSeedThatMovesBothGroupsAlikeDoesNotWidenTheGain() {
        List<FrontierPoint> points = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            for (int t = 1; t <= 2; t++) {
                points.add(point("base", t, seed, 1 - 0.3 * t + 0.05 * seed, 20 * t));
                points.add(point("other", t, seed, 1.1 - 0.3 * t + 0.05 * seed, 20 * t));
            }
        }
        FrontierSummary other = Frontier.of("q", "d", points, "base").groups().get(1);
        assertEquals(0.1, other.qualityGain().value(), 1e-12);
        assertEquals(0.1, other.qualityGain().low(), 1e-9);
        assertEquals(0.1, other.qualityGain().high(), 1e-9);
        assertTrue(other.hypervolume().high() - other.hypervolume().low() > 1, "each alone is uncertain");
    }

    /** One temperature, diversity 1: the hypervolume is the quality. Of 1, 2, 6 the mean is 3, the deviation root 7, and t of 2 degrees 4.302653. */
    @Test
    void anIntervalIsStudentsOverSeeds() {
        Interval interval = frontier(point("base", 1, 0, 1, 1), point("base", 1, 1, 2, 1), point("base", 1, 2, 6, 1)).groups().get(0).hypervolume();
        double half = 4.30265272974946385 * Math.sqrt(7.0 / 3);
        assertEquals(3, interval.value(), 1e-15);
        assertEquals(3 - half, interval.low(), 1e-12);
        assertEquals(3 + half, interval.high(), 1e-12);
        assertEquals(3, interval.seeds());
    }

    /** Of the seeds that both ran: what one did without the other says nothing of their difference. */
    @Test
    void aGainIsThatOfEachSeedAgainstTheBaselineOfTheSameSeed() {
        Frontier frontier = frontier(point("base", 1, 1, 0.2, 1), point("base", 1, 2, 0.6, 1), point("base", 1, 3, 0.9, 1),
                point("other", 1, 1, 0.3, 1), point("other", 1, 2, 0.9, 1), point("other", 1, 4, 0.1, 1));
        Interval gain = frontier.groups().get(1).qualityGain();
        assertEquals(0.2, gain.value(), 1e-12);
        assertEquals(2, gain.seeds());
        assertEquals(12.7062047361747046 * 0.1, gain.high() - gain.value(), 1e-12);
        assertEquals(3, frontier.groups().get(1).hypervolume().seeds());
    }

    /** Normal values: 95 of 100 intervals hold the mean, over two and three seeds too, of which the old percentiles held half and three quarters. */
    @Test
    void ninetyFiveOfAHundredIntervalsHoldTheTruth() {
        Random random = new Random(2);
        for (int seeds : new int[] {2, 3, 5}) {
            int held = 0;
            for (int study = 0; study < 4000; study++) {
                Interval interval = Interval.of(DoubleStream.generate(random::nextGaussian).limit(seeds).toArray());
                held += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
            }
            assertEquals(0.95, held / 4000.0, 0.011, seeds + " seeds");
        }
    }

    /** Expected values: roots of the regularised incomplete beta function, 30 digits (mpmath 1.3, betainc and findroot). */
    @Test
    void quantilesOfStudentsTAreThoseOfTheTables() {
        double[] expected = {12.7062047361747046, 4.30265272974946385, 3.18244630528370959, 2.77644510519779436, 2.57058183563631551};
        for (int freedom = 1; freedom <= expected.length; freedom++) {
            assertEquals(expected[freedom - 1], StudentT.twoSided(0.95, freedom), 1e-9, freedom + " degrees of freedom");
        }
        assertEquals(2.04227245630123831, StudentT.twoSided(0.95, 30), 1e-9);
        assertEquals(1.98397151852355229, StudentT.twoSided(0.95, 100), 1e-9);
        assertEquals(Math.tan(0.99 * Math.PI / 2), StudentT.twoSided(0.99, 1), 1e-9);
    }

    @Test
    void theOrderInWhichTrialsFinishedChangesNoBit() {
        List<FrontierPoint> points = FrontierExample.points(3, 0, 0.1, 0.5);
        String json = Frontier.of("q", "d", points, "lambda=0").toJson();
        List<FrontierPoint> shuffled = new ArrayList<>(points);
        Collections.shuffle(shuffled, new Random(3));
        assertNotEquals(points, shuffled);
        assertEquals(json, Frontier.of("q", "d", shuffled, "lambda=0").toJson());
    }

    @Test
    void groupsAreInTheOrderOfTheNumbersInTheirNames() {
        List<String> names = List.of("lambda=0", "lambda=1e-3", "lambda=0.05", "lambda=0.1", "lambda=0.1, gamma=0.9", "lambda=0.1, gamma=1",
                "lambda=2", "lambda=10", "mle");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(NaturalOrder.INSTANCE);
        assertEquals(names, shuffled);
        assertEquals(names, Stream.concat(names.stream(), Stream.of()).sorted(NaturalOrder.INSTANCE).toList());
        assertNotEquals(0, NaturalOrder.INSTANCE.compare("lambda=0.1", "lambda=0.10"), "different names stay different groups");
    }

    @Test
    void aTrialThatFailedAtOneTemperatureLeavesTheOthersUsable() {
        Frontier frontier = frontier(point("base", 1, 0, 0.8, 20), point("base", 1, 1, 0.9, 22), point("base", 2, 0, 0.4, 60),
                point("other", 1, 0, 0.8, 30),
                point("other", 1, 1, 0.8, 30), point("other", 2, 0, 0.5, 60), point("other", 2, 1, 0.5, 60));
        assertEquals(1, frontier.cells("base").get(1).quality().n());
        Interval gain = frontier.groups().get(1).qualityGain();
        assertEquals(1, gain.seeds(), "of seed 1 the baseline has diversity 22 only, the other 30 to 60");
        assertEquals(0.1, gain.value(), 1e-12);
    }

    @Test
    void aFrontierComesBackFromJsonAsItWas(@TempDir Path directory) {
        for (int seeds : new int[] {1, 3}) {
            Frontier frontier = FrontierExample.frontier(seeds, 0, 0.1);
            frontier.write(directory.resolve("frontier.json"));
            assertEquals(frontier, Frontier.read(directory.resolve("frontier.json")));
        }
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        assertEquals("quality of 'lambda=0.1', seed 3, is NaN; a frontier is made of finite numbers only",
                assertThrows(IllegalArgumentException.class, () -> point("lambda=0.1", 1, 3, Double.NaN, 1)).getMessage());
        assertEquals("diversity of 'lambda=0.1', seed 3, is Infinity; a frontier is made of finite numbers only",
                assertThrows(IllegalArgumentException.class, () -> point("lambda=0.1", 1, 3, 1, Double.POSITIVE_INFINITY)).getMessage());
    }

    @Test
    void aSeedThatCountsTwiceIsRefused() {
        assertEquals("two points of 'base' at SamplerPoint[temperature=1.0, topK=0, topP=1.0, minP=0.0], seed 0; each seed counts once",
                assertThrows(IllegalArgumentException.class, () -> frontier(point("base", 1, 0, 1, 1), point("base", 1, 0, 2, 2))).getMessage());
    }

    @Test
    void withoutTheBaselineThereAreCurvesAndNoGains() {
        Frontier frontier = frontier(point("lambda=0.1", 1, 0, 1, 1), point("lambda=0", 1, 0, 1, 1));
        assertEquals(List.of("lambda=0", "lambda=0.1"), frontier.groups().stream().map(FrontierSummary::group).toList());
        for (FrontierSummary group : frontier.groups()) {
            assertEquals(1, group.hypervolume().value());
            assertNull(group.hypervolumeGain());
            assertNull(group.qualityGain());
            assertNull(group.diversityGain());
        }
        FrontierPlot.draw(frontier, "title");
    }

    private static Interval rounded(Interval interval) {
        return new Interval(Math.round(interval.value() * 1e12) / 1e12, interval.low(), interval.high(), interval.seeds());
    }
}
