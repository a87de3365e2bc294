package io.softq4j.data.chat;

import io.softq4j.tokens.Segment;
import java.util.List;

/**
 * A conversation as it is trained on.
 *
 * @param segments  scored and unscored by turns, none empty, at least one scored
 * @param appendEos whether the caller adds EOS, scored: the template writes no token that ends a turn, so the model would not learn to stop
 */
public record ChatExample(List<Segment> segments, boolean appendEos) {

    public ChatExample {
        segments = List.copyOf(segments);
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i).scored() == segments.get(i - 1).scored()) {
                throw new IllegalArgumentException("segments " + (i - 1) + " and " + i + " are both " + (segments.get(i).scored() ? "scored" : "unscored"));
            }
        }
        if (segments.stream().noneMatch(Segment::scored) || segments.stream().anyMatch(segment -> segment.text().isEmpty())) {
            throw new IllegalArgumentException("expected a scored segment, and text in each of the " + segments.size());
        }
    }
}
