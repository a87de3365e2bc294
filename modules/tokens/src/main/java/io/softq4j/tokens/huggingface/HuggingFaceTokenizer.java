package io.softq4j.tokens.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.Continuation;
import io.softq4j.tokens.EffectiveTokenizer;
import io.softq4j.tokens.Encoding;
import io.softq4j.tokens.SpecialIds;
import io.softq4j.tokens.Surrounding;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.Unicode;
import io.softq4j.tokens.bpe.ByteLevel;
import io.softq4j.tokens.bpe.SpaceMarker;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Any {@code tokenizer.json}, by Hugging Face's own library. Adds no special token by itself, whatever the file's post-processor says, and
 * neither truncates nor pads.
 */
public final class HuggingFaceTokenizer implements Tokenizer {

    /** How SentencePiece models spell a byte. */
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    private final TokenizerFiles files;
    private final Library library;
    private final Map<String, Integer> ids = new HashMap<>();
    private final String[] spelled;
    private final SpecialIds special;
    private final Set<String> addedContents = new HashSet<>();
    private final boolean byteLevel;
    private final boolean marksSpaces;
    private final Continuation continuation;

    public HuggingFaceTokenizer(TokenizerFiles files) {
        this(files, files.effective());
    }

    public HuggingFaceTokenizer(TokenizerFiles files, JsonNode tree) {
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
        this.library = new GuardedLibrary(tree, files.source());
        Set<Integer> addedIds = added.stream().map(AddedToken::id).collect(Collectors.toSet());
        this.continuation = new Continuation(this::encode, this::starts, addedIds, id -> spelled[id], SpaceMarker.isPutInFront(tree));
    }

    @Override
    public int[] encode(String text) {
        return library.encode(Unicode.requireWellFormed(text));
    }

    @Override
    public Encoding encodeAfter(CharSequence before, int[] idsBefore, String text) {
        return continuation.encode(before.toString(), idsBefore, text);
    }

    /** The index of the first char of each token; the library counts code points. */
    private int[] starts(String text) {
        int[] points = library.starts(text);
        int[] starts = new int[points.length];
        int point = 0;
        int at = 0;
        for (int i = 0; i < points.length; i++) {
            int start = Math.max(point, points[i]);
            at = text.offsetByCodePoints(at, start - point);
            point = start;
            starts[i] = at;
        }
        return starts;
    }

    @Override
    public String decode(int[] tokens) {
        for (int id : tokens) {
            checked(id);
        }
        return library.decode(tokens);
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
    public boolean isAdded(int id) {
        return addedContents.contains(spelled[checked(id)]);
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
