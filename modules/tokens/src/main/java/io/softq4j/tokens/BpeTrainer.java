package io.softq4j.tokens;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains byte-level BPE (Sennrich et al. 2016, on bytes as in GPT-2): cut the corpus as {@link PreTokenizer} does, count the distinct
 * pieces, then again and again merge the most frequent pair of adjacent tokens.
 *
 * <p>Deterministic: among pairs of equal frequency the one with the lowest left id wins, then the lowest right id, as in Hugging Face's
 * trainer. Ids: special tokens, the 256 bytes in the order of their {@link ByteAlphabet} characters, merges in the order made.
 *
 * <p>Memory is the set of distinct pieces. Not for use by several threads.
 */
public final class BpeTrainer {

    private static final Logger log = LoggerFactory.getLogger(BpeTrainer.class);

    private record Candidate(long count, int left, int right) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate o) {
            int byCount = Long.compare(o.count, count);
            int byLeft = byCount != 0 ? byCount : Integer.compare(left, o.left);
            return byLeft != 0 ? byLeft : Integer.compare(right, o.right);
        }
    }

    private final BpeOptions options;
    private final SpecialTokens specials;
    private final Map<String, long[]> pieces = new HashMap<>();

    public BpeTrainer(BpeOptions options) {
        this.options = options;
        Map<String, Integer> ids = new HashMap<>();
        options.specialTokens().forEach(token -> ids.put(token, ids.size()));
        this.specials = new SpecialTokens(ids);
    }

    /**
     * Counts the pieces of one text; special tokens in it are left out.
     *
     * @throws io.softq4j.common.UserError if the text has a lone surrogate
     */
    public void add(String text) {
        Unicode.requireWellFormed(text);
        for (int from = 0; from < text.length(); ) {
            SpecialTokens.Hit hit = specials.next(text, from);
            while (from < hit.start()) {
                int end = PreTokenizer.next(text, from, hit.start());
                pieces.computeIfAbsent(text.substring(from, end), piece -> new long[1])[0]++;
                from = end;
            }
            from = hit.end();
        }
    }

    /** {@link #train(IntConsumer)} without an observer. */
    public BpeTokenizer train() {
        return train(vocabulary -> { });
    }

    /**
     * Makes the vocabulary from what was added.
     *
     * @param progress is told the size of the vocabulary after each merge
     */
    public BpeTokenizer train(IntConsumer progress) {
        List<String> tokens = new ArrayList<>(options.specialTokens());
        int[] idOfByte = new int[256];
        for (char c : ByteAlphabet.sorted()) {
            idOfByte[ByteAlphabet.byteOf(c)] = tokens.size();
            tokens.add(String.valueOf(c));
        }
        Map<String, Integer> ids = new HashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        PairCounts pairs = countPairs(idOfByte);

        // Lazy queue: a count that has fallen since it was queued is put back when it comes up.
        PriorityQueue<Candidate> queue = new PriorityQueue<>();
        pairs.forEach((left, right, count) -> offer(queue, count, left, right));
        List<BpeModel.Merge> merges = new ArrayList<>();
        while (tokens.size() < options.vocabSize() && !queue.isEmpty()) {
            Candidate top = queue.poll();
            long count = pairs.count(top.left, top.right);
            if (count != top.count) {
                if (count < top.count) {
                    offer(queue, count, top.left, top.right);
                }
                continue;
            }
            String spelled = tokens.get(top.left) + tokens.get(top.right);
            // another pair may have spelled the same before: it keeps its id, as in Hugging Face's trainer
            int result = ids.computeIfAbsent(spelled, s -> {
                tokens.add(s);
                return tokens.size() - 1;
            });
            merges.add(new BpeModel.Merge(top.left, top.right, result));
            pairs.merge(top.left, top.right, result, (left, right, raised) -> offer(queue, raised, left, right));
            progress.accept(tokens.size());
        }
        if (tokens.size() < options.vocabSize()) {
            log.warn("The corpus is too small for vocab_size {}: no pair of tokens occurs {} times any more; the vocabulary has {} tokens.",
                    options.vocabSize(), options.minFrequency(), tokens.size());
        }
        List<Integer> special = IntStream.range(0, options.specialTokens().size()).boxed().toList();
        BpeModel model = new BpeModel(tokens, merges, special);
        return new BpeTokenizer(model, BpeFile.write(model, options));
    }

    private void offer(PriorityQueue<Candidate> queue, long count, int left, int right) {
        if (count >= options.minFrequency()) {
            queue.add(new Candidate(count, left, right));
        }
    }

    private PairCounts countPairs(int[] idOfByte) {
        int[][] words = new int[pieces.size()][];
        long[] counts = new long[words.length];
        int n = 0;
        for (Map.Entry<String, long[]> piece : pieces.entrySet()) {   // the order does not matter: only sums leave PairCounts
            byte[] bytes = piece.getKey().getBytes(StandardCharsets.UTF_8);
            words[n] = IntStream.range(0, bytes.length).map(i -> idOfByte[bytes[i] & 0xFF]).toArray();
            counts[n++] = piece.getValue()[0];
        }
        return new PairCounts(words, counts);
    }
}
