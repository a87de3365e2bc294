package io.softq4j.tokens.bpe;

import java.util.Arrays;

/**
 * The 256 printable characters by which byte-level BPE writes bytes in its vocabulary file: printable Latin-1 stands for itself, every
 * other byte, in order, for the characters from U+0100 on (space is {@code Ġ}). Source: {@code bytes_to_unicode} of GPT-2.
 */
public final class ByteAlphabet {

    private static final char[] CHAR_OF = new char[256];
    private static final short[] BYTE_OF = new short[256 + 68];

    static {
        Arrays.fill(BYTE_OF, (short) -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHAR_OF[b] = (char) (printable ? b : next++);
            BYTE_OF[CHAR_OF[b]] = (short) b;
        }
    }

    private ByteAlphabet() {
    }

    static char charOf(int unsignedByte) {
        return CHAR_OF[unsignedByte];
    }

    /** The byte 0..255 that {@code c} stands for, or -1. */
    static int byteOf(char c) {
        return c < BYTE_OF.length ? BYTE_OF[c] : -1;
    }

    /** The 256 characters in the order of their code points, the order in which Hugging Face's trainer numbers them. */
    public static char[] sorted() {
        char[] sorted = CHAR_OF.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** The token that spells {@code bytes}. */
    public static String spell(byte[] bytes) {
        char[] token = new char[bytes.length];
        for (int i = 0; i < token.length; i++) {
            token[i] = CHAR_OF[bytes[i] & 0xFF];
        }
        return new String(token);
    }

    /** The bytes {@code token} spells, or null if a character of it stands for no byte. */
    public static byte[] bytesOf(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = byteOf(token.charAt(i));
            if (b < 0) {
                return null;
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }
}
