package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KeysTest {

    enum Shade { LIGHT, VERY_DARK }

    record Paint(
            @Key(value = "litres in a can", allowed = "0 is a `sample`")
            @Range(atLeast = 0, below = 20)
            double canSize,
            @Key("coats")
            @Range(above = 0, or = -1)
            int coats,
            @Key("parts of each pigment")
            @Range(above = 0, atMost = 1)
            List<Double> parts,
            @Key("gloss")
            @Range
            double gloss,
            @Key("how dark")
            Shade shade) {
    }

    private static final Keys KEYS = Keys.of(Paint.class);

    private static String refusal(Executable check) {
        return assertThrows(UserError.class, check).getMessage();
    }

    @Test
    void aNumberOutsideIsRefusedByItsKeyWithWhatIsAllowed() {
        assertEquals("can_size must be at least 0 and below 20 (0 is a sample), was -0.5", refusal(() -> KEYS.check("can_size", -0.5)));
        assertEquals("can_size must be at least 0 and below 20 (0 is a sample), was 20", refusal(() -> KEYS.check("can_size", 20.0)));
        assertEquals("can_size must be at least 0 and below 20 (0 is a sample), was NaN",
                refusal(() -> KEYS.check("can_size", Double.NaN)));
        assertEquals("coats must be above 0, or -1, was 0", refusal(() -> KEYS.check("coats", 0)));
        assertEquals("parts must be above 0 and at most 1, one was 1.5", refusal(() -> KEYS.check("parts", List.of(0.5, 1.5))));
        assertEquals("gloss must be a finite number, was Infinity", refusal(() -> KEYS.check("gloss", Double.POSITIVE_INFINITY)));
        assertEquals("shade must be one of light, very_dark; it has no value", refusal(() -> KEYS.check("shade", (Shade) null)));
    }

    @Test
    void numbersAtAndWithinTheBoundsAreTaken() {
        assertDoesNotThrow(() -> {
            KEYS.check("can_size", 0);
            KEYS.check("can_size", Math.nextDown(20.0));
            KEYS.check("coats", -1);
            KEYS.check("coats", 1);
            KEYS.check("parts", List.of(1.0, Double.MIN_VALUE));
            KEYS.check("parts", List.<Double>of());
            KEYS.check("gloss", -Double.MAX_VALUE);
            KEYS.check("shade", Shade.LIGHT);
        });
    }

    @Test
    void aKeyThatTheRecordDoesNotHaveIsAFaultOfTheCode() {
        assertEquals("io.softq4j.common.KeysTest$Paint has no key cans",
                assertThrows(IllegalArgumentException.class, () -> KEYS.check("cans", 1))
                .getMessage());
        assertThrows(IllegalArgumentException.class, () -> KEYS.check("shade", 1));
    }
}
