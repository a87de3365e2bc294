package io.softq4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialPlanTest {

    private static final Path OUT = Path.of("out");

    @Test
    void aGridIsEveryCombinationTheFirstKeySlowestAndTheSeedFastest() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("training.schedule", List.of("cosine", "constant"));
        parameters.put("objective.lambda", List.of(0, 0.1, 0.5));

        List<Trial> trials = Sweep.plan(Descent.grid(parameters, 7L, 8L), OUT);

        assertEquals(List.of("trial-000-schedule=cosine-lambda=0-seed=7", "trial-001-schedule=cosine-lambda=0-seed=8",
                "trial-002-schedule=cosine-lambda=0.1-seed=7", "trial-003-schedule=cosine-lambda=0.1-seed=8",
                "trial-004-schedule=cosine-lambda=0.5-seed=7", "trial-005-schedule=cosine-lambda=0.5-seed=8",
                "trial-006-schedule=constant-lambda=0-seed=7", "trial-007-schedule=constant-lambda=0-seed=8",
                "trial-008-schedule=constant-lambda=0.1-seed=7", "trial-009-schedule=constant-lambda=0.1-seed=8",
                "trial-010-schedule=constant-lambda=0.5-seed=7", "trial-011-schedule=constant-lambda=0.5-seed=8"),
                trials.stream().map(Trial::name).toList());
        Trial fourth = trials.get(3);
        assertEquals(Map.of("training.schedule", "cosine", "objective.lambda", 0.1), fourth.parameters());
        assertEquals(List.of("training.schedule", "objective.lambda"), List.copyOf(fourth.parameters().keySet()));
        assertEquals(8L, fourth.seed());
        assertEquals("schedule=cosine, lambda=0.1", fourth.setting());
    }

    @Test
    void everyValueOfALongListIsReached() {
        List<Integer> values = java.util.stream.IntStream.range(0, 997).boxed().toList();

        List<Trial> trials = Sweep.plan(Descent.grid(Map.of("model.width", values), 1L), OUT);

        assertEquals(values.stream().map(v -> (Object) v.longValue()).toList(), trials.stream().map(t -> t.parameters().get("model.width")).toList());
    }

    @Test
    void aSweepOfSeedsAloneIsNamedBase() {
        List<Trial> trials = Sweep.plan(SweepConfig.defaults(), OUT);

        assertEquals(List.of("trial-000-seed=1", "trial-001-seed=2", "trial-002-seed=3"), trials.stream().map(Trial::name).toList());
        assertEquals("base", trials.get(0).setting());
    }

    @Test
    void keysThatEndAlikeAreNamedInFullAndTextsCannotLeaveTheDirectory() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("actor.rate", List.of(3e-5));
        parameters.put("critic.rate", List.of(1234567.0));
        parameters.put("data.file", List.of("../x y".repeat(40)));

        Trial trial = Sweep.plan(Descent.grid(parameters, 1L), OUT).get(0);

        assertTrue(trial.name().startsWith("trial-000-actor.rate=3e-5-critic.rate=1.23457e6-file=.._x_y.._x_y"), trial.name());
        assertTrue(trial.name().endsWith("-seed=1"), trial.name());
        assertEquals(120, trial.name().length());
        assertEquals(OUT, trial.directory().normalize().getParent());
    }

    @Test
    void aRandomSettingIsAFunctionOfTheStudySeedAndItsNumberAndIsSharedByItsSeeds() {
        List<Trial> ten = Sweep.plan(random(10, 5, 1L, 2L), OUT);
        List<Trial> thirty = Sweep.plan(random(30, 5, 1L, 2L), OUT);
        List<Trial> otherStudy = Sweep.plan(random(10, 6, 1L, 2L), OUT);

        assertEquals(20, ten.size());
        assertEquals(ten, thirty.subList(0, 20));
        for (int i = 0; i < 20; i += 2) {
            assertEquals(ten.get(i).parameters(), ten.get(i + 1).parameters());
            assertEquals(List.of(1L, 2L), List.of(ten.get(i).seed(), ten.get(i + 1).seed()));
            assertNotEquals(ten.get(i).parameters(), otherStudy.get(i).parameters());
        }
        assertEquals(10, ten.stream().map(Trial::parameters).distinct().count());
    }

    @Test
    void aLogRangeIsCoveredEvenlyInTheLogarithmAndALinearOneInTheValue() {
        List<Double> rates = new ArrayList<>();
        List<Double> gammas = new ArrayList<>();
        List<Object> schedules = new ArrayList<>();
        for (Trial trial : Sweep.plan(random(3000, 1, 1L), OUT)) {
            rates.add((Double) trial.parameters().get("training.learning_rate"));
            gammas.add((Double) trial.parameters().get("objective.gamma"));
            schedules.add(trial.parameters().get("training.schedule"));
            assertEquals(16L, trial.parameters().get("training.batch"));
        }

        assertTrue(rates.stream().allMatch(r -> r >= 1e-5 && r <= 1e-1));
        for (int decade = -5; decade < -1; decade++) {
            double low = Math.pow(10, decade);
            // 750 expected, standard deviation 24: six of them on either side
            assertEquals(750, rates.stream().filter(r -> r >= low && r < 10 * low).count(), 143, "decade 1e" + decade);
        }
        assertTrue(gammas.stream().allMatch(g -> g >= 0.9 && g <= 1));
        assertEquals(1500, gammas.stream().filter(g -> g < 0.95).count(), 165);
        assertEquals(1500, schedules.stream().filter("cosine"::equals).count(), 165);
        // and the coordinates do not move together: a quarter of the trials in each corner
        long corner = 0;
        for (int i = 0; i < 3000; i++) {
            corner += gammas.get(i) < 0.95 && rates.get(i) < 1e-3 ? 1 : 0;
        }
        assertEquals(750, corner, 143);
    }

    private static SweepConfig random(int trials, long seed, Long... seeds) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("training.learning_rate", Map.of("min", 1e-5, "max", 1e-1, "scale", "log"));
        parameters.put("training.batch", List.of(16));
        parameters.put("objective.gamma", Map.of("min", 0.9, "max", 1));
        parameters.put("training.schedule", List.of("cosine", "constant"));
        return SweepConfig.defaults()
                .with(c -> c.parameters(parameters).seeds(List.of(seeds)).search(Search.RANDOM).trials(trials).seed(seed));
    }
}
