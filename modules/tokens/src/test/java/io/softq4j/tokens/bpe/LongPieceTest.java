package io.softq4j.tokens.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.Genuine;
import io.softq4j.tokens.Nasty;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A megabyte without a place to cut costs no more than a megabyte. */
class LongPieceTest {

    private static final int LENGTH = 1 << 20;
    /** In code points. The library takes two seconds for a megabyte, so a part is compared. */
    private static final int COMPARED = 1 << 16;
    /** Many times what it takes; anything quadratic takes minutes. */
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void aMegabyteOfAnythingIsEncodedInTimeAndItsBeginningAsTheLibraryDoes(PreTokenizer cut) throws IOException {
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(1000)));
        Nasty.texts().forEach(trainer::add);
        trainer.train().save(home);
        ObjectNode trained = (ObjectNode) Json.STRICT.readTree(home.resolve(TokenizerFiles.JSON).toFile());
        ObjectNode tree = Genuine.shape(cut, false, false);
        tree.set("model", trained.get("model"));
        tree.set("added_tokens", trained.get("added_tokens"));
        Files.write(home.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        Tokenizer ours = Tokenizers.load(home);
        Tokenizer theirs = new HuggingFaceTokenizer(TokenizerFiles.read(home));
        Random random = new Random(5);
        String mixed = Stream.generate(() -> Nasty.random(random)).limit(LENGTH / 24).collect(Collectors.joining());
        for (String text : new String[] {"a".repeat(LENGTH), " ".repeat(LENGTH), " ".repeat(LENGTH) + "x", "\n".repeat(LENGTH) + " x",
            "A".repeat(LENGTH), "\u0301".repeat(LENGTH / 2), "中".repeat(LENGTH / 3), "😀".repeat(LENGTH / 4),
            "<|endoftext".repeat(LENGTH / 11), mixed}) {
            int[] ids = assertTimeoutPreemptively(ENOUGH, () -> ours.encode(text));
            assertEquals(text, ours.decode(ids));
            String part = text.substring(0, text.offsetByCodePoints(0, Math.min(text.codePointCount(0, text.length()), COMPARED)));
            assertArrayEquals(assertTimeoutPreemptively(ENOUGH, () -> theirs.encode(part)), ours.encode(part));
        }
    }
}
