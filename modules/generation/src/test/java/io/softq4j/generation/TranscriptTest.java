package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private static final String TEXT = "naïve – 日本語 \uD83D\uDE80 stop";

    /** A tokenizer whose ids are UTF-8 bytes. */
    private static String bytes(int[] ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            out.write(id);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int[] ids(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }

    /** A tokenizer of these pieces. */
    private static Function<int[], String> pieces(String... pieces) {
        return ids -> {
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                text.append(pieces[id]);
            }
            return text.toString();
        };
    }

    /** What is told after each of the ids, and at the end. */
    private static List<String> told(Function<int[], String> decode, List<String> stops, int begun, int... ids) {
        Transcript transcript = new Transcript(new TextStream(decode, begun), stops);
        List<String> told = new ArrayList<>();
        int length = begun;
        boolean stopped = false;
        while (length < ids.length && !stopped) {
            length++;
            stopped = transcript.read(ids, length);
            told.add(transcript.more());
        }
        assertEquals(transcript.end(ids, length), stops.stream().anyMatch(decode.apply(Arrays.copyOfRange(ids, begun, length))::contains));
        told.add(transcript.more());
        assertEquals(transcript.toString(), String.join("", told));
        return told;
    }

    @Test
    void charactersAreToldWhole() {
        List<String> told = told(TranscriptTest::bytes, List.of(), 0, ids(TEXT));
        assertEquals(TEXT, String.join("", told));
        assertFalse(told.stream().anyMatch(piece -> piece.contains("\uFFFD")));
        assertEquals(List.of("n", "a", "", "ï", "v"), told.subList(0, 5));
    }

    @Test
    void bytesThatNeverBecomeACharacterAreToldWhenItIsClear() {
        assertEquals(List.of("a", "", "", "\uFFFDb", ""), told(TranscriptTest::bytes, List.of(), 0, 'a', 0xE6, 0x97, 'b'));
        assertEquals(List.of("a", "", "\uFFFD"), told(TranscriptTest::bytes, List.of(), 0, 'a', 0xE6));
    }

    /** SentencePiece drops the space that a text begins with; in a continuation it is part of the text. */
    @Test
    void theSpaceAContinuationBeginsWithIsKept() {
        Function<int[], String> sentencePiece = ids -> pieces(" the", " sky", "", " is")
                .apply(ids).replaceFirst("^ ", "");
        assertEquals(List.of(" is", " the", ""), told(sentencePiece, List.of(), 2, 0, 1, 3, 0));
        assertEquals(List.of(" is", ""), told(sentencePiece, List.of(), 3, 0, 1, 2, 3), "behind a special token");
    }

    @Test
    void aStopStringMayBeginInOneTokenAndEndInAnother() {
        Function<int[], String> decode = pieces("one\n", "\nQue", "stion: two", "x");
        assertEquals(List.of("one", "", "", ""), told(decode, List.of("\n\nQuestion:"), 0, 0, 1, 2, 3));
        assertEquals(List.of("one", "", "\n\nQuex", ""), told(decode, List.of("\n\nQuestion:"), 0, 0, 1, 3), "it was none");
        assertEquals(List.of("one", "", "\n\nQue"), told(decode, List.of("\n\nQuestion:"), 0, 0, 1), "it never came");
    }

    @Test
    void aStopStringIsFoundInTextThatIsHeldBackToTheEnd() {
        assertEquals(List.of("", "one"), told(pieces("one\n\n\uFFFD"), List.of("\n\n"), 0, 0));
        assertEquals(List.of("one", "", ""), told(pieces("one\n", "\n\uFFFD"), List.of("\n\n"), 0, 0, 1));
    }

    @Test
    void theFirstOfSeveralStopStringsCuts() {
        assertEquals(List.of("a", ""), told(pieces("a-b.c"), List.of(".", "-", "c"), 0, 0));
        assertEquals(List.of("", ""), told(pieces("ab"), List.of("b", "ab"), 0, 0));
    }

    @Test
    void aPromptThatEndsAsAStopStringBeginsDoesNotStop() {
        assertEquals(List.of("bc", ""), told(pieces("a", "bc"), List.of("ab"), 1, 0, 1));
    }

    @Test
    void whateverTheTokensTheTextEndsBeforeTheFirstStopString() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            String[] pieces = new String[30];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = random.ints(random.nextInt(4), 'a', 'd').mapToObj(c -> String.valueOf((char) c)).reduce("", String::concat);
                text.append(pieces[i]);
            }
            List<String> stops = List.of("abca", "cc" + "ab".repeat(random.nextInt(3)));
            int end = stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(text.length());
            List<String> told = told(pieces(pieces), stops, 0, IntStream.range(0, pieces.length).toArray());
            // a stop string that a later one begins before may have been read first, and then the text is longer
            String all = String.join("", told);
            assertTrue(text.toString().startsWith(all) && all.length() >= end, text + " with " + stops + " gave " + all);
            assertFalse(stops.stream().anyMatch(all::contains), all);
        }
    }

    @Test
    void aCopyGoesItsOwnWay() {
        Function<int[], String> decode = pieces("a", "b", "c");
        Transcript one = new Transcript(new TextStream(decode, 0), List.of("ac"));
        one.read(new int[] {0}, 1);
        Transcript other = one.copy();
        assertTrue(other.read(new int[] {0, 2}, 2));
        assertFalse(one.read(new int[] {0, 1}, 2));
        assertEquals("ab", one.toString());
        assertEquals("", other.toString());
    }
}
