package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Greedy search, beam search and the distributions that are sampled from, against transformers' {@code generate()}: see
 * {@code generation/golden.py}.
 */
class GenerationGoldenTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static List<JsonNode> cases(String kind) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        try (InputStream in = GenerationGoldenTest.class.getResourceAsStream("/generation/golden.jsonl")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode row = JSON.readTree(line);
                if (row.path("kind").asText().equals(kind)) {
                    cases.add(row);
                }
            }
        }
        return cases;
    }

    private static List<Integer> ints(JsonNode json) {
        List<Integer> ints = new ArrayList<>();
        (json.isArray() ? json : JSON.createArrayNode().add(json)).forEach(each -> ints.add(each.intValue()));
        return ints;
    }

    private static int[] array(List<Integer> ints) {
        return ints.stream().mapToInt(Integer::intValue).toArray();
    }

    private static GenerationConfig config(JsonNode settings) {
        return GenerationConfig.greedy(Integer.MAX_VALUE).with(c -> settings.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "max_new_tokens" -> c.maxNewTokens(value.intValue());
                case "max_length" -> c.maxLength(value.intValue());
                case "min_new_tokens" -> c.minNewTokens(value.intValue());
                case "min_length" -> c.minLength(value.intValue());
                case "repetition_penalty" -> c.repetitionPenalty(value.doubleValue());
                case "no_repeat_ngram_size" -> c.noRepeatNgramSize(value.intValue());
                case "bad_words_ids" -> {
                    List<List<Integer>> words = new ArrayList<>();
                    value.forEach(word -> words.add(ints(word)));
                    c.badWordsIds(words);
                }
                case "suppress_tokens" -> c.suppressTokens(ints(value));
                case "begin_suppress_tokens" -> c.beginSuppressTokens(ints(value));
                case "forced_bos_token_id" -> c.forcedBosTokenId(Optional.of(value.intValue()));
                case "forced_eos_token_id" -> c.forcedEosTokenId(ints(value));
                case "exponential_decay_length_penalty" ->
                    c.exponentialDecayLengthPenalty(List.of(value.get(0).doubleValue(), value.get(1).doubleValue()));
                case "do_sample" -> c.doSample(value.booleanValue());
                case "temperature" -> c.temperature(value.doubleValue());
                case "top_k" -> c.topK(value.intValue());
                case "top_p" -> c.topP(value.doubleValue());
                case "min_p" -> c.minP(value.doubleValue());
                case "typical_p" -> c.typicalP(value.doubleValue());
                case "epsilon_cutoff" -> c.epsilonCutoff(value.doubleValue());
                case "eta_cutoff" -> c.etaCutoff(value.doubleValue());
                case "num_beams" -> c.numBeams(value.intValue());
                case "num_return_sequences" -> c.numReturnSequences(value.intValue());
                case "length_penalty" -> c.lengthPenalty(value.doubleValue());
                case "early_stopping" -> c.earlyStopping(EarlyStopping.valueOf(value.asText().toUpperCase(Locale.ROOT)));
                case "renormalize_logits" -> c.renormalizeLogits(value.booleanValue());
                default -> throw new AssertionError(field.getKey());
            }
        }));
    }

    @Test
    void greedyAndBeamSearchesFindTheSameSequences() throws IOException {
        List<JsonNode> cases = cases("search");
        assertEquals(400, cases.size());
        for (JsonNode row : cases) {
            GenerationConfig config = config(row.get("settings"));
            List<List<Integer>> expected = new ArrayList<>();
            row.get("sequences").forEach(sequence -> {
                if (!sequence.isEmpty()) { // their filling, if there are fewer hypotheses than asked for
                    expected.add(ints(sequence));
                }
            });
            List<List<Integer>> seen = new ArrayList<>();
            Set<Integer> eos = new LinkedHashSet<>(ints(row.get("eos")));
            try (Generator generator = new Generator(new FormulaSession(row.get("seed").longValue(), config.numBeams()), eos,
                    Arrays::toString)) {
                for (Completion each : generator.generate(List.of(array(ints(row.get("prompt")))), config, n -> { }).get(0)) {
                    seen.add(Arrays.stream(each.tokenIds()).boxed().toList());
                }
            }
            assertEquals(expected, seen, row.toString());
        }
    }

    @Test
    void samplersDrawFromTheSameDistribution() throws IOException {
        List<JsonNode> cases = cases("sampler");
        assertEquals(300, cases.size());
        for (JsonNode row : cases) {
            GenerationConfig config = config(row.get("settings"));
            assertTrue(config.samples());
            List<Integer> soFar = ints(row.get("so_far"));
            int[] prompt = array(ints(row.get("prompt")));
            Continuation so = new Continuation(prompt, config.newTokens(prompt.length));
            soFar.subList(prompt.length, soFar.size()).forEach(id -> so.add(id, 0, 0));
            Candidates candidates = new Candidates(FormulaSession.VOCABULARY);
            System.arraycopy(FormulaSession.logits(row.get("seed").longValue(), soFar), 0, candidates.logits(), 0,
                    FormulaSession.VOCABULARY);
            candidates.begin();
            LogitsProcessor.of(config, new LinkedHashSet<>(ints(row.get("eos")))).forEach(processor -> processor.apply(candidates, so));
            double[] seen = new double[FormulaSession.VOCABULARY];
            for (int i = 0; i < candidates.count(); i++) {
                seen[candidates.id(i)] = candidates.weights()[i] / candidates.total();
            }
            for (int v = 0; v < seen.length; v++) {
                assertEquals(row.get("probabilities").get(v).doubleValue(), seen[v], 2e-6, v + " of " + row);
            }
        }
    }
}
