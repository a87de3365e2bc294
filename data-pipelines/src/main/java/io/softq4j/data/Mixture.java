package io.softq4j.data;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.Turns;
import io.softq4j.data.read.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rows of several corpora, one corpus after the other or mixed by weights; {@link Turns} says whose turn a row is. A mixture ends with the row
 * that exhausts the last of its corpora, or the first, as Hugging Face's {@code interleave_datasets} does.
 */
final class Mixture implements AutoCloseable {

    private final Sources sources;
    private final List<CorpusCursor> cursors = new ArrayList<>();
    private final boolean mixed;
    private final Turns turns;
    private final StoppingStrategy stopping;
    private final boolean[] exhausted;
    private final long[] begunAgain;
    /** Corpora of which a row has not been handed out yet. */
    private int unread;
    private boolean begun;
    private int sequential;
    private boolean ended;

    /** @param eachReference whether a row with a list of references is handed out as often as it has some, each time with one of them */
    Mixture(Sources sources, ReadOptions options, boolean eachReference) {
        this.sources = sources;
        sources.corpora().forEach(corpus -> cursors.add(new CorpusCursor(corpus.files(), options, sources.references(), eachReference)));
        this.mixed = !sources.weights().isEmpty();
        this.turns = new Turns(sources.weights());
        this.stopping = sources.stopping();
        this.exhausted = new boolean[cursors.size()];
        this.begunAgain = new long[cursors.size()];
        this.unread = cursors.size();
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

    /** The columns that the configuration names as references and no row so far has. */
    List<String> unknownReferences() {
        return sources.references().columns().stream().filter(name -> cursors.stream().noneMatch(cursor -> cursor.referenceColumns().contains(name)))
                .toList();
    }

    /** The columns of the first row, as its file has them. */
    List<String> firstColumns() {
        return cursors.get(0).firstColumns();
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
        if (!begun) {
            requireRows();
            begun = true;
        }
        if (stopping == StoppingStrategy.FIRST_EXHAUSTED ? unread < cursors.size() : unread == 0) {
            return null;
        }
        int chosen = turns.next();
        CorpusCursor cursor = cursors.get(chosen);
        if (exhausted[chosen] && !cursor.hasNext()) {
            begunAgain[chosen]++;
            cursor.rewind();
        }
        CorpusCursor.Read read = cursor.next();
        if (!exhausted[chosen] && !cursor.hasNext()) {
            exhausted[chosen] = true;
            unread--;
        }
        return read;
    }

    private void requireRows() {
        for (int i = 0; i < cursors.size(); i++) {
            if (!cursors.get(i).hasNext()) {
                throw sources.noRows(i);
            }
        }
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
            if (cursors.get(i).lists() > 0) {
                notes.add("Rows of " + corpus + " hold lists of references, and each reference is an example of its own: " + cursors.get(i).listed()
                        + " of " + cursors.get(i).lists() + " rows.");
            }
        }
        return notes;
    }

    @Override
    public void close() {
        cursors.forEach(CorpusCursor::close);
    }
}
