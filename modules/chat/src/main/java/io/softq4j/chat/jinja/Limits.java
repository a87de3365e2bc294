package io.softq4j.chat.jinja;

/**
 * How much one rendering may do. A template is a program from a stranger.
 *
 * @param steps      expressions and statements evaluated, and items looked at
 * @param characters made in all, on the way and as output; an item of a list counts as {@value #ITEM}
 * @param depth      macros within macros, and values within values
 */
public record Limits(long steps, long characters, int depth) {

    static final int ITEM = 8;

    public Limits {
        if (steps < 1 || characters < 1 || depth < 1) {
            throw new IllegalArgumentException("steps " + steps + ", characters " + characters + ", depth " + depth
                    + " must be at least 1");
        }
    }

    /** A hundred times what a long conversation with tools needs; well under a second, and at most about 100 MB. */
    public static Limits defaults() {
        return new Limits(2_000_000, 16_000_000, 100);
    }
}
