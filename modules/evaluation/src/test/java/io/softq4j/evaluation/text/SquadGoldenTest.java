package io.softq4j.evaluation.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.evaluation.text.Golden.Differences;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Exact match and F1 are those of SQuAD's scripts, as transformers and torchmetrics have them. */
class SquadGoldenTest {

    @Test
    void everyAnswerIsJudgedAsByTheScripts() {
        Differences exact = new Differences("exact_match");
        Differences f1 = new Differences("f1");
        for (JsonNode row : Golden.json("squad.json").get("cases")) {
            String text = row.get("text").textValue();
            List<String> references = Golden.strings(row.get("references"));
            assertEquals(row.get("normalised").textValue(), SquadAnswer.normalise(text), row::toString);
            exact.add(row.get("exact").intValue(), references.stream().anyMatch(r -> SquadAnswer.isExact(r, text)) ? 1 : 0, 0, row);
            f1.add(row.get("f1").doubleValue(), references.stream().mapToDouble(r -> SquadAnswer.f1(r, text)).max().orElseThrow(), 1e-6,
                    row);
        }
        exact.check(1000);
        f1.check(1000);
    }

    @Test
    void capitalsInTurkeyAreThoseOfAnywhere() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertEquals("title is", SquadAnswer.normalise("The TITLE IS"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
