package io.softq4j.tokens;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Byte-level BPE as GPT-2 has it: special tokens, then the pieces of {@link PreTokenizer}, then within each piece the merge of the
 * lowest rank, leftmost first, until none applies. Every byte has a token, so every text has ids and comes back as it was.
 *
 * <p>Read and written as {@code tokenizer.json}; gives the ids Hugging Face's library gives for that file.
 */
public final class BpeTokenizer implements Tokenizer {

    private static final int CACHED_PIECES = 1 << 16;
    private static final int CACHED_LENGTH = 32;
    private static final int[] NONE = {};

    private final TokenizerFiles files;
    private final Map<String, Integer> ids = new HashMap<>();
    private final byte[][] bytes;
    private final int[] idOfByte = new int[256];
    private final SpecialTokens specials;
    private final LongIntMap ranks;
    private final int[] results;
    private final int eosId;
    /** Bounded: once full it stays as it is, by then it holds the frequent pieces. */
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    BpeTokenizer(BpeModel model, TokenizerFiles files) {
        this.files = files;
        this.bytes = new byte[model.tokens().size()][];
        Map<String, Integer> special = new HashMap<>();
        for (int id = 0; id < bytes.length; id++) {
            String token = model.tokens().get(id);
            ids.put(token, id);
            if (model.special().contains(id)) {
                special.put(token, id);
                continue;
            }
            bytes[id] = ByteAlphabet.bytesOf(token);
            if (bytes[id].length == 1) {
                idOfByte[bytes[id][0] & 0xFF] = id;
            }
        }
        this.specials = new SpecialTokens(special);
        List<BpeModel.Merge> merges = model.merges();
        this.ranks = new LongIntMap(merges.size());
        this.results = new int[merges.size()];
        for (int rank = 0; rank < results.length; rank++) {
            BpeModel.Merge merge = merges.get(rank);
            ranks.put(LongIntMap.pair(merge.left(), merge.right()), rank);
            results[rank] = merge.result();
        }
        this.eosId = files.eosId(ids, special.keySet());
    }

    @Override
    public int[] encode(String text) {
        Unicode.requireWellFormed(text);
        Ids out = new Ids(text.length() / 3 + 8);
        for (int from = 0; from < text.length(); ) {
            SpecialTokens.Hit hit = specials.next(text, from);
            while (from < hit.start()) {
                int end = PreTokenizer.next(text, from, hit.start());
                out.add(piece(text.substring(from, end)));
                from = end;
            }
            if (hit.id() >= 0) {
                out.add(new int[] {hit.id()});
            }
            from = hit.end();
        }
        return out.toArray();
    }

    private int[] piece(String piece) {
        if (piece.length() > CACHED_LENGTH) {
            return merge(piece);
        }
        int[] known = cache.get(piece);
        if (known == null) {
            known = merge(piece);
            if (cache.size() < CACHED_PIECES) {
                cache.put(piece, known);
            }
        }
        return known;
    }

    /** A doubly linked list of tokens and a queue of (rank, position): a long piece costs n log n. */
    private int[] merge(String piece) {
        byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
        int n = utf8.length;
        int[] token = new int[n];
        int[] next = new int[n];
        int[] previous = new int[n];
        for (int i = 0; i < n; i++) {
            token[i] = idOfByte[utf8[i] & 0xFF];
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        PriorityQueue<Long> queue = new PriorityQueue<>();
        for (int i = 0; i + 1 < n; i++) {
            offer(queue, token, i, i + 1);
        }
        int left = n;
        while (!queue.isEmpty()) {
            long top = queue.poll();
            int rank = (int) (top >>> 32);
            int i = (int) top;
            int j = next[i];
            if (token[i] < 0 || j >= n || ranks.get(LongIntMap.pair(token[i], token[j])) != rank) {
                continue;   // one of the two has been merged since
            }
            token[i] = results[rank];
            token[j] = -1;
            next[i] = next[j];
            left--;
            if (next[i] < n) {
                previous[next[i]] = i;
                offer(queue, token, i, next[i]);
            }
            if (previous[i] >= 0) {
                offer(queue, token, previous[i], i);
            }
        }
        int[] out = new int[left];
        for (int i = 0, k = 0; i < n; i = next[i]) {
            out[k++] = token[i];
        }
        return out;
    }

    private void offer(PriorityQueue<Long> queue, int[] token, int i, int j) {
        int rank = ranks.get(LongIntMap.pair(token[i], token[j]));
        if (rank >= 0) {
            queue.add((long) rank << 32 | i);
        }
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4 * tokens.length);
        for (int id : tokens) {
            if (id < 0 || id >= bytes.length) {
                throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + bytes.length);
            }
            if (bytes[id] != null) {
                out.writeBytes(bytes[id]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    @Override
    public int eosId() {
        return eosId;
    }

    @Override
    public OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public void save(Path directory) {
        files.save(directory);
    }

    /** A growing list of ids. */
    private static final class Ids {
        private int[] ids;
        private int size;

        Ids(int expected) {
            ids = new int[expected];
        }

        void add(int[] more) {
            if (size + more.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more.length));
            }
            System.arraycopy(more, 0, ids, size, more.length);
            size += more.length;
        }

        int[] toArray() {
            return size == 0 ? NONE : Arrays.copyOf(ids, size);
        }
    }
}
