package io.softq4j.data.chat;

import io.softq4j.tokens.Segment;
import java.util.ArrayList;
import java.util.List;

/** Scored parts of a text, from left to right, to its segments. */
final class Spans {

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private int done;

    Spans(String text) {
        this.text = text;
    }

    /** Scores {@code [from, to)}; what is before it and not scored yet is not. */
    void score(int from, int to) {
        add(from, false);
        add(to, true);
    }

    private void add(int to, boolean scored) {
        if (to <= done) {
            return;
        }
        String part = text.substring(done, to);
        int last = segments.size() - 1;
        if (last >= 0 && segments.get(last).scored() == scored) {
            segments.set(last, new Segment(segments.get(last).text() + part, scored));
        } else {
            segments.add(new Segment(part, scored));
        }
        done = to;
    }

    /** Up to the end of the last one scored. */
    List<Segment> segments() {
        return segments;
    }
}
