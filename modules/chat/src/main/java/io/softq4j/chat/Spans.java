package io.softq4j.chat;

import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.List;

/** Marks on a text, from left to right, to its segments. */
final class Spans {

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private boolean answers;
    private int done;

    Spans(String text) {
        this.text = text;
    }

    /** The next part, up to {@code to}; joined to the one before it if it differs in nothing. */
    Spans upTo(int to, boolean scored) {
        if (to > done) {
            String part = text.substring(done, to);
            int last = segments.size() - 1;
            if (last >= 0 && !answers && segments.get(last).scored() == scored) {
                segments.set(last, new Segment(segments.get(last).text() + part, scored, segments.get(last).answers()));
            } else {
                segments.add(new Segment(part, scored, answers));
            }
            answers = false;
            done = to;
        }
        return this;
    }

    /** What is before {@code at} is a prompt, what follows an answer. */
    Spans answer(int at, boolean promptScored) {
        upTo(at, promptScored);
        answers = done > 0;
        return this;
    }

    /** Adds what the text does not have to the last part. */
    void append(String more) {
        Segment last = segments.get(segments.size() - 1);
        segments.set(segments.size() - 1, new Segment(last.text() + more, last.scored(), last.answers()));
    }

    /** Up to the end of the last part. */
    List<Segment> segments() {
        return segments;
    }
}
