package io.softq4j.tokens;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Any {@code tokenizer.json}, by Hugging Face's own library (Rust, through ai.djl.huggingface:tokenizers). Adds no special token by
 * itself, whatever the file's post-processor says, and neither truncates nor pads.
 *
 * <p>The library is the one in the jar, for the CPU; nothing is downloaded and DJL's usage report is off. Its native memory lives as
 * long as this object. Threads may call it at once: the library only reads its model, and an encoding belongs to one call.
 */
public final class HuggingFaceTokenizer implements Tokenizer {

    private static final Map<String, String> OPTIONS = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    /** How SentencePiece models spell a byte. */
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    static {
        // read by DJL when its classes load: without them it looks for CUDA and calls home
        if (System.getenv("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private final TokenizerFiles files;
    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library;
    private final Map<String, Integer> ids = new HashMap<>();
    private final String[] spelled;
    private final SpecialIds special;
    private final Set<String> addedContents = new HashSet<>();
    private final boolean byteLevel;
    private final boolean marksSpaces;
    private final Continuation continuation;

    HuggingFaceTokenizer(TokenizerFiles files) {
        this(files, files.effective());
    }

    HuggingFaceTokenizer(TokenizerFiles files, JsonNode tree) {
        this.files = files;
        ids.putAll(EffectiveTokenizer.vocabulary(tree));
        List<AddedToken> added = new ArrayList<>();
        for (JsonNode token : tree.path("added_tokens")) {
            String content = token.path("content").asText();
            added.add(new AddedToken(token.path("id").asInt(), content, token.path("special").asBoolean(), token.path("normalized").asBoolean()));
            ids.put(content, token.path("id").asInt());
            addedContents.add(content);
        }
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElseThrow(() -> new UserError(
                files.source() + " has no vocabulary (model.vocab); expected a tokenizer.json in Hugging Face's format"));
        this.spelled = new String[size];
        ids.forEach((token, id) -> spelled[id] = token);
        this.special = SpecialIds.of(files, ids, added, Surrounding.of(tree.path("post_processor"), files.source()));
        String decoder = tree.path("decoder").toString();
        this.byteLevel = decoder.contains("\"ByteLevel\"");
        this.marksSpaces = decoder.contains(SpaceMarker.MARKER);
        this.library = open(files.source(), tree);
        Set<Integer> addedIds = added.stream().map(AddedToken::id).collect(Collectors.toSet());
        this.continuation = new Continuation(this::encode, this::starts, addedIds, id -> spelled[id], SpaceMarker.isPutInFront(tree));
    }

    private static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer open(String source, JsonNode tree) {
        try {
            return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(tree)), OPTIONS);
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
        Unicode.requireWellFormed(text);
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
        try {
            return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public Encoding encodeAfter(String before, int[] idsBefore, String text) {
        return continuation.encode(before, idsBefore, text);
    }

    /** The index of the first char of each token; the library counts code points. */
    private int[] starts(String text) {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
        try {
            CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
            int[] starts = new int[spans.length];
            int point = 0;
            int at = 0;
            for (int i = 0; i < spans.length; i++) {
                int start = spans[i] == null ? point : Math.max(point, spans[i].getStart());
                at = text.offsetByCodePoints(at, start - point);
                point = start;
                starts[i] = at;
            }
            return starts;
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public String decode(int[] tokens) {
        for (int id : tokens) {
            checked(id);
        }
        return library.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    @Override
    public String tokenText(int id) {
        String token = spelled[checked(id)];
        if (token == null) {
            return "<unused " + id + ">";
        }
        if (addedContents.contains(token)) {
            return token;
        }
        if (byteLevel) {
            return ByteLevel.readable(ByteLevel.decoded(token));
        }
        Matcher oneByte = BYTE.matcher(token);
        if (oneByte.matches()) {
            return ByteLevel.readable(new byte[] {(byte) Integer.parseInt(oneByte.group(1), 16)});
        }
        return marksSpaces ? token.replace(SpaceMarker.MARKER, " ") : token;
    }

    private int checked(int id) {
        if (id < 0 || id >= spelled.length) {
            throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + spelled.length);
        }
        return id;
    }

    @Override
    public int vocabularySize() {
        return spelled.length;
    }

    @Override
    public int eosId() {
        return special.eos();
    }

    @Override
    public OptionalInt bosId() {
        return special.bos();
    }

    @Override
    public OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public Map<String, String> specialTokens() {
        return files.named().byKey();
    }

    @Override
    public Optional<String> chatTemplate() {
        return files.chatTemplate();
    }

    @Override
    public void save(Path directory) {
        files.save(directory);
    }
}
