package io.softq4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.softq4j.common.Json;
import io.softq4j.objective.Figures;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void noFigureMayHaveTheNameOfAKeyThatALineHasAnyway() {
        Set<String> keys = new StepMetrics(1, 0, Figures.NONE, 0, 0, 0, 0, 0).keys().keySet();
        assertTrue(keys.contains("grad_norm"));
        keys.forEach(key -> assertThrows(IllegalArgumentException.class, () -> Figures.NONE.record(key, 1, 1), key));
    }

    @Test
    void theZLossIsInALineWhereItIsOn() throws JsonProcessingException {
        String step = "{\"step\":7,\"epoch\":0.5,\"loss\":1.5,\"nll\":1.0,\"td\":5.0,\"v0\":3.0,\"eos_logprob\":0.0,\"entropy\":2.0,\"lambda\":0.1,"
                + "\"grad_norm\":0.7,\"learning_rate\":0.25,\"tokens\":1000,\"tokens_per_second\":12.0,\"elapsed\":9.0";
        assertEquals(step + "}", Json.STRICT.writeValueAsString(new StepMetrics(7, 0.5, SampleFigures.of(1, 5, 3, 2, 0.1, 0), 0.7, 0.25, 1000, 12, 9)));
        step = step.replace("\"loss\":1.5", "\"loss\":1.625");
        assertEquals(step + ",\"z_loss\":0.125}",
                Json.STRICT.writeValueAsString(new StepMetrics(7, 0.5, SampleFigures.of(1, 5, 3, 2, 0.1, 0.125), 0.7, 0.25, 1000, 12, 9)));
        String eval = "{\"step\":7,\"epoch\":1.0,\"eval_loss\":2.5,\"eval_nll\":2.0,\"eval_td\":1.0,\"eval_v0\":0.0,"
                + "\"eval_eos_logprob\":0.0,\"eval_entropy\":0.0,\"lambda\":0.5";
        assertEquals(eval + "}", Json.STRICT.writeValueAsString(new EvalMetrics(7, 1, SampleFigures.of(2, 1, 0, 0, 0.5, 0))));
        eval = eval.replace("\"eval_loss\":2.5", "\"eval_loss\":2.625");
        assertEquals(eval + ",\"eval_z_loss\":0.125}", Json.STRICT.writeValueAsString(new EvalMetrics(7, 1, SampleFigures.of(2, 1, 0, 0, 0.5, 0.125))));
    }
}
