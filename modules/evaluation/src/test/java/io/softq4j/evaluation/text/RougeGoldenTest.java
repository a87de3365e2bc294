package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.evaluation.text.Golden.Case;
import io.softq4j.evaluation.text.Golden.Differences;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** ROUGE is rouge-score 0.1.2's, and its stemmer NLTK's. */
class RougeGoldenTest {

    private static final double ALLOWED = 1e-6;

    private final List<Case> cases = Golden.cases();

    @Test
    void everyScoreIsThatOfRougeScore() {
        JsonNode golden = Golden.json("rouge.json");
        List<String> kinds = Golden.strings(golden.get("kinds"));
        for (int k = 0; k < kinds.size(); k++) {
            Differences differences = new Differences(kinds.get(k));
            for (JsonNode setting : golden.get("settings")) {
                Rouge rouge = new Rouge(setting.get("stemmer").booleanValue());
                for (int i = 0; i < cases.size(); i++) {
                    JsonNode expected = setting.get("cases").get(i);
                    List<RougeScore> scores = new ArrayList<>();
                    for (int r = 0; r < cases.get(i).references().size(); r++) {
                        RougeScore score = score(rouge, kinds.get(k), cases.get(i).references().get(r), cases.get(i).text());
                        scores.add(score);
                        compare(expected.get("each").get(r).get(k), score, differences, rouge + " " + r + " " + cases.get(i));
                    }
                    compare(expected.get("best").get(k), RougeScore.best(scores), differences, rouge + " best " + cases.get(i));
                }
            }
            differences.check(5000);
        }
    }

    private static RougeScore score(Rouge rouge, String kind, String reference, String text) {
        return switch (kind) {
            case "rougeL" -> rouge.l(reference, text);
            case "rougeLsum" -> rouge.lsum(reference, text);
            default -> rouge.n(kind.charAt(5) - '0', reference, text);
        };
    }

    private static void compare(JsonNode expected, RougeScore score, Differences differences, String where) {
        differences.add(expected.get(0).doubleValue(), score.precision(), ALLOWED, where);
        differences.add(expected.get(1).doubleValue(), score.recall(), ALLOWED, where);
        differences.add(expected.get(2).doubleValue(), score.f(), ALLOWED, where);
    }

    @Test
    void everyStemIsThatOfNltk() {
        List<String> wrong = new ArrayList<>();
        JsonNode stems = Golden.json("porter.json").get("stems");
        stems.fields().forEachRemaining(word -> {
            String stem = PorterStemmer.stem(word.getKey());
            if (!stem.equals(word.getValue().textValue())) {
                wrong.add(word.getKey() + ": " + word.getValue().textValue() + ", was " + stem);
            }
        });
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + stems.size() + "\n" + String.join("\n", wrong));
        assertTrue(stems.size() > 5000, "words: " + stems.size());
    }

    @Test
    void theMeanOverReferencesIsOfEachFigureByItself() {
        Rouge rouge = new Rouge(false);
        RougeScore mean = RougeScore.mean(List.of(rouge.n(1, "a b", "a"), rouge.n(1, "c", "a")));
        assertEquals(0.5, mean.precision(), 1e-15);
        assertEquals(0.25, mean.recall(), 1e-15);
        assertEquals(1.0 / 3, mean.f(), 1e-15);
    }

    @Test
    void capitalsInTurkeyAreThoseOfAnywhere() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals(List.of("title", "is"), new Rouge(false).words("TITLE IS"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
