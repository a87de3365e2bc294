package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardSizeTest {

    @ParameterizedTest
    @CsvSource({"5GB, 5000000000", "5GiB, 5368709120", "20KB, 20000", "1KiB, 1024", "300MB, 300000000", "2MiB, 2097152",
            "1TB, 1000000000000", "77, 77"})
    void unitsAreThoseOfHuggingFace(String text, long bytes) {
        assertEquals(bytes, ShardSize.parse(text).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5 GB", "-1GB", "5gb", "1.5GB", "GB", "many"})
    void whatIsNoSizeIsShownWithWhatIs(String text) {
        String message = assertThrows(UserError.class, () -> ShardSize.parse(text)).getMessage();
        assertTrue(message.startsWith("max_shard_size must be a whole number of bytes or one with KB, ") && message.endsWith("'" + text
                + "'"), message);
    }

    @Test
    void nothingFitsIntoNoByte() {
        assertEquals("max_shard_size must be at least one byte, was 0", assertThrows(UserError.class, () -> ShardSize.parse("0KB"))
                .getMessage());
        assertThrows(UserError.class, () -> ShardSize.parse("999999999999TB"));
    }
}
