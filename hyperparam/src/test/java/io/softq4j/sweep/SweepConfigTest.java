package io.softq4j.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.softq4j.common.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepConfigTest {

    private static final ObjectMapper MAPPER = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() { };

    @Test
    void defaultsAreAGridOverThreeSeedsWithoutParameters() {
        assertEquals("SweepConfig[parameters={}, seeds=[1, 2, 3], search=grid, trials=20, seed=1, maxMinutes=0.0, parallelism=1, "
                + "stopOnFailure=false, quality=null, diversity=null]", SweepConfig.defaults().toString());
    }

    @Test
    void everyKeyOfTheFileReachesItsField() throws Exception {
        SweepConfig config = MAPPER.readValue("""
                {"parameters": {"training.learning_rate": {"min": 0.0001, "max": 0.01, "scale": "log"}, "objective.lambda": [0, 0.1]},
                 "seeds": [4, 5], "search": "random", "trials": 7, "seed": 9, "max_minutes": 2.5, "parallelism": 2,
                 "stop_on_failure": true}""", SweepConfig.class);

        Map<String, Object> parameters = Map.of("training.learning_rate", Map.of("min", 1e-4, "max", 1e-2, "scale", "log"),
                "objective.lambda",
                List.of(0L, 0.1));
        assertEquals(SweepConfig.defaults()
                .with(c -> c.parameters(parameters).seeds(List.of(4L, 5L)).search(Search.RANDOM).trials(7).seed(9)
                .maxMinutes(2.5).parallelism(2).stopOnFailure(true)), config);
        assertEquals(List.of("training.learning_rate", "objective.lambda"), List.copyOf(config.parameters().keySet()));
        assertEquals(config, MAPPER.readValue(MAPPER.writeValueAsString(config), SweepConfig.class));
    }

    @Test
    void anExponentWithoutADotIsANumberAsItIsToEveryoneButYaml() {
        SweepConfig config = Descent.grid(Map.of("training.learning_rate", List.of("1e-4", "3E-3", "cosine")), 1L);

        assertEquals(List.of(1e-4, 3e-3, "cosine"), config.parameters().get("training.learning_rate"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"parameters": {"objective.lambda": []}} | sweep.parameters.objective.lambda is an empty list; give at least one value, or remove the key.
            {"parameters": {"a.b": 0.1}} | sweep.parameters.a.b is 0.1; it must be a list of values, as in [0, 0.1, 0.5], or a range
            {"parameters": {"objective.lambda": [0, 0.0]}} | sweep.parameters.objective.lambda holds 0 twice
            {"parameters": {"a.b": [[0]]}} | sweep.parameters.a.b holds [0]; values must be finite numbers, texts, true or false
            {"parameters": {"objective lambda": [0]}} | sweep.parameters: 'objective lambda' is not a configuration key
            {"parameters": {"seed": [0]}} | sweep.parameters.seed: seeds are given by sweep.seeds: [1, 2, 3]
            {"parameters": {"a.b": {"min": 0, "max": 1}}} | sweep.parameters.a.b is a range from 0 to 1, and search: grid needs a list of values. Give
            {"parameters": {"a.b": {"min": 2, "max": 1}}} | sweep.parameters.a.b has min 2 and max 1; min must be below max. For one value write [2].
            {"parameters": {"a.b": {"min": 0, "max": 1, "scale": "log"}}} | sweep.parameters.a.b has scale log and min 0; a logarithm needs
            {"parameters": {"a.b": {"min": 0, "max": 1, "scale": "exp"}}} | sweep.parameters.a.b.scale is 'exp'; it must be linear or log.
            {"parameters": {"a.b": {"min": 0}}} | sweep.parameters.a.b.max is missing; a range needs finite numbers min and max
            {"parameters": {"a.b": {"min": "x", "max": 1}}} | sweep.parameters.a.b.min is 'x'; a range needs finite numbers min and max
            {"parameters": {"a.b": {"min": 0, "maxx": 1}}} | sweep.parameters.a.b has the unknown key 'maxx'; a range has min, max and scale
            {"seeds": []} | seeds is empty; it must have at least 1 value (one or more, all different)
            {"seeds": [1, 2, 1]} | seeds holds 1 twice; its values must all be different (one or more, all different)
            {"search": "random", "trials": 0} | trials must be at least 1 (not used by grid), was 0
            {"search": "random", "trials": 5000} | sweep: 15000 trials (5000 settings x 3 seeds); at most 10000.
            {"max_minutes": -1} | max_minutes must be at least 0 (0: no limit), was -1
            {"parallelism": 0} | parallelism must be at least 1 (1 is right for most machines), was 0
            """)
    void aWrongValueIsNamedWithItsKeyAndWhatIsAllowed(String json, String expected) throws Exception {
        Map<String, Object> tree = new LinkedHashMap<>(MAPPER.convertValue(SweepConfig.defaults(), TREE));
        tree.putAll(MAPPER.readValue(json, TREE));

        Exception thrown = assertThrows(Exception.class, () -> MAPPER.convertValue(tree, SweepConfig.class));

        Throwable cause = thrown;
        while (!(cause instanceof UserError)) {
            cause = cause.getCause();
        }
        assertTrue(cause.getMessage().startsWith(expected), cause.getMessage());
    }

    @Test
    void aHugeGridIsRefusedBeforeItIsLaidOut() {
        List<Integer> values = java.util.stream.IntStream.range(0, 1000).boxed().toList();

        UserError error = assertThrows(UserError.class, () -> Descent.grid(Map.of("a", values, "b", values, "c", values, "d", values), 1L));

        assertTrue(error.getMessage().startsWith("sweep: 2147483647 trials"), error.getMessage());
    }

    @Test
    void aMissingBaselineAndASingleSeedAreWarnedOf() {
        assertEquals(List.of(), Descent.grid(Map.of("objective.lambda", List.of(0.0, 0.1)), 1L, 2L).warnings());
        assertEquals(List.of("sweep.parameters.objective.lambda does not include 0, maximum likelihood: there is no baseline to compare with.",
                "sweep.seeds has one seed: the results have no error bars."), Descent.grid(Map.of("objective.lambda", List.of(0.1)), 1L).warnings());
        assertEquals(List.of("sweep.parameters is empty: the same configuration is trained with 3 seed(s)."), SweepConfig.defaults().warnings());
    }

    @Test
    void anEmptySeedEntryIsRefused() {
        List<Long> seeds = Arrays.asList(1L, null);
        UserError error = assertThrows(UserError.class, () -> SweepConfig.defaults().with(c -> c.seeds(seeds)));

        assertEquals("sweep.seeds holds an empty entry; give whole numbers, as in [1, 2, 3].", error.getMessage());
    }
}
