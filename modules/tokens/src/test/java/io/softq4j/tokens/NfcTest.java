package io.softq4j.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NfcTest {

    @Test
    void lettersAndMarksAreComposedAndMarksPutInTheirOrder() {
        assertEquals("\u00e9 \u1eb9\u0301 \uac00", of("e\u0301 e\u0301\u0323 \u1100\u1161"));
    }

    @Test
    void aMarkYoungerThanTheLibrarysTablesStaysWhereItIs() {
        assertEquals("\u00e1\u07fd", of("a\u0301\u07fd"));
        assertEquals("a\u07fd\u0334", of("a\u07fd\u0334"));
    }

    @Test
    void aRowOfMarksWithoutEndIsRefusedAndManyShortRowsAreNot() {
        UserError error = assertThrows(UserError.class, () -> of("a" + "\u0301\u0323".repeat(1 << 19)));
        assertTrue(error.getMessage().startsWith("text has more than 4096 combining marks in a row, up to character 4097"),
                error.getMessage());
        String row = "a" + "\u0301\u0323".repeat(2000);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> of(row.repeat(200)));
    }

    private static String of(String text) {
        return new String(Nfc.of(text.toCharArray(), 0, text.length()));
    }
}
