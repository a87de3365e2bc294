package io.softq4j.generation;

import java.util.List;

/**
 * The text of a continuation, up to a stop string. A stop string may begin and end within a token and span several; text that it may begin
 * with is not given out until it is clear that it does not.
 */
final class Transcript {

    private final TextStream stream;
    private final List<String> stops;
    private final StringBuilder text;
    private int told;
    private boolean stopped;

    Transcript(TextStream stream, List<String> stops) {
        this(stream, stops, "");
    }

    private Transcript(TextStream stream, List<String> stops, CharSequence text) {
        this.stream = stream;
        this.stops = stops;
        this.text = new StringBuilder(text);
    }

    /** The same so far. What was told is not copied. */
    Transcript copy() {
        return new Transcript(stream.copy(), stops, text);
    }

    /** Reads the newest token. @return whether a stop string is there */
    boolean read(int[] ids, int length) {
        return append(stream.next(ids, length));
    }

    private boolean append(String more) {
        int before = text.length();
        text.append(more);
        int at = text.length();
        for (String stop : stops) {
            int found = text.indexOf(stop, Math.max(0, before - stop.length() + 1));
            if (found >= 0 && found < at) {
                at = found;
                stopped = true;
            }
        }
        text.setLength(at);
        return stopped;
    }

    /**
     * Reads what was held back, at the end.
     *
     * @param length of the tokens that have a text: without EOS
     * @return whether a stop string is there
     */
    boolean end(int[] ids, int length) {
        boolean found = stopped || append(stream.rest(ids, length));
        stopped = true;
        return found;
    }

    /** The text since this was last asked for that cannot be part of a stop string. */
    String more() {
        int safe = text.length() - (stopped ? 0 : held());
        String more = told < safe ? text.substring(told, safe) : "";
        told = Math.max(told, safe);
        return more;
    }

    /** Length of the longest end of the text that a stop string begins with. */
    private int held() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, text.length()); n > longest; n--) {
                if (text.indexOf(stop.substring(0, n), text.length() - n) >= 0) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
