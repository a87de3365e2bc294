package io.softq4j.tokens.bpe;

import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.AddedTokens;
import io.softq4j.tokens.Encoding;
import io.softq4j.tokens.Nfc;
import io.softq4j.tokens.SpecialIds;
import io.softq4j.tokens.TokenizerFiles;
import io.softq4j.tokens.Unicode;
import io.softq4j.tokens.VocabularyTokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Byte-level BPE as GPT-2, Llama 3 and Qwen have it: added tokens, then the pieces of a {@link PreTokenizer}, then within each piece the
 * merge of the lowest rank, leftmost first, until none applies. Where every byte has a token every text comes back as it was (in
 * Normalization Form C if the file asks for it); some vocabularies lack bytes that no text of theirs had, which become the unknown token
 * or nothing, as in the library.
 *
 * <p>Read and written as {@code tokenizer.json}; gives the ids Hugging Face's library gives for that file, many times faster.
 */
public final class BpeTokenizer extends VocabularyTokenizer {

    private final Map<String, Integer> ids;
    private final int modelTokens;
    /** What each id decodes to; nothing for a special token. */
    private final byte[][] bytes;
    /** Of the text that becomes each id, in bytes of UTF-8. */
    private final int[] lengths;
    private final int[] idOfByte = new int[256];
    private final boolean losesBytes;
    private final BpeModel.Unknown unknown;
    private final Cut cut;
    private final boolean nfc;
    private final boolean ignoreMerges;
    private final Set<Integer> added;
    private final AddedTokens raw;
    private final AddedTokens normalized;
    private final Merges merges;
    private final PieceCache cache = new PieceCache();

    public BpeTokenizer(BpeModel model, TokenizerFiles files) {
        this(model, files, ids(model.tokens()));
    }

    private BpeTokenizer(BpeModel model, TokenizerFiles files, Map<String, Integer> ids) {
        super(files, SpecialIds.of(files, ids, model.added(), model.surrounding()), ids, model.tokens().toArray(String[]::new));
        this.ids = ids;
        this.modelTokens = model.modelTokens();
        this.unknown = model.unknown();
        this.cut = model.cut();
        Arrays.fill(idOfByte, -1);
        this.nfc = model.nfc();
        this.ignoreMerges = model.ignoreMerges();
        this.merges = new Merges(model.merges());
        this.added = model.added().stream().map(AddedToken::id).collect(Collectors.toSet());
        this.raw = new AddedTokens(model.added().stream().filter(token -> !token.normalized()).toList());
        this.normalized = new AddedTokens(model.added().stream().filter(AddedToken::normalized).toList());
        this.bytes = new byte[model.tokens().size()][];
        for (int id = 0; id < bytes.length; id++) {
            String spelled = model.tokens().get(id);
            bytes[id] = ByteLevel.decoded(spelled);
            if (spelled.length() == 1 && id < modelTokens && ByteAlphabet.byteOf(spelled.charAt(0)) >= 0) {
                idOfByte[ByteAlphabet.byteOf(spelled.charAt(0))] = id;
            }
        }
        this.losesBytes = Arrays.stream(idOfByte).anyMatch(id -> id < 0);
        this.lengths = Arrays.stream(bytes).mapToInt(own -> own.length).toArray();
        for (AddedToken token : model.added()) {
            lengths[token.id()] = token.content().getBytes(StandardCharsets.UTF_8).length;
            if (token.special()) {
                bytes[token.id()] = new byte[0];
            }
        }
    }

    private static Map<String, Integer> ids(List<String> tokens) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        return ids;
    }

    @Override
    public int[] encode(String text) {
        char[] chars = Unicode.wellFormed(text);
        IntList out = new IntList(chars.length / 3 + 8);
        for (int from = 0; from < chars.length; ) {
            AddedTokens.Hit hit = raw.next(chars, from, chars.length);
            if (nfc && !Nfc.isPlain(chars, from, hit.start())) {
                char[] composed = Nfc.of(chars, from, hit.start());
                encode(composed, 0, composed.length, out);
            } else {
                encode(chars, from, hit.start(), out);
            }
            if (hit.id() >= 0) {
                out.add(hit.id());
            }
            from = hit.end();
        }
        return out.toArray();
    }

    /**
     * The ids of both together begin with those of {@code before} exactly if the cut makes no difference: pieces are found from left to
     * right.
     */
    @Override
    public Encoding encodeAfter(CharSequence before, int[] idsBefore, String text) {
        int[] encoded = encode(text);
        return new Encoding(encoded, end -> beginning(encoded, text.substring(0, end)));
    }

    /** How many of the ids of a text begin within its first part: by their lengths, or, where bytes are lost, those that it has alone. */
    private int beginning(int[] encoded, String part) {
        int[] alone = losesBytes ? encode(part) : null;
        if (alone != null && alone.length <= encoded.length && Arrays.equals(alone, 0, alone.length, encoded, 0, alone.length)) {
            return alone.length;
        }
        long length = length(part);
        int n = 0;
        for (long at = 0; at < length && n < encoded.length; n++) {
            at += lengths[encoded[n]];
        }
        return n;
    }

    /** In bytes of UTF-8, as composed as {@link #encode} has it. */
    private long length(String text) {
        char[] chars = Unicode.wellFormed(text);
        long length = 0;
        for (int from = 0; from < chars.length; ) {
            AddedTokens.Hit hit = nfc ? raw.next(chars, from, chars.length) : new AddedTokens.Hit(chars.length, chars.length, -1);
            boolean plain = !nfc || Nfc.isPlain(chars, from, hit.start());
            char[] composed = plain ? chars : Nfc.of(chars, from, hit.start());
            length += plain ? utf8Length(chars, from, hit.start()) : utf8Length(composed, 0, composed.length);
            length += utf8Length(chars, hit.start(), hit.end());
            from = hit.end();
        }
        return length;
    }

    private static long utf8Length(char[] text, int start, int end) {
        long length = 0;
        for (int i = start; i < end; i++) {
            length += text[i] < 0x80 ? 1 : text[i] < 0x800 || Character.isSurrogate(text[i]) ? 2 : 3;
        }
        return length;
    }

    private void encode(char[] text, int start, int end, IntList out) {
        for (int from = start; from < end; ) {
            AddedTokens.Hit hit = normalized.next(text, from, end);
            while (from < hit.start()) {
                int stop = cut.next(text, from, hit.start());
                piece(text, from, stop, out);
                from = stop;
            }
            if (hit.id() >= 0) {
                out.add(hit.id());
            }
            from = hit.end();
        }
    }

    private void piece(char[] text, int start, int end, IntList out) {
        if (end - start > PieceCache.LONGEST) {
            out.addAll(merged(text, start, end));
            return;
        }
        int hash = PieceCache.hash(text, start, end);
        int[] known = cache.get(text, start, end, hash);
        if (known == null) {
            known = merged(text, start, end);
            cache.put(text, start, end, hash, known);
        }
        out.addAll(known);
    }

    private int[] merged(char[] text, int start, int end) {
        byte[] utf8 = new String(text, start, end - start).getBytes(StandardCharsets.UTF_8);
        if (ignoreMerges) {
            Integer whole = ids.get(ByteAlphabet.spell(utf8));
            if (whole != null && whole < modelTokens) {
                return new int[] {whole};
            }
        }
        int[] tokens = new int[utf8.length];
        int n = 0;
        boolean known = true;
        for (byte b : utf8) {
            int id = idOfByte[b & 0xFF];
            if (id >= 0) {
                tokens[n++] = id;
            } else if (unknown.id().isPresent() && (known || !unknown.fused())) {
                tokens[n++] = unknown.id().getAsInt();
            }
            known = id >= 0;
        }
        return merges.apply(n == tokens.length ? tokens : Arrays.copyOf(tokens, n));
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4 * tokens.length);
        for (int id : tokens) {
            out.writeBytes(bytes[checked(id)]);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String tokenText(int id) {
        byte[] decoded = bytes[checked(id)];
        return decoded.length == 0 ? spelled(id) : ByteLevel.readable(decoded);
    }

    @Override
    public boolean isAdded(int id) {
        return added.contains(id);
    }
}
