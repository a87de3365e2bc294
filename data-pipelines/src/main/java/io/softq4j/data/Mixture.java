package io.softq4j.data;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.Turns;
import io.softq4j.data.read.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows of several corpora, one corpus after the other or mixed by weights; {@link Turns} says whose turn a row is. */
final class Mixture implements AutoCloseable {

    private final Sources sources;
    private final List<CorpusCursor> cursors = new ArrayList<>();
    private final boolean mixed;
    private final Turns turns;
    private final StoppingStrategy stopping;
    private final boolean[] exhausted;
    private final long[] begunAgain;
    private int sequential;
    private boolean ended;

    Mixture(Sources sources, ReadOptions options) {
        this.sources = sources;
        sources.corpora().forEach(corpus -> cursors.add(new CorpusCursor(corpus.files(), options)));
        this.mixed = !sources.weights().isEmpty();
        this.turns = new Turns(sources.weights());
        this.stopping = sources.stopping();
        this.exhausted = new boolean[cursors.size()];
        this.begunAgain = new long[cursors.size()];
    }

    /**
     * The next row; null at the end and ever after.
     *
     * @throws io.softq4j.common.UserError if a corpus of a mixture has no rows
     */
    CorpusCursor.Read next() {
        CorpusCursor.Read read = ended ? null : mixed ? nextMixed() : nextInOrder();
        ended = read == null;
        return read;
    }

    private CorpusCursor.Read nextInOrder() {
        while (sequential < cursors.size()) {
            CorpusCursor.Read read = cursors.get(sequential).next();
            if (read != null) {
                return read;
            }
            sequential++;
        }
        return null;
    }

    private CorpusCursor.Read nextMixed() {
        int chosen = turns.next();
        CorpusCursor.Read read = cursors.get(chosen).next();
        if (read != null) {
            return read;
        }
        exhausted[chosen] = true;
        boolean all = true;
        for (boolean one : exhausted) {
            all &= one;
        }
        if (cursors.get(chosen).rows() == 0) {
            throw sources.noRows(chosen);
        }
        if (all || stopping == StoppingStrategy.FIRST_EXHAUSTED) {
            return null;
        }
        begunAgain[chosen]++;
        cursors.get(chosen).rewind();
        return cursors.get(chosen).next();
    }

    long bytesRead() {
        return cursors.stream().mapToLong(CorpusCursor::bytesRead).sum();
    }

    /** What a mixture did to its corpora that their own rows do not tell, a sentence each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < cursors.size(); i++) {
            String corpus = sources.corpora().get(i).spec();
            if (begunAgain[i] > 0) {
                notes.add(corpus + " was begun again " + begunAgain[i] + " times to keep mixing_weights; " + cursors.get(i).rows()
                        + " rows are of it.");
            } else if (mixed && !exhausted[i]) {
                notes.add("Of " + corpus + " the first " + cursors.get(i).rows() + " rows are used: the mixture ended with another corpus "
                        + "(stopping_strategy " + stopping.name().toLowerCase(Locale.ROOT) + ").");
            }
        }
        return notes;
    }

    @Override
    public void close() {
        cursors.forEach(CorpusCursor::close);
    }
}
