package io.softq4j.tokens;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Texts that tokenizers disagree on. */
public final class Nasty {

    private static final String[] ATOMS = {"a", "b", "Z", "the", "'s", "'ll", "'re", "'", "'S", "1", "23",
            "½", "Ⅷ", "٣", " ", "  ", "\t", "\n", "\r\n", "\r",
            "\u00a0", "\u2003", "\u2028", "\u0085", "\u000b", "\u001c", "\u0000", "\u200b", "\u180e", "\u3000", "é",
            "e\u0301", "ß", "ñ", "中", "文", "かな", "한글", "ไทย",
            "हिन्दी", "עברית", "عربى", "😀", "👩‍👩‍👧", "🇩🇪", "𝔘", "\uFFFD", "\uFEFF", "…", "—", "<<48/2=24>>", "<|endoftext|>",
            "<|endoftext", "|>", "####", "_", "$", "\\n", "\"", "{}", "'\u017f", "'VE", "'D",
            "HTTPServer", "iPhone", "ǅ", "ʰ", "/", "\u0301", "\u0323", "가", "\u1100\u1161", "Å", "\u212b", "\ue000", "\ufdd0",
            "\u200d", "\u0870", "\ud801\udd70", "\ud81a\udec0", "\udb40\udc01", "\udbff\udffd"};

    private Nasty() {
    }

    /** Text of random code points, any that is no surrogate; planes and classes that matter more often. */
    public static String random(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            int c = switch (random.nextInt(6)) {
                case 0, 1 -> random.nextInt(0x80);
                case 2 -> random.nextInt(0x400);
                case 3 -> random.nextInt(0x10000);
                case 4 -> 0x10000 + random.nextInt(0x20000);
                default -> random.nextInt(Character.MAX_CODE_POINT + 1);
            };
            text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? ' ' : c);
        }
        return text.toString();
    }

    public static List<String> texts() {
        Stream<String> written = Stream.of("", " ", "  ", "\n", "a", " a", "a ", "a  b", "a\n\n  b",
                "don't we'll they've I'd I'm 'tis 's's 'S'LL",
                "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\n#### 72", "tab\there\r\nCRLF\r\n\r\nend", "NUL \u0000 inside\u0000",
                "a<|endoftext|>b", "<|endoftext|>",
                " <|endoftext|> <|endoftext|><|endoftext|>\n", "<|endoftext", "x<|endoftext|", "emoji 😀😀 family 👩‍👩‍👧 flag 🇩🇪",
                "combining e\u0301 o\u0308\u0323 Z\u0351\u036b\u0343",
                "mixed中文かな한글 ไทย हिन्दी עברית عربى", "½ Ⅷ ٣ ² ①", "nbsp\u00a0 \u00a0em\u2003line\u2028para\u2029nel\u0085x",
                "\uFEFFbom", "\u200bzero\u200dwidth",
                "a".repeat(5000), "ab ".repeat(3000), " ".repeat(4000) + "x", "=".repeat(3000), "中".repeat(2000),
                "1234567890".repeat(300), "\n".repeat(1000));
        Random random = new Random(7);
        Stream<String> drawn = Stream.generate(() -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(ATOMS[random.nextInt(ATOMS.length)]);
            }
            return text.toString();
        }).limit(2000);
        return Stream.concat(written, drawn).toList();
    }
}
