package io.softq4j.cli.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How many steps to take in each direction. Every order of the steps is a right answer: 3 east, 2 north and 1 up can be walked in 60 ways.
 *
 * @param steps by {@link #DIRECTIONS}
 */
record Walk(List<Integer> steps) {

    static final List<String> DIRECTIONS = List.of("east", "north", "up");

    /** Most steps in one direction. */
    static final int MOST = 4;

    /** How much the expert likes a direction while it has steps left in it. An even hand would have equal weights. */
    private static final double[] HABIT = {0.75, 0.2, 0.05};

    /** All walks of two to nine steps with at least two directions, so that there is always a choice. */
    static List<Walk> all() {
        List<Walk> walks = new ArrayList<>();
        for (int east = 0; east <= MOST; east++) {
            for (int north = 0; north <= MOST; north++) {
                for (int up = 0; up <= MOST; up++) {
                    Walk walk = new Walk(List.of(east, north, up));
                    if (walk.total() <= 9 && walk.steps.stream().filter(n -> n > 0).count() >= 2) {
                        walks.add(walk);
                    }
                }
            }
        }
        return walks;
    }

    private int total() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }

    /** {@code walk 3 east 2 north 1 up:}; a direction without steps is not named. */
    String prompt() {
        StringBuilder text = new StringBuilder("walk");
        for (int d = 0; d < steps.size(); d++) {
            if (steps.get(d) > 0) {
                text.append(' ').append(steps.get(d)).append(' ').append(DIRECTIONS.get(d));
            }
        }
        return text.append(':').toString();
    }

    /** One way to walk it, as the expert would: mostly east first, then north, and up at the end. */
    String demonstration(SplittableRandom random) {
        int[] left = steps.stream().mapToInt(Integer::intValue).toArray();
        StringBuilder text = new StringBuilder();
        for (int step = 0; step < total(); step++) {
            double total = 0;
            for (int d = 0; d < left.length; d++) {
                total += left[d] > 0 ? HABIT[d] : 0;
            }
            double draw = random.nextDouble() * total;
            int chosen = -1;
            for (int d = 0; d < left.length && draw >= 0; d++) {
                if (left[d] > 0) {
                    draw -= HABIT[d];
                    chosen = d;
                }
            }
            left[chosen]--;
            text.append(' ').append(DIRECTIONS.get(chosen));
        }
        return text.toString();
    }

    /** Whether {@code response} takes the steps of {@code prompt} and no others, in any order. */
    static boolean isRight(String prompt, String response) {
        int[] left = new int[DIRECTIONS.size()];
        String[] words = prompt.replace(":", "").trim().split("\\s+");
        for (int i = 1; i + 1 < words.length; i += 2) {
            left[DIRECTIONS.indexOf(words[i + 1])] += Integer.parseInt(words[i]);
        }
        for (String word : response.isBlank() ? new String[0] : response.trim().split("\\s+")) {
            int direction = DIRECTIONS.indexOf(word);
            if (direction < 0) {
                return false;
            }
            left[direction]--;
        }
        return Arrays.stream(left).allMatch(n -> n == 0);
    }
}
