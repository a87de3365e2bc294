package io.softq4j.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {

    private static final Row SPEED = Row.of("small: speed", 2500, 1000, "tokens/s", Goal.atLeast(2), "PyTorch");
    private static final Row MEMORY = Row.of("small: peak memory", 1.2, 2, "GB", Goal.atMost(0.5), "PyTorch");

    @Test
    void aGoalHoldsAtItsBoundAndNeverForNaN() {
        assertTrue(Goal.atLeast(2).met(2) && Goal.atMost(0.5).met(0.5));
        assertFalse(Goal.atLeast(2).met(1.999) || Goal.atMost(0.5).met(0.501));
        assertFalse(Goal.atLeast(2).met(Double.NaN) || Goal.atMost(0.5).met(Double.NaN));
    }

    @Test
    void theRatioIsOursOverThePeers() {
        assertEquals(2.5, SPEED.ratio());
        assertTrue(SPEED.met());
        assertEquals(0.6, MEMORY.ratio());
        assertFalse(MEMORY.met());
    }

    @Test
    void theTableIsReadable() {
        assertEquals("""
                measure              ours   peer  unit      ratio  goal    met  note
                ------------------  -----  -----  --------  -----  ------  ---  -------
                small: speed        2,500  1,000  tokens/s  2.500  >= 2.0  yes  PyTorch
                small: peak memory  1.200  2.000  GB        0.600  <= 0.5  no   PyTorch
                """, new Report(List.of(SPEED, MEMORY)).table());
    }

    @Test
    void jsonIsAnArrayOfTheRows() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(new Report(List.of(SPEED, MEMORY)).json());
        assertEquals(2, rows.size());
        List<String> keys = new ArrayList<>();
        rows.get(0).fieldNames().forEachRemaining(keys::add);
        assertEquals(List.of("measure", "ours", "peer", "unit", "ratio", "goal", "met", "note"), keys);
        assertEquals(2500, rows.get(0).get("ours").asDouble());
        assertEquals("<= 0.5", rows.get(1).get("goal").asText());
        assertFalse(rows.get(1).get("met").asBoolean());
    }
}
