package io.softq4j.tokens.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.Continuation;
import io.softq4j.tokens.EffectiveTokenizer;
import io.softq4j.tokens.Encoding;
import io.softq4j.tokens.SpecialIds;
import io.softq4j.tokens.Surrounding;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.Unicode;
import io.softq4j.tokens.VocabularyTokenizer;
import io.softq4j.tokens.bpe.ByteLevel;
import io.softq4j.tokens.bpe.SpaceMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Any {@code tokenizer.json}, by Hugging Face's own library. Adds no special token by itself, whatever the file's post-processor says, and
 * neither truncates nor pads.
 */
public final class HuggingFaceTokenizer extends VocabularyTokenizer {

    /** How SentencePiece models spell a byte. */
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    private final Library library;
    private final Set<String> addedContents = new HashSet<>();
    private final boolean byteLevel;
    private final boolean marksSpaces;
    private final Continuation continuation;

    /** The tokens of a file. */
    private record Vocabulary(Map<String, Integer> ids, List<AddedToken> added, String[] spelled) {

        static Vocabulary of(JsonNode tree, String source) {
            Map<String, Integer> ids = new HashMap<>(EffectiveTokenizer.vocabulary(tree));
            List<AddedToken> added = new ArrayList<>();
            for (JsonNode token : tree.path("added_tokens")) {
                String content = token.path("content").asText();
                added.add(new AddedToken(token.path("id").asInt(), content, token.path("special").asBoolean(),
                        token.path("normalized").asBoolean()));
                ids.put(content, token.path("id").asInt());
            }
            int size = ids.values().stream().mapToInt(id -> id + 1).max().orElseThrow(() -> new UserError(
                    source + " has no vocabulary (model.vocab); expected a tokenizer.json in Hugging Face's format"));
            String[] spelled = new String[size];
            ids.forEach((token, id) -> spelled[id] = token);
            return new Vocabulary(ids, added, spelled);
        }
    }

    public HuggingFaceTokenizer(TokenizerFiles files) {
        this(files, files.effective());
    }

    public HuggingFaceTokenizer(TokenizerFiles files, JsonNode tree) {
        this(files, tree, Vocabulary.of(tree, files.source()));
    }

    private HuggingFaceTokenizer(TokenizerFiles files, JsonNode tree, Vocabulary vocabulary) {
        super(files, SpecialIds.of(files, vocabulary.ids, vocabulary.added, Surrounding.of(tree.path("post_processor"), files.source())),
                vocabulary.ids, vocabulary.spelled);
        vocabulary.added.forEach(token -> addedContents.add(token.content()));
        String decoder = tree.path("decoder").toString();
        this.byteLevel = decoder.contains("\"ByteLevel\"");
        this.marksSpaces = decoder.contains(SpaceMarker.MARKER);
        this.library = new GuardedLibrary(tree, files.source());
        Set<Integer> addedIds = vocabulary.added.stream().map(AddedToken::id).collect(Collectors.toSet());
        this.continuation = new Continuation(this::encode, this::starts, addedIds, this::spelled, SpaceMarker.isPutInFront(tree));
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
        String token = spelled(id);
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

    @Override
    public boolean isAdded(int id) {
        return addedContents.contains(spelled(id));
    }
}
