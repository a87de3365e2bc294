package io.softq4j.training.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotUseTest {

    @Test
    void packedRowsAreToldWithTheirNumberAndLength() {
        SlotUse use = new SlotUse.Packed(7473, 1912, 1024, 1_920_000);
        assertEquals(1_920_000 / (1912.0 * 1024), use.used());
        assertEquals("packed 7,473 examples into 1,912 rows of 1,024 tokens: 98.1 % of the slots used", use.toString());
    }

    @Test
    void paddedRowsAreToldWithWhatPackingWouldUse() {
        SlotUse use = new SlotUse.Padded(1_920_000, 4_444_000, Optional.of(new SlotUse.Packed(7473, 1912, 1024, 1_920_000)));
        assertEquals(1_920_000 / 4_444_000.0, use.used());
        assertEquals("43.2 % of the slots hold tokens (rows padded to the longest of their batch); packing would use 98.1 %", use.toString());
    }
}
