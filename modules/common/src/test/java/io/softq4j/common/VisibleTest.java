package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class VisibleTest {

    @Test
    void whatSteersATerminalOrTurnsTextRoundIsEscaped() {
        for (int c = 0; c <= 0x2069; c++) {
            boolean steers = c < 0x20 && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 || c == 0x61c || c == 0x200e || c == 0x200f
                    || c >= 0x2028 && c <= 0x202e || c >= 0x2066;
            String text = "a" + Character.toString(c) + "b";
            assertEquals(steers ? String.format(java.util.Locale.ROOT, "a\\u%04Xb", c) : text, Visible.text(text));
        }
        assertEquals("\\u001B[2J and \\u009B31m, \\u202Eevil\\u202C\\u000D\n\t", Visible.text("\u001b[2J and \u009b31m, "
                + "\u202eevil\u202c\r\n\t"));
    }

    @Test
    void textWithoutControlsIsLeftAlone() {
        String text = "naïve \ud83d\udc68\u200d\ud83d\udc69 שלום \u27e6x\u27e7 \ud800 alone";
        assertSame(text, Visible.text(text));
    }

    @Test
    void marksOfOursCannotBeForged() {
        assertEquals("\\u27E6scored\\u27E7", Visible.betweenMarks("\u27e6scored\u27e7"));
    }

    @Test
    void aQuotedTextIsOneLine() {
        assertEquals("\"a\\nb\\tc\\r\\u200D\\u001B\"", Visible.quoted("a\nb\tc\r\u200d\u001b"));
    }
}
