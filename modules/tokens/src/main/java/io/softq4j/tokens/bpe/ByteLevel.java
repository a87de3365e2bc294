package io.softq4j.tokens.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Tokens of a byte-level vocabulary as bytes and as text to read. */
public final class ByteLevel {

    private ByteLevel() {
    }

    /** The bytes a token decodes to: those its characters stand for, or its UTF-8 if one of them stands for none. */
    public static byte[] decoded(String token) {
        byte[] bytes = ByteAlphabet.bytesOf(token);
        return bytes != null ? bytes : token.getBytes(StandardCharsets.UTF_8);
    }

    /** UTF-8 as text; every byte that is not part of a character is shown as {@code <0xE2>}. */
    public static String readable(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; ) {
            byte[] character = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + characterLength(bytes[i])));
            String decoded = new String(character, StandardCharsets.UTF_8);
            boolean whole = Arrays.equals(character, decoded.getBytes(StandardCharsets.UTF_8));
            text.append(whole ? decoded : String.format(Locale.ROOT, "<0x%02X>", bytes[i] & 0xFF));
            i += whole ? character.length : 1;
        }
        return text.toString();
    }

    /** As its first byte announces it; 1 for a byte that begins none. */
    private static int characterLength(byte lead) {
        int b = lead & 0xFF;
        return b < 0xC2 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }
}
