package io.softq4j.tokens.huggingface;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.softq4j.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/**
 * Hugging Face's library (Rust, through ai.djl.huggingface:tokenizers) in this process. It is the one in the jar, for the CPU; nothing is
 * downloaded and DJL's usage report is off. Its native memory lives as long as this object. Threads may call it at once: the library only
 * reads its model, and an encoding belongs to one call. A panic in it ends the process, see {@link GuardedLibrary}.
 */
final class LinkedLibrary implements Library {

    private static final Map<String, String> OPTIONS = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    static {
        // read by DJL when its classes load: without them it looks for CUDA and calls home
        if (System.getenv("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private final HuggingFaceTokenizer library;

    /** @throws UserError if the library does not load or refuses the file */
    LinkedLibrary(byte[] json, String source) {
        try {
            library = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new UserError("the native tokenizer library does not load: " + rootMessage(e)
                    + ". It needs Linux with glibc 2.34 or newer, macOS or Windows", e);
        } catch (IOException | RuntimeException e) {
            throw new UserError("Hugging Face's tokenizers library refuses " + source + ": " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** Takes the ids alone: DJL's own {@code encode} also brings tokens, masks and character spans, which cost more than the encoding. */
    @Override
    public int[] encode(String text) {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
        try {
            return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public int[] starts(String text) {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
        try {
            CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
            return Arrays.stream(spans).mapToInt(span -> span == null ? -1 : span.getStart()).toArray();
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public String decode(int[] ids) {
        return library.decode(Arrays.stream(ids).asLongStream().toArray(), true);
    }
}
