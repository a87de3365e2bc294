package io.softq4j.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.softq4j.common.Json;
import io.softq4j.tokens.bpe.PreTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Prints how fast GPT-2's vocabulary encodes a JSON Lines corpus, a field of each row a text: ours, jtokkit and Hugging Face's library, on
 * one thread and on all. Not a test; run its main with the path of the corpus.
 */
final class EncodingSpeed {

    private static final int REPEATS = 5;

    private EncodingSpeed() {
    }

    public static void main(String[] arguments) throws Exception {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            Json.STRICT.readTree(line).properties().forEach(field -> texts.add(field.getValue().asText()));
        }
        double megabytes = texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum() / 1e6;
        Path home = Genuine.write(Files.createTempDirectory("gpt2"), "r50k_base", PreTokenizer.GPT2, false, false);
        Tokenizer ours = Tokenizers.load(home);
        Tokenizer library = new io.softq4j.tokens.huggingface.HuggingFaceTokenizer(TokenizerFiles.read(home));
        Encoding jtokkit = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
        System.out.printf(Locale.ROOT, "%d texts, %.2f MB, %d processors%n",
                texts.size(), megabytes, Runtime.getRuntime().availableProcessors());
        each("ours", texts, megabytes, text -> ours.encode(text).length);
        each("jtokkit", texts, megabytes, text -> jtokkit.encodeOrdinary(text).size());
        each("library, ids alone", texts, megabytes, text -> library.encode(text).length);
        try (HuggingFaceTokenizer djl = HuggingFaceTokenizer.newInstance(home.resolve(TokenizerFiles.JSON),
                Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"))) {
            report("library, batchEncode, all threads", megabytes, () -> djl.batchEncode(texts, false, false));
        }
    }

    private static void each(String what, List<String> texts, double megabytes, Function<String, Integer> encode) {
        report(what + ", one thread", megabytes, () -> texts.stream().mapToInt(encode::apply).sum());
        report(what + ", all threads", megabytes, () -> texts.parallelStream().mapToInt(encode::apply).sum());
    }

    private static void report(String what, double megabytes, Runnable work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        System.out.printf(Locale.ROOT, "%-36s %8.2f MB/s%n", what, megabytes / best);
    }
}
