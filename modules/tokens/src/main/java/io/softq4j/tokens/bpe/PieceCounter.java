package io.softq4j.tokens.bpe;

import io.softq4j.tokens.AddedTokens;
import io.softq4j.tokens.Nfc;
import io.softq4j.tokens.Unicode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the distinct pieces of many texts on all cores: texts are gathered into batches, each batch is counted in parts at once, and the
 * parts are summed. Sums do not depend on who counted what, so the result does not either.
 *
 * <p>Memory is bounded by a limit on distinct pieces. Where a batch leads beyond it, the rarest are forgotten, down to half the limit;
 * what is left then has counts that are too low by no more than what was forgotten. Which batch does so depends on the order of the
 * texts: beyond the limit, and only there, the same corpus must be added in the same order, by one thread, to give the same counts.
 */
final class PieceCounter {

    private static final Logger log = LoggerFactory.getLogger(PieceCounter.class);

    private static final int BATCH_CHARS = 1 << 22;
    /** Pieces are spread over as many counts by their hash, so that the parts of a batch are summed at once too. */
    private static final int SHARES = 16;

    private final PreTokenizer preTokenizer;
    private final AddedTokens specials;
    private final boolean nfc;
    private final long limit;

    private final PieceCounts[] shares = shares();
    private List<char[]> batch = new ArrayList<>();
    private long batchChars;

    PieceCounter(PreTokenizer preTokenizer, AddedTokens specials, boolean nfc, long limit) {
        this.preTokenizer = preTokenizer;
        this.specials = specials;
        this.nfc = nfc;
        this.limit = limit;
    }

    private static PieceCounts[] shares() {
        PieceCounts[] shares = new PieceCounts[SHARES];
        Arrays.setAll(shares, i -> new PieceCounts());
        return shares;
    }

    /** Counts the pieces of one text; any thread may. */
    void add(String text) {
        char[] chars = Unicode.wellFormed(text);
        synchronized (this) {
            batch.add(chars);
            batchChars += chars.length;
            if (batchChars >= BATCH_CHARS) {
                countBatch();
            }
        }
    }

    /** What was counted, in parts that have no piece in common. */
    synchronized List<PieceCounts> counts() {
        countBatch();
        return List.of(shares);
    }

    private void countBatch() {
        List<char[]> texts = batch;
        batch = new ArrayList<>();
        batchChars = 0;
        int parts = Math.min(texts.size(), 4 * Runtime.getRuntime().availableProcessors());
        PieceCounts[][] counted = new PieceCounts[parts][];
        Parallel.forEach(parts, part -> {
            PieceCounts[] own = shares();
            for (int i = part; i < texts.size(); i += parts) {
                count(texts.get(i), own);
            }
            counted[part] = own;
        });
        Parallel.forEach(SHARES, share -> {
            for (PieceCounts[] own : counted) {
                own[share].forEach(shares[share]::add);
            }
        });
        forgetRarest();
    }

    private void count(char[] text, PieceCounts[] into) {
        for (int from = 0; from < text.length; ) {
            AddedTokens.Hit hit = specials.next(text, from, text.length);
            if (nfc && !Nfc.isPlain(text, from, hit.start())) {
                char[] composed = Nfc.of(text, from, hit.start());
                pieces(composed, 0, composed.length, into);
            } else {
                pieces(text, from, hit.start(), into);
            }
            from = hit.end();
        }
    }

    private void pieces(char[] text, int start, int end, PieceCounts[] into) {
        for (int from = start; from < end; ) {
            int stop = preTokenizer.next(text, from, end);
            into[PieceCache.hash(text, from, stop) >>> 28].add(text, from, stop, 1);
            from = stop;
        }
    }

    private void forgetRarest() {
        long held = above(0);
        if (held <= limit) {
            return;
        }
        long rare = 1;
        while (above(rare) > limit / 2) {
            rare++;
        }
        for (int share = 0; share < SHARES; share++) {
            shares[share] = shares[share].above(rare);
        }
        log.warn("The corpus has more than {} distinct pieces: of {} held so far, those seen {} times or less were forgotten, {} are left.",
                limit, held, rare, above(0));
    }

    private long above(long count) {
        return Arrays.stream(shares).mapToLong(share -> share.countAbove(count)).sum();
    }
}
