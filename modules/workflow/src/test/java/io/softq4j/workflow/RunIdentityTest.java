package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunIdentityTest {

    private static Map<String, String> fixed(String... set) {
        return RunIdentity.fixed(Sections.RUN.read(Optional.empty(), List.of(set)));
    }

    @Test
    void keysThatCameLaterDoNotStopARunOfBefore() {
        Map<String, String> fixed = fixed();
        assertEquals("42", fixed.get("training.seed"));
        assertFalse(fixed.containsKey("training.optim") || fixed.containsKey("training.sgd_momentum"), fixed.toString());
        Map<String, String> other = fixed("training.optim=sgd", "training.sgd_momentum=0.9");
        assertEquals("sgd, 0.9", other.get("training.optim") + ", " + other.get("training.sgd_momentum"));
        assertFalse(fixed.containsKey("training.max_steps"), fixed.toString());
    }
}
