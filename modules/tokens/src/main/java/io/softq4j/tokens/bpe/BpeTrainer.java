package io.softq4j.tokens.bpe;

import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.AddedTokens;
import io.softq4j.tokens.Surrounding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains byte-level BPE (Sennrich et al. 2016, on bytes as in GPT-2): cut the corpus as {@link PreTokenizer#GPT2} does, count the
 * distinct pieces, then again and again merge the most frequent pair of adjacent tokens.
 *
 * <p>Deterministic: among pairs of equal frequency the one with the lowest left id wins, then the lowest right id, as in Hugging Face's
 * trainer. Ids: special tokens, the 256 bytes in the order of their {@link ByteAlphabet} characters, merges in the order made.
 *
 * <p>Memory is the set of distinct pieces, about 150 bytes each, of which at most {@value #DISTINCT_PIECES} are held; {@link PieceCounter}
 * says what happens beyond. Texts may be added by several threads, and counting uses all cores anyway.
 */
public final class BpeTrainer {

    private static final Logger log = LoggerFactory.getLogger(BpeTrainer.class);

    static final int DISTINCT_PIECES = 1 << 23;

    private final BpeOptions options;
    private final List<AddedToken> specials = new ArrayList<>();
    private final PieceCounter counter;

    public BpeTrainer(BpeOptions options) {
        this(options, DISTINCT_PIECES);
    }

    BpeTrainer(BpeOptions options, int distinctPieces) {
        this.options = options;
        options.specialTokens().forEach(token -> specials.add(new AddedToken(specials.size(), token, true, false)));
        this.counter = new PieceCounter(PreTokenizer.GPT2, new AddedTokens(specials), options.nfc(), distinctPieces);
    }

    /**
     * Counts the pieces of one text; special tokens in it are left out.
     *
     * @throws io.softq4j.common.UserError if the text has a lone surrogate
     */
    public void add(String text) {
        counter.add(text);
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
        PairCounts pairs = new PairCounts(Words.of(counter.counts(), idOfByte));

        // Lazy queue: a count that has fallen since it was queued is put back when it comes up.
        PairQueue queue = new PairQueue();
        pairs.forEach((pair, count) -> offer(queue, count, pair));
        List<BpeModel.Merge> merges = new ArrayList<>();
        while (tokens.size() < options.vocabSize() && !queue.isEmpty()) {
            long seen = queue.count();
            long pair = queue.pair();
            queue.removeFirst();
            long count = pairs.count(pair);
            if (count != seen) {
                if (count < seen) {
                    offer(queue, count, pair);
                }
                continue;
            }
            int left = LongIntMap.first(pair);
            int right = LongIntMap.second(pair);
            String spelled = tokens.get(left) + tokens.get(right);
            // another pair may have spelled the same before: it keeps its id, as in Hugging Face's trainer
            int result = ids.computeIfAbsent(spelled, s -> {
                tokens.add(s);
                return tokens.size() - 1;
            });
            merges.add(new BpeModel.Merge(left, right, result));
            pairs.merge(left, right, result, (raised, times) -> offer(queue, times, raised));
            progress.accept(tokens.size());
        }
        if (tokens.size() < options.vocabSize()) {
            log.warn("The corpus is too small for vocab_size {}: no pair of tokens occurs {} times any more; the vocabulary has {} tokens.",
                    options.vocabSize(), options.minFrequency(), tokens.size());
        }
        BpeModel model = new BpeModel(tokens, tokens.size(), merges, specials, PreTokenizer.GPT2, options.nfc(), false,
                BpeModel.Unknown.LEFT_OUT,
                Surrounding.NOTHING);
        return new BpeTokenizer(model, BpeFile.write(model, options));
    }

    private void offer(PairQueue queue, long count, long pair) {
        if (count >= options.minFrequency()) {
            queue.add(count, pair);
        }
    }
}
