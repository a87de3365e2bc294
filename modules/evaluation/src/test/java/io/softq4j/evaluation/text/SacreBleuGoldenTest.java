package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.evaluation.text.Golden.Case;
import io.softq4j.evaluation.text.Golden.Differences;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** BLEU and chrF are sacreBLEU 2.6.0's, on every text and in every setting. */
class SacreBleuGoldenTest {

    private static final double ALLOWED = 1e-6;

    private final List<Case> cases = Golden.cases();
    private final JsonNode golden = Golden.json("bleu_and_chrf.json");

    @Test
    void bleuIsThatOfSacreBleu() {
        Differences sentences = new Differences("BLEU of sentences");
        Differences corpora = new Differences("BLEU of corpora");
        for (JsonNode setting : golden.get("bleu")) {
            Bleu bleu = bleu(setting.get("settings"));
            compare(setting, bleu::statistics, bleu::score, bleu::signature, sentences, corpora);
        }
        sentences.check(9000);
        corpora.check(100);
    }

    @Test
    void chrfIsThatOfSacreBleu() {
        Differences sentences = new Differences("chrF of sentences");
        Differences corpora = new Differences("chrF of corpora");
        for (JsonNode setting : golden.get("chrf")) {
            Chrf chrf = chrf(setting.get("settings"));
            compare(setting, chrf::statistics, chrf::score, chrf::signature, sentences, corpora);
        }
        sentences.check(5000);
        corpora.check(60);
    }

    /** "I".toLowerCase() is a dotless i in Turkey. */
    @Test
    void valuesInTurkeyAreThoseOfAnywhere() {
        Locale before = Locale.getDefault();
        Bleu bleu = Bleu.defaults().with(b -> b.lowercase(true).smooth(BleuSmoothing.FLOOR));
        String signature = bleu.signature(1);
        double score = bleu.score("TITLE OF IT IS", List.of("title of it is"));
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(signature, bleu.signature(1));
            assertEquals(score, bleu.score("TITLE OF IT IS", List.of("title of it is")));
            assertEquals(100, Chrf.defaults().with(c -> c.lowercase(true)).score("TITLE", List.of("title")), 1e-9);
        } finally {
            Locale.setDefault(before);
        }
    }

    private void compare(JsonNode setting, BiFunction<String, List<String>, double[]> statistics, ToDoubleFunction<double[]> score,
            IntFunction<String> signature, Differences sentences, Differences corpora) {
        double[][] all = cases.stream().map(c -> statistics.apply(c.text(), c.references())).toArray(double[][]::new);
        for (int i = 0; i < all.length; i++) {
            sentences.add(setting.get("sentences").get(i).doubleValue(), score.applyAsDouble(all[i]), ALLOWED, setting.get("settings")
                    + " " + cases.get(i));
        }
        List<List<Integer>> kept = List.of(range(0, cases.size(), 0), range(0, cases.size(), 1), range(0, cases.size(), 5), range(0, 1, 0),
                range(8, 9, 0));
        for (int k = 0; k < kept.size(); k++) {
            JsonNode corpus = setting.get("corpora").get(k);
            double[] sum = new double[all[0].length];
            for (int i : kept.get(k)) {
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += all[i][j];
                }
            }
            corpora.add(corpus.get("score").doubleValue(), score.applyAsDouble(sum), ALLOWED, setting.get("settings") + " corpus " + k);
            int references = k == 0 ? 0 : k == 2 ? 5 : 1;
            assertEquals(corpus.get("signature").textValue(), signature.apply(references));
        }
    }

    private List<Integer> range(int from, int to, int references) {
        return IntStream.range(from, to).filter(i -> references == 0
                || cases.get(i).references().size() == references).boxed().toList();
    }

    private static Bleu bleu(JsonNode s) {
        return Bleu.defaults().with(b -> {
            b.tokenize(BleuTokenizer.of(s.path("tokenize").asText("13a")).orElseThrow());
            b.smooth(BleuSmoothing.of(s.path("smooth_method").asText("exp")).orElseThrow());
            b.smoothValue(s.path("smooth_value").isNumber() ? s.get("smooth_value").doubleValue() : Double.NaN);
            b.lowercase(s.path("lowercase").asBoolean()).effectiveOrder(s.path("effective_order").asBoolean());
            b.maxOrder(s.path("max_ngram_order").asInt(4));
        });
    }

    private static Chrf chrf(JsonNode s) {
        return Chrf.defaults().with(c -> c.charOrder(s.path("char_order").asInt(6)).wordOrder(s.path("word_order").asInt(0)).beta(s.path("beta").asInt(2))
                .lowercase(s.path("lowercase").asBoolean()).whitespace(s.path("whitespace").asBoolean())
                .epsSmoothing(s.path("eps_smoothing").asBoolean()));
    }
}
