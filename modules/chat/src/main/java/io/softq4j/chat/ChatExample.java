package io.softq4j.chat;

import io.softq4j.tokens.Segment;
import java.util.List;

/**
 * A conversation as it is trained on.
 *
 * @param segments     scored and unscored by turns, none empty; none is scored if no answer is to be learned
 * @param appendEos    whether the caller adds EOS, scored: the template writes no token that ends a turn, so the model would not learn to
 *                     stop
 * @param emptyAnswers answers that say nothing, which are not learned
 */
public record ChatExample(List<Segment> segments, boolean appendEos, int emptyAnswers) {

    public ChatExample {
        segments = List.copyOf(segments);
        if (segments.stream().anyMatch(segment -> segment.text().isEmpty())) {
            throw new IllegalArgumentException("expected text in each of the " + segments.size() + " segments");
        }
    }
}
